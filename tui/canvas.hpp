// SPDX-License-Identifier: GPL-2.0-only
// The drawing surface: the terminal (screen.cpp), or a fake in tests.
#pragma once

#include <iterator>
#include <string_view>

namespace pasid::tui {

// The meaning of a piece of text; the theme defines its appearance (theme.cpp).
#define PASID_TUI_ROLES(X)                                                                         \
    X(normal)                                                                                      \
    X(dim)                                                                                         \
    X(strong)                                                                                      \
    X(title)                                                                                       \
    X(heading)                                                                                     \
    X(heading_sorted)                                                                              \
    X(good)                                                                                        \
    X(caution)                                                                                     \
    X(bad)                                                                                         \
    X(flash)                                                                                       \
    X(key)                                                                                         \
    X(label)                                                                                       \
    X(input)

enum class Role : unsigned char {
#define X(name) name,
    PASID_TUI_ROLES(X)
#undef X
};

#define X(name) Role::name,
inline constexpr Role all_roles[] = {PASID_TUI_ROLES(X)};
#undef X
inline constexpr int nr_roles = static_cast<int>(std::size(all_roles));

struct Paint {
    Role role = Role::normal;
    bool selected = false;

    Paint() = default;
    Paint(Role what, bool is_selected = false) : role(what), selected(is_selected) {}
    friend bool operator==(const Paint &, const Paint &) = default;
};

class Canvas {
  public:
    virtual ~Canvas() = default;

    virtual int width() const = 0;
    virtual int height() const = 0;

    // Draws printable text; clipped at the edges.
    virtual void put(int row, int column, std::string_view text, Paint paint) = 0;

    // Shows the cursor; without this call it is hidden in the frame.
    virtual void cursor(int row, int column) = 0;
};

} // namespace pasid::tui
