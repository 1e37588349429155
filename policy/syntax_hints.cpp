// SPDX-License-Identifier: GPL-2.0-only
#include "policy/syntax_hints.hpp"

#include <fmt/format.h>

#include "policy/keys.hpp"
#include "policy/lookalike.hpp"

namespace pasid::policy {

namespace {

bool is_key(std::string_view word)
{
    for (const Key *key : keys())
        if (key->name == word)
            return true;
    return false;
}

// The key at the start of @text, empty: there is none.
std::string_view leading_key(std::string_view text)
{
    const std::size_t end =
        std::min(text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), text.size());
    return is_key(text.substr(0, end)) ? text.substr(0, end) : std::string_view{};
}

// A quote that opens a value and is not closed on its line; npos: none.
std::size_t open_quote(std::string_view line)
{
    for (std::size_t i = 0; i < line.size(); i++) {
        const char quote = line[i];
        if (quote == '#' && (i == 0 || line[i - 1] == ' '))
            break;
        if ((quote != '"' && quote != '\'') ||
            (i > 0 && std::string_view(" [{,").find(line[i - 1]) == std::string_view::npos))
            continue;
        const std::size_t start = i;
        for (i++; i < line.size() && line[i] != quote; i++)
            i += quote == '"' && line[i] == '\\';
        if (i >= line.size())
            return start;
    }
    return std::string_view::npos;
}

std::optional<SyntaxHint> hint_of(std::string_view line, std::uint32_t number)
{
    const auto hint = [&](std::size_t at, std::string message, std::string help) {
        return SyntaxHint{
            {number, static_cast<std::uint32_t>(at + 1)}, std::move(message), std::move(help)};
    };
    std::size_t start = line.find_first_not_of(' ');
    if (start == line.npos || line[start] == '#')
        return std::nullopt;
    if (const Lookalike *odd = find_lookalike(line.substr(start)); odd && odd->meant == "a space")
        return hint(line.find(odd->bytes), fmt::format("the line has {}", odd->name),
                    "write a plain space");
    if (line[start] == '-') {
        if (!leading_key(line.substr(start + 1)).empty())
            return hint(start, "a space is missing after `-`", "write `- ` before the first key");
        start = std::min(line.find_first_not_of(' ', start + 1), line.size());
    }
    if (const std::string_view key = leading_key(line.substr(start)); !key.empty()) {
        const std::size_t colon = start + key.size();
        const std::string_view rest = line.substr(colon);
        if (rest.size() > 1 && rest[0] == ':' && rest[1] != ' ')
            return hint(colon, "a space is missing after `:`",
                        fmt::format("write `{}: {}`", key, rest.substr(1)));
        if (rest.size() > 1 && rest[0] == ' ' && rest.find(": ") == rest.npos &&
            !rest.ends_with(':'))
            return hint(
                colon, fmt::format("a `:` is missing after `{}`", key),
                fmt::format("write `{}: {}`", key,
                            rest.substr(std::min(rest.find_first_not_of(" ="), rest.size()))));
    }
    if (const std::size_t quote = open_quote(line); quote != line.npos)
        return hint(quote, "the closing quote is missing", {});
    return std::nullopt;
}

} // namespace

std::optional<SyntaxHint> find_syntax_hint(const Source &source, std::uint32_t last)
{
    for (std::uint32_t number = 1; number <= std::min(last, source.lines()); number++)
        if (auto hint = hint_of(source.line(number), number))
            return hint;
    return std::nullopt;
}

} // namespace pasid::policy
