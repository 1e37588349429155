// SPDX-License-Identifier: GPL-2.0-only
#include "tui/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <langinfo.h>

namespace pasid::tui {

namespace {

constexpr Glyphs unicode{
    .ascii = false,
    .bar_full = "█",
    .bar_empty = "░",
    .tree_branch = "├─",
    .tree_last = "└─",
    .tree_through = "│ ",
    .tree_blank = "  ",
    .folded = "▸",
    .unfolded = "▾",
    .leaf = "─",
    .ascending = "▲",
    .descending = "▼",
    .dash = "—",
};

constexpr Glyphs ascii{
    .ascii = true,
    .bar_full = "#",
    .bar_empty = ".",
    .tree_branch = "|-",
    .tree_last = "`-",
    .tree_through = "| ",
    .tree_blank = "  ",
    .folded = "+",
    .unfolded = "-",
    .leaf = " ",
    .ascending = "^",
    .descending = "v",
    .dash = "-",
};

} // namespace

const Glyphs &unicode_glyphs() { return unicode; }

const Glyphs &ascii_glyphs() { return ascii; }

const Glyphs &glyphs_for_locale()
{
    return std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? unicode : ascii;
}

std::string fit(std::string_view text, int width, Align align, Cut cut, const Glyphs &glyphs)
{
    if (width <= 0)
        return {};
    std::string out = cut_to(text, width, cut, glyphs.ascii);
    const int pad = width - display_width(out);
    if (pad <= 0)
        return out;
    out.insert(align == Align::right ? 0 : out.size(), static_cast<std::size_t>(pad), ' ');
    return out;
}

std::string repeat(std::string_view what, int times)
{
    std::string out;
    for (int i = 0; i < times; i++)
        out += what;
    return out;
}

std::string grouped(std::uint64_t number)
{
    std::string out = std::to_string(number);
    for (std::size_t at = out.size(); at > 3;) {
        at -= 3;
        out.insert(at, ",");
    }
    return out;
}

std::string bar_text(double share, int width, const Glyphs &glyphs)
{
    if (width <= 0)
        return {};
    share = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
    int full = static_cast<int>(std::lround(share * width));
    if (share > 0)
        full = std::max(full, 1);
    if (share < 1)
        full = std::min(full, width - 1);
    return repeat(glyphs.bar_full, full) + repeat(glyphs.bar_empty, width - full);
}

} // namespace pasid::tui
