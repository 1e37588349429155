// SPDX-License-Identifier: GPL-2.0-only
#include "policy/lookalike.hpp"

#include <fmt/format.h>

namespace pasid::policy {

namespace {

// What word processors, web pages and chat programs put in place of plain text.
constexpr Lookalike table[] = {
    {"\u00a0", "a no-break space (U+00A0)", "a space"},
    {"\u00ad", "a soft hyphen (U+00AD)", "nothing"},
    {"\u200b", "a zero-width space (U+200B)", "nothing"},
    {"\u200c", "a zero-width non-joiner (U+200C)", "nothing"},
    {"\u200d", "a zero-width joiner (U+200D)", "nothing"},
    {"\u200e", "a left-to-right mark (U+200E)", "nothing"},
    {"\u200f", "a right-to-left mark (U+200F)", "nothing"},
    {"\u202f", "a narrow no-break space (U+202F)", "a space"},
    {"\u2060", "a word joiner (U+2060)", "nothing"},
    {"\u3000", "an ideographic space (U+3000)", "a space"},
    {"\ufeff", "a byte order mark (U+FEFF)", "nothing"},
    {"\u2010", "a hyphen (U+2010)", "`-`"},
    {"\u2011", "a non-breaking hyphen (U+2011)", "`-`"},
    {"\u2012", "a figure dash (U+2012)", "`-`"},
    {"\u2013", "an en dash (U+2013)", "`-`"},
    {"\u2014", "an em dash (U+2014)", "`-`"},
    {"\u2212", "a minus sign (U+2212)", "`-`"},
    {"\u2018", "a typographic quote (U+2018)", "`'`"},
    {"\u2019", "a typographic quote (U+2019)", "`'`"},
    {"\u201c", "a typographic quote (U+201C)", "`\"`"},
    {"\u201d", "a typographic quote (U+201D)", "`\"`"},
    {"\u2044", "a fraction slash (U+2044)", "`/`"},
    {"\u2215", "a division slash (U+2215)", "`/`"},
    {"\uff1a", "a full-width colon (U+FF1A)", "`:`"},
    {"\uff0f", "a full-width slash (U+FF0F)", "`/`"},
};

} // namespace

const Lookalike *find_lookalike(std::string_view text)
{
    const Lookalike *first = nullptr;
    std::size_t at = text.npos;
    for (const Lookalike &row : table)
        if (const std::size_t found = text.find(row.bytes); found < at) {
            at = found;
            first = &row;
        }
    return first;
}

std::string describe(const Lookalike &found)
{
    if (found.meant == "nothing")
        return fmt::format("it contains {}, which is invisible: remove it", found.name);
    return fmt::format("that is {}, not {}", found.name, found.meant);
}

} // namespace pasid::policy
