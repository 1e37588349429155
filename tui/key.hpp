// SPDX-License-Identifier: GPL-2.0-only
// A key press: a character, or one of the special keys below.
#pragma once

#include <string>

namespace pasid::tui {

using Key = char32_t;

// X(name, label in help)
#define PASID_TUI_SPECIAL_KEYS(X)                                                                  \
    X(up, "Up")                                                                                    \
    X(down, "Down")                                                                                \
    X(left, "Left")                                                                                \
    X(right, "Right")                                                                              \
    X(page_up, "PgUp")                                                                             \
    X(page_down, "PgDn")                                                                           \
    X(home, "Home")                                                                                \
    X(end, "End")                                                                                  \
    X(enter, "Enter")                                                                              \
    X(escape, "Esc")                                                                               \
    X(backspace, "Bksp")                                                                           \
    X(tab, "Tab")                                                                                  \
    X(back_tab, "S-Tab")                                                                           \
    X(delete_, "Del")                                                                              \
    X(f1, "F1")                                                                                    \
    X(f2, "F2")                                                                                    \
    X(f3, "F3")                                                                                    \
    X(f4, "F4")                                                                                    \
    X(f5, "F5")                                                                                    \
    X(f6, "F6")                                                                                    \
    X(f7, "F7")                                                                                    \
    X(f8, "F8")                                                                                    \
    X(f9, "F9")                                                                                    \
    X(f10, "F10")                                                                                  \
    X(mouse, "Mouse")

// A mouse action; accompanies key::mouse.
struct Mouse {
    enum What : unsigned char { press, wheel_up, wheel_down };
    What what = press;
    int row = 0;
    int column = 0;
};

namespace key {

// Special keys start above the last Unicode code point.
enum : Key {
    first_special = 0x110000,
    before_first = first_special - 1,
#define X(name, text) name,
    PASID_TUI_SPECIAL_KEYS(X)
#undef X
        none = 0xffffffff,
};

constexpr Key ctrl(char letter) { return static_cast<Key>(letter & 0x1f); }

} // namespace key

// Label in help: "PgUp", "Ctrl-C", "Space", "a".
std::string key_text(Key code);

} // namespace pasid::tui
