// SPDX-License-Identifier: GPL-2.0-only
// Parses a token as an argument of the required kind.
#include "ioasid-io/arguments.hpp"

#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace pasid::io {

namespace {

std::optional<std::uint64_t> to_number(std::string_view text)
{
    int base = 10;
    if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text.remove_prefix(2);
    }
    std::uint64_t number = 0;
    const auto [end, status] =
        std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (status != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

Error wrong(const Token &word, std::string_view wanted)
{
    return error_at(word.position, fmt::format("'{}' is not {}", word.text, wanted),
                    "use a decimal or 0x... number");
}

Result<Argument> number_argument(const Token &word, std::string_view wanted, std::uint64_t max)
{
    const auto number = to_number(word.text);
    if (!number || *number > max)
        return wrong(word, wanted);
    return Argument{.text = word.text, .number = *number};
}

Result<Argument> iova_argument(const Token &word)
{
    if (word.text.rfind("buf", 0) != 0)
        return number_argument(word, "an address (a number or buf[+OFFSET])", UINT64_MAX);
    if (word.text == "buf")
        return Argument{.text = word.text, .in_buffer = true};
    const auto offset = word.text[3] == '+' ? to_number(word.text.substr(4)) : std::nullopt;
    if (!offset)
        return wrong(word, "an address (a number or buf[+OFFSET])");
    return Argument{.text = word.text, .number = *offset, .in_buffer = true};
}

Result<Argument> seconds_argument(const Token &word)
{
    double seconds = 0;
    const char *end = word.text.data() + word.text.size();
    const auto parsed = std::from_chars(word.text.data(), end, seconds);
    if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(seconds) || seconds < 0 ||
        seconds > 1e6)
        return error_at(word.position, fmt::format("'{}' is not a number of seconds", word.text),
                        "use a form like 2 or 0.5");
    return Argument{.text = word.text, .seconds = seconds};
}

Result<Argument> choice(const Token &word, std::string_view one, std::string_view other)
{
    if (word.text != one && word.text != other)
        return error_at(word.position,
                        fmt::format("'{}' is neither {} nor {}", word.text, one, other),
                        fmt::format("write {} or {}", one, other));
    return Argument{.text = word.text};
}

} // namespace

Error error_at(const Position &position, std::string why, std::string remedy)
{
    return Error{fmt::format("{}:{}:{}", position.source, position.line, position.column),
                 std::move(why), std::move(remedy), 0, Exit::usage};
}

Result<Argument> parse_argument(ArgumentKind kind, const Token &word)
{
    switch (kind) {
    case ArgumentKind::id:
        if (word.text == "$")
            return Argument{.text = word.text, .last_id = true};
        return number_argument(word, "a PASID (a number below 2^32, or $ for the last one)",
                               UINT32_MAX);
    case ArgumentKind::number:
        return number_argument(word, "a number below 2^32", UINT32_MAX);
    case ArgumentKind::length:
    case ArgumentKind::count:
        return number_argument(word, "a number", UINT64_MAX);
    case ArgumentKind::iova:
        return iova_argument(word);
    case ArgumentKind::seconds:
        return seconds_argument(word);
    case ArgumentKind::direction:
        return choice(word, "read", "write");
    case ArgumentKind::action:
        return choice(word, "attach", "detach");
    case ArgumentKind::device:
        break;
    }
    return Argument{.text = word.text};
}

} // namespace pasid::io
