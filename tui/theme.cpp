// SPDX-License-Identifier: GPL-2.0
#include "tui/theme.hpp"

namespace pasid::tui {

namespace {

// The eight colours that every colour terminal has, by their numbers in ECMA-48.
enum : short { black, red, green, yellow, blue, magenta, cyan, white };

constexpr Theme colored{
    .looks = {{
        {Role::normal, no_color, no_color, plain},
        {Role::dim, no_color, no_color, dimmed},
        {Role::strong, no_color, no_color, bold},
        {Role::title, cyan, no_color, bold},
        {Role::heading, black, green, plain},
        {Role::heading_sorted, black, cyan, plain},
        {Role::good, green, no_color, plain},
        {Role::caution, yellow, no_color, plain},
        {Role::bad, red, no_color, bold},
        {Role::flash, white, red, bold},
        {Role::key, cyan, no_color, plain},
        {Role::label, cyan, no_color, plain},
        {Role::input, black, yellow, plain},
    }},
    .selected = {Role::normal, black, cyan, plain},
    .uses_color = true,
};

// NO_COLOR, or a terminal that has none.
constexpr Theme mono{
    .looks = {{
        {Role::normal, no_color, no_color, plain},
        {Role::dim, no_color, no_color, plain},
        {Role::strong, no_color, no_color, bold},
        {Role::title, no_color, no_color, bold},
        {Role::heading, no_color, no_color, reversed},
        {Role::heading_sorted, no_color, no_color, reversed | bold},
        {Role::good, no_color, no_color, plain},
        {Role::caution, no_color, no_color, bold},
        {Role::bad, no_color, no_color, bold | underlined},
        {Role::flash, no_color, no_color, reversed | bold},
        {Role::key, no_color, no_color, bold},
        {Role::label, no_color, no_color, plain},
        {Role::input, no_color, no_color, reversed},
    }},
    .selected = {Role::normal, no_color, no_color, reversed},
    .uses_color = false,
};

constexpr bool in_order(const Theme &theme)
{
    for (std::size_t i = 0; i < theme.looks.size(); i++)
        if (static_cast<std::size_t>(theme.looks[i].role) != i)
            return false;
    return true;
}
static_assert(in_order(colored) && in_order(mono));

} // namespace

const Theme &color_theme() { return colored; }

const Theme &mono_theme() { return mono; }

} // namespace pasid::tui
