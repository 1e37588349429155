// SPDX-License-Identifier: GPL-2.0-only
#include "tui/layout.hpp"

#include <algorithm>

namespace pasid::tui {

namespace {

constexpr int first_optional_drop = 6; // columns with this drop number or higher are optional
constexpr int comfortable_text = 24;

int min_width(const Column &column, int wanted)
{
    return column.width.flex ? std::min(wanted, std::max(column.width.min, 1)) : wanted;
}

// Width at which a column is easy to read.
int comfortable(const Column &column, int wanted)
{
    if (!column.width.flex || column.kind == Kind::bar)
        return min_width(column, wanted);
    return column.width.max > 0 ? wanted
                                : std::min(wanted, std::max(column.width.min, comfortable_text));
}

int total(const std::vector<ColumnWidth> &placed, int gap)
{
    int sum = -gap;
    for (const ColumnWidth &each : placed)
        sum += each.width + gap;
    return sum;
}

// Drops columns with a drop number of at least @from, the highest first, until the rest fits.
void drop_columns(std::vector<ColumnWidth> &placed, std::span<const Column> columns, int from,
                  int width, int gap)
{
    const auto rank = [&](const ColumnWidth &each) { return columns[each.column].drop; };
    while (total(placed, gap) > width) {
        const auto worst = std::max_element(placed.begin(), placed.end(),
                                            [&](const ColumnWidth &a, const ColumnWidth &b) {
            return rank(a) < rank(b);
        });
        if (worst == placed.end() || rank(*worst) < from)
            return;
        placed.erase(worst);
    }
}

// Dropping a wide column may leave room for others: restore them, the lowest drop number first.
void restore_dropped(std::vector<ColumnWidth> &placed, std::span<const Column> columns,
                     std::span<const int> wanted, int width, int gap)
{
    std::vector<ColumnWidth> gone;
    for (std::size_t i = 0; i < columns.size(); i++)
        if (std::none_of(placed.begin(), placed.end(),
                         [i](const ColumnWidth &each) { return each.column == i; }))
            gone.push_back({i, min_width(columns[i], wanted[i])});
    std::stable_sort(gone.begin(), gone.end(), [&](const ColumnWidth &a, const ColumnWidth &b) {
        return columns[a.column].drop < columns[b.column].drop;
    });
    for (const ColumnWidth &each : gone) {
        if (columns[each.column].drop >= first_optional_drop ||
            total(placed, gap) + gap + each.width > width)
            continue;
        placed.insert(
            std::find_if(placed.begin(), placed.end(),
                         [&](const ColumnWidth &other) { return other.column > each.column; }),
            each);
    }
}

} // namespace

std::vector<ColumnWidth> lay_out(std::span<const Column> columns, std::span<const int> wanted,
                                 int width, int gap)
{
    std::vector<ColumnWidth> placed;
    for (std::size_t i = 0; i < columns.size(); i++)
        placed.push_back({i, comfortable(columns[i], wanted[i])});
    // Drop optional columns rather than cut names.
    drop_columns(placed, columns, first_optional_drop, width, gap);
    for (ColumnWidth &each : placed)
        each.width = min_width(columns[each.column], wanted[each.column]);
    drop_columns(placed, columns, 1, width, gap);
    restore_dropped(placed, columns, wanted, width, gap);

    // Distribute spare room to the columns that had to shrink, one cell each in turn, so that all
    // of them become readable.
    int spare = width - total(placed, gap);
    for (bool grown = true; grown && spare > 0;) {
        grown = false;
        for (ColumnWidth &each : placed) {
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
