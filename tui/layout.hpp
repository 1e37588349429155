// SPDX-License-Identifier: GPL-2.0-only
// Chooses the columns of a list and their widths.
#pragma once

#include <span>
#include <vector>

#include "tui/table.hpp"

namespace pasid::tui {

struct ColumnWidth {
    std::size_t column; // index in the table
    int width;
};

// @wanted: width of each column's title and visible cells. If they do not fit, optional columns
// (drop 6 and above) are dropped, the highest first; then flexible columns shrink to their minimum;
// then the remaining columns with a drop number are dropped.
std::vector<ColumnWidth> lay_out(std::span<const Column> columns, std::span<const int> wanted,
                                 int width, int gap);

} // namespace pasid::tui
