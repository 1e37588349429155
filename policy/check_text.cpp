// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include "policy/passes.hpp"
#include "policy/utf8.hpp"

namespace pasid::policy {

namespace {

constexpr std::size_t most_tab_errors = 20;

void check_bytes(const Source &source, Diagnostics &diagnostics)
{
    std::string_view text = source.text();
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
        return diagnostics.error({1, 1}, "the file is UTF-16 or UTF-32", "save it as UTF-8");
    for (std::size_t i = 0; i < text.size();) {
        unsigned char c = text[i];
        std::size_t length = utf8_length(text.substr(i));
        if (c == 0)
            return diagnostics.error(source.position(i), "the file has a NUL byte",
                                     "a policy is UTF-8 text");
        if (!length)
            return diagnostics.error(source.position(i),
                                     fmt::format("the byte 0x{:02x} is not UTF-8", c),
                                     "save the file as UTF-8");
        bool line_end = c == '\n' || (c == '\r' && text.substr(i + 1).starts_with('\n'));
        if ((c < 0x20 && c != '\t' && !line_end) || c == 0x7F)
            return diagnostics.error(source.position(i),
                                     fmt::format("the file has the control character 0x{:02x}", c),
                                     c == '\r' ? "end lines with a newline" : "remove it");
        i += length;
    }
}

void check_tabs(const Source &source, Diagnostics &diagnostics)
{
    std::size_t found = 0;
    for (std::uint32_t number = 1; number <= source.lines() && found < most_tab_errors; number++) {
        std::string_view line = source.line(number);
        std::size_t first = line.find_first_not_of(" \t");
        if (first == line.npos || line[first] == '#')
            continue;
        std::size_t tab = line.substr(0, first).find('\t');
        if (tab == line.npos)
            continue;
        found++;
        diagnostics.error({number, static_cast<std::uint32_t>(tab + 1)},
                          "a tab is used for indentation", "YAML is indented with spaces");
    }
}

} // namespace

bool check_text(Context &context)
{
    Diagnostics &diagnostics = context.diagnostics;
    std::size_t size = context.source.text().size();
    if (size > max_file_bytes) {
        diagnostics.error({1, 1}, fmt::format("the file is too large: {} bytes", size),
                          fmt::format("at most {} bytes", max_file_bytes));
        return false;
    }
    check_bytes(context.source, diagnostics);
    if (!diagnostics.failed())
        check_tabs(context.source, diagnostics);
    return !diagnostics.failed();
}

} // namespace pasid::policy
