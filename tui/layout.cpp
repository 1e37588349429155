// SPDX-License-Identifier: GPL-2.0
#include "tui/layout.hpp"

#include <algorithm>

namespace pasid::tui {

namespace {

int least(const Column &column, int wanted)
{
    return column.width.flex ? std::min(wanted, std::max(column.width.least, 1)) : wanted;
}

int total(const std::vector<Placed> &placed, int gap)
{
    int sum = -gap;
    for (const Placed &each : placed)
        sum += each.width + gap;
    return sum;
}

// The column that goes next, or nothing that may.
std::vector<Placed>::iterator to_drop(std::vector<Placed> &placed, std::span<const Column> columns)
{
    auto worst = placed.end();
    for (auto it = placed.begin(); it != placed.end(); ++it)
        if (columns[it->column].drop > 0 &&
            (worst == placed.end() || columns[it->column].drop > columns[worst->column].drop))
            worst = it;
    return worst;
}

} // namespace

std::vector<Placed> lay_out(std::span<const Column> columns, std::span<const int> wanted, int width,
                            int gap)
{
    std::vector<Placed> placed;
    for (std::size_t i = 0; i < columns.size(); i++)
        placed.push_back({i, least(columns[i], wanted[i])});
    while (total(placed, gap) > width) {
        const auto worst = to_drop(placed, columns);
        if (worst == placed.end())
            break;
        placed.erase(worst);
    }
    // What is left over goes to the columns that had to shrink, one cell each in turn, so that
    // they all become readable rather than one of them whole.
    int spare = width - total(placed, gap);
    for (bool grown = true; grown && spare > 0;) {
        grown = false;
        for (Placed &each : placed) {
            if (spare > 0 && each.width < wanted[each.column]) {
                each.width++;
                spare--;
                grown = true;
            }
        }
    }
    return placed;
}

} // namespace pasid::tui
