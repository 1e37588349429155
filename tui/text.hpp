// SPDX-License-Identifier: GPL-2.0-only
// Characters for drawing, and text helpers.
#pragma once

#include <string>
#include <string_view>

#include "render/field.hpp"

namespace pasid::tui {

// One set for UTF-8 locales, one for all others.
struct Glyphs {
    bool ascii;
    std::string_view bar_full;
    std::string_view bar_empty;
    std::string_view tree_branch;  // a child with later siblings
    std::string_view tree_last;    // the last child
    std::string_view tree_through; // below an ancestor with later siblings
    std::string_view tree_blank;
    std::string_view folded;
    std::string_view unfolded;
    std::string_view leaf; // in place of folded or unfolded
    std::string_view ascending;
    std::string_view descending;
    std::string_view dash; // separates parts of a sentence
};

const Glyphs &unicode_glyphs();
const Glyphs &ascii_glyphs();
const Glyphs &glyphs_for_locale(); // call after setlocale()

// Pads or cuts @text to exactly @width columns.
std::string fit(std::string_view text, int width, Align align, Cut cut, const Glyphs &glyphs);

std::string repeat(std::string_view what, int times);

// 1048576 as "1,048,576".
std::string grouped(std::uint64_t number);

// A bar of exactly @width columns. A share above 0 shows at least one full cell, and one below 1 at
// least one empty cell, so that full means that the limit is reached.
std::string bar_text(double share, int width, const Glyphs &glyphs);

} // namespace pasid::tui
