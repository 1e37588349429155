// SPDX-License-Identifier: GPL-2.0-only
// Appearance of each role, one table per theme.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "tui/canvas.hpp"

namespace pasid::tui {

enum Attribute : unsigned char {
    plain = 0,
    bold = 1u << 0,
    dimmed = 1u << 1,
    reversed = 1u << 2,
    underlined = 1u << 3,
};

constexpr short no_color = -1; // the terminal's default

struct Style {
    Role role; // must match its position; checked at compile time
    short foreground;
    short background;
    unsigned char attributes;
};

struct Theme {
    std::string_view name;
    std::string_view help;
    std::array<Style, nr_roles> styles;
    // overrides every role; without colors, reversed is added to the role's attributes
    Style selected;
    bool uses_color;
};

std::span<const Theme> themes(); // the first is the default
const Theme *find_theme(std::string_view name);
const Theme &mono_theme(); // for NO_COLOR, or a terminal without colors

} // namespace pasid::tui
