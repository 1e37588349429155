// SPDX-License-Identifier: GPL-2.0-only
// How wide each column of a list is, and which are left out.
#pragma once

#include <span>
#include <vector>

#include "tui/table.hpp"

namespace pasid::tui {

struct ColumnWidth {
    std::size_t column; // its number in the table
    int width;
};

// @wanted: for each column what its title and the visible cells take. When it does not fit,
// columns that are nice to have (drop 6 and above) are left out, the highest first; then flexible
// columns shrink to their least; then the other columns with a drop number go.
std::vector<ColumnWidth> lay_out(std::span<const Column> columns, std::span<const int> wanted,
                                 int width, int gap);

} // namespace pasid::tui
