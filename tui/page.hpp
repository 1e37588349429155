// SPDX-License-Identifier: GPL-2.0-only
// Text pages shown instead of a list. They scroll but have no selection.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tui/canvas.hpp"
#include "tui/view.hpp"

namespace pasid::tui {

class App;

struct Span {
    std::string text;
    Role role = Role::normal;
};
using TextLine = std::vector<Span>;

struct Page {
    PageId id;
    std::string_view title;
    unsigned parts = 0; // snapshot parts that it needs
    std::vector<TextLine> (*build)(App &, int width) = nullptr;
    std::optional<Location> (*drill)(const State &, const Scope &) = nullptr; // Enter
};

const Page &page(PageId id);

std::vector<TextLine> build_help(App &, int width);
std::vector<TextLine> build_pasid(App &, int width);
std::vector<TextLine> build_cgroup(App &, int width);
std::vector<TextLine> build_columns(App &, int width);

} // namespace pasid::tui
