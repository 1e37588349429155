// SPDX-License-Identifier: GPL-2.0-only
#include "policy/source.hpp"

#include "policy/utf8.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pasid::policy {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::size_t shown_width = 96;  // characters of a line that are shown
constexpr std::size_t shown_before = 60; // of them before the caret, in a long line
constexpr std::size_t quoted_width = 60;

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

std::size_t characters(std::string_view text)
{
    return std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); });
}

// The line as it is shown, one character a column, and the caret's place in it.
void show(std::string_view line, std::size_t byte, Diagnostic &diagnostic)
{
    std::vector<std::string> cells;
    std::size_t caret = 0;

    for (std::size_t i = 0; i < line.size();) {
        std::size_t length = std::max<std::size_t>(utf8_length(line.substr(i)), 1);
        bool printable = length > 1 || (!is_control(line[i]) && !continues(line[i]) &&
                                        static_cast<unsigned char>(line[i]) < 0x80);
        if (i < byte)
            caret++;
        cells.emplace_back(printable ? line.substr(i, length) : line[i] == '\t' ? " " : "?");
        i += length;
    }
    std::size_t first =
        caret > shown_before && cells.size() > shown_width ? caret - shown_before : 0;
    std::size_t last = std::min(cells.size(), first + shown_width);
    for (std::size_t i = first; i < last; i++)
        diagnostic.source += cells[i];
    diagnostic.caret = static_cast<std::uint32_t>(caret - first);
}

} // namespace

std::string quoted(std::string_view text)
{
    std::string out = "`";
    std::size_t width = 0;

    for (std::size_t i = 0; i < text.size(); width++) {
        if (width == quoted_width) {
            out += "…";
            break;
        }
        std::size_t length = utf8_length(text.substr(i));
        if (length == 0 || is_control(text[i]))
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
        else
            out += text.substr(i, length);
        i += std::max<std::size_t>(length, 1);
    }
    return out + "`";
}

Source::Source(std::string_view text, std::string_view filename) : text_(text), filename_(filename)
{
    if (text_.starts_with(byte_order_mark))
        text_.remove_prefix(byte_order_mark.size());
    starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); i++)
        if (text_[i] == '\n')
            starts_.push_back(i + 1);
}

std::string_view Source::line(std::uint32_t number) const
{
    if (number == 0 || number > starts_.size())
        return {};
    std::size_t start = starts_[number - 1];
    std::size_t end = number < starts_.size() ? starts_[number] - 1 : text_.size();
    std::string_view line = text_.substr(start, end - start);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

Position Source::position(std::size_t offset) const
{
    auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
    std::size_t number = after - starts_.begin();
    return {static_cast<std::uint32_t>(number),
            static_cast<std::uint32_t>(offset - starts_[number - 1] + 1)};
}

std::size_t Source::offset(Position at) const
{
    if (at.line == 0 || at.line > starts_.size())
        return text_.size();
    return std::min(starts_[at.line - 1] + at.column - 1, text_.size());
}

void Diagnostics::error(Position at, std::string_view message, std::string_view help)
{
    add(Severity::error, at, message, help);
}

void Diagnostics::warning(Position at, std::string_view message, std::string_view help)
{
    add(Severity::warning, at, message, help);
}

void Diagnostics::add(Severity severity, Position at, std::string_view message,
                      std::string_view help)
{
    if (severity == Severity::error)
        errors_++;
    // A hostile file must not make us hold a million messages.
    if (entries_.size() < 16 * limit_ + 16 || (severity == Severity::error && errors_ == 1))
        entries_.push_back({at, severity, std::string(message), std::string(help)});
}

std::vector<Diagnostic> Diagnostics::take()
{
    std::vector<Diagnostic> out;
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](const Entry &a, const Entry &b) { return a.at < b.at; });
    for (std::size_t i = 0; i < entries_.size() && i < limit_; i++) {
        const Entry &entry = entries_[i];
        Position at = entry.at.line ? entry.at : Position{1, 1};
        std::string_view line = source_.line(at.line);
        std::size_t byte = std::min<std::size_t>(at.column - 1, line.size());
        Diagnostic diagnostic{.file = source_.filename(),
                              .line = at.line,
                              .column =
                                  static_cast<std::uint32_t>(characters(line.substr(0, byte)) + 1),
                              .severity = entry.severity,
                              .message = entry.message,
                              .help = entry.help,
                              .source = {},
                              .caret = 0};
        show(line, byte, diagnostic);
        out.push_back(std::move(diagnostic));
    }
    if (entries_.size() > limit_ && !out.empty())
        out.back().help += fmt::format("{}({} more not shown)", out.back().help.empty() ? "" : " ",
                                       entries_.size() - limit_);
    return out;
}

} // namespace pasid::policy
