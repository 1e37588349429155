// SPDX-License-Identifier: GPL-2.0-only
#include "tui/theme.hpp"

namespace pasid::tui {

namespace {

// The eight basic colors by their ECMA-48 numbers.
enum : short { black, red, green, yellow, blue, magenta, cyan, white };

constexpr std::array all_themes{
    Theme{
        .name = "default",
        .help = "colors on the terminal's background",
        .styles = {{
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
    },
    Theme{
        .name = "mono",
        .help = "no colors: bold, underlined and reversed",
        .styles = {{
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
    },
    // Nothing depends on dim text or on hue alone.
    Theme{
        .name = "high-contrast",
        .help = "bright on black, nothing dim",
        .styles = {{
            {Role::normal, white, black, bold},
            {Role::dim, white, black, plain},
            {Role::strong, yellow, black, bold},
            {Role::title, yellow, black, bold},
            {Role::heading, black, white, bold},
            {Role::heading_sorted, black, yellow, bold},
            {Role::good, green, black, bold},
            {Role::caution, yellow, black, bold | underlined},
            {Role::bad, white, red, bold | underlined},
            {Role::flash, white, red, bold},
            {Role::key, yellow, black, bold},
            {Role::label, white, black, bold},
            {Role::input, black, yellow, bold},
        }},
        .selected = {Role::normal, black, white, bold},
        .uses_color = true,
    },
    Theme{
        .name = "light",
        .help = "dark colors for a light background",
        .styles = {{
            {Role::normal, black, white, plain},
            {Role::dim, blue, white, plain},
            {Role::strong, black, white, bold},
            {Role::title, blue, white, bold},
            {Role::heading, white, blue, plain},
            {Role::heading_sorted, white, magenta, bold},
            {Role::good, green, white, plain},
            {Role::caution, magenta, white, plain},
            {Role::bad, red, white, bold},
            {Role::flash, white, red, bold},
            {Role::key, blue, white, plain},
            {Role::label, blue, white, plain},
            {Role::input, white, magenta, plain},
        }},
        .selected = {Role::normal, white, blue, plain},
        .uses_color = true,
    },
};

constexpr bool in_order(const Theme &theme)
{
    for (std::size_t i = 0; i < theme.styles.size(); i++)
        if (static_cast<std::size_t>(theme.styles[i].role) != i)
            return false;
    return true;
}
constexpr bool all_in_order()
{
    for (const Theme &theme : all_themes)
        if (theme.name.empty() || theme.help.empty() || !in_order(theme))
            return false;
    return true;
}
static_assert(all_in_order());

} // namespace

std::span<const Theme> themes() { return all_themes; }

const Theme *find_theme(std::string_view name)
{
    for (const Theme &theme : all_themes)
        if (theme.name == name)
            return &theme;
    return nullptr;
}

const Theme &mono_theme() { return *find_theme("mono"); }

} // namespace pasid::tui
