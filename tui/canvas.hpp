// SPDX-License-Identifier: GPL-2.0-only
// What the view is drawn on. The terminal is one (screen.cpp), tests have another.
#pragma once

#include <iterator>
#include <string_view>

namespace pasid::tui {

// What a piece of text is, not how it looks: that is the theme's business (theme.cpp).
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

    // Puts printable text at a place; what lies outside is not drawn.
    virtual void put(int row, int column, std::string_view text, Paint paint) = 0;

    // Shows the cursor there; in a frame without this call it is hidden.
    virtual void cursor(int row, int column) = 0;
};

} // namespace pasid::tui
