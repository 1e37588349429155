// SPDX-License-Identifier: GPL-2.0-only
// Capabilities of the output.
#pragma once

#include <string_view>

namespace pasid {

struct Terminal {
    bool tty = false;
    int width = 0; // columns; 0: no limit (a file or a pipe)
    bool color = false;
    bool ascii = false; // only ASCII can be shown
};

// Checks @fd, NO_COLOR, TERM and the locale. A terminal that does not report its size, such as a
// serial console, has 80 columns.
Terminal detect_terminal(int fd, bool no_color);

enum class Tone { plain, strong, dim, good, warning, bad };

// Escape sequences around text in @tone; empty without color.
std::string_view tone_on(const Terminal &terminal, Tone tone);
std::string_view tone_off(const Terminal &terminal, Tone tone);

} // namespace pasid
