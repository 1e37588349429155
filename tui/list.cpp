// SPDX-License-Identifier: GPL-2.0-only
#include "tui/list.hpp"

#include <algorithm>
#include <numeric>

#include "render/sort.hpp"

namespace pasid::tui {

namespace {

// Placeholders such as "(removed:12)" sort last.
bool is_placeholder(const Value &value)
{
    const auto *text = std::get_if<std::string>(&value);
    const auto *view = std::get_if<std::string_view>(&value);
    return text ? text->starts_with('(') : view && view->starts_with('(');
}

bool key_less(const Value &a, const Value &b)
{
    const bool last = is_placeholder(b);
    return is_placeholder(a) == last ? value_less(a, b) : last;
}

std::optional<std::size_t> column_of(const Table &table, std::string_view key)
{
    const auto columns = table.columns();
    for (std::size_t i = 0; i < columns.size(); i++)
        if (columns[i].key == key)
            return i;
    return std::nullopt;
}

// Row numbers in sort order. Keys are extracted once, because getters that copy strings are too
// slow for every comparison.
std::vector<std::uint32_t> sorted_rows(const Table &table, const ListSettings &settings)
{
    std::vector<std::uint32_t> order(table.size());
    std::iota(order.begin(), order.end(), 0u);
    const auto column = column_of(table, settings.sort_key);
    if (!column) {
        if (settings.reverse)
            std::reverse(order.begin(), order.end());
        return order;
    }

    std::vector<Value> keys;
    keys.reserve(table.size());
    for (std::size_t row = 0; row < table.size(); row++)
        keys.push_back(table.value(row, *column));
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return settings.reverse ? key_less(keys[b], keys[a]) : key_less(keys[a], keys[b]);
    });
    return order;
}

std::vector<Line> flat_lines(const Table &table, const std::vector<std::uint32_t> &order,
                             const Filter &filter)
{
    std::vector<Line> lines;
    lines.reserve(order.size());
    for (std::uint32_t row : order)
        if (filter.empty() || filter.matches(table, row))
            lines.push_back({.row = row});
    return lines;
}

class TreeBuilder {
  public:
    TreeBuilder(const Table &table, const ListSettings &settings, const Filter &filter)
        : table_(table), settings_(settings), filter_(filter), children_(table.size()),
          matches_(table.size(), true), shown_(table.size(), true)
    {
    }

    std::vector<Line> build(const std::vector<std::uint32_t> &order)
    {
        for (std::uint32_t row : order) {
            const std::uint32_t parent = table_.parent(row);
            (parent == no_row ? roots_ : children_[parent]).push_back(row);
        }
        if (!filter_.empty())
            mark_matches();
        add(roots_, 0, 0);
        return std::move(lines_);
    }

  private:
    // A matching row also shows its ancestors.
    void mark_matches()
    {
        std::fill(shown_.begin(), shown_.end(), false);
        for (std::uint32_t row = 0; row < table_.size(); row++) {
            matches_[row] = filter_.matches(table_, row);
            if (!matches_[row])
                continue;
            for (std::uint32_t up = row; up != no_row && !shown_[up]; up = table_.parent(up))
                shown_[up] = true;
        }
    }

    void add(const std::vector<std::uint32_t> &siblings, std::uint16_t depth, std::uint64_t through)
    {
        std::vector<std::uint32_t> visible;
        for (std::uint32_t row : siblings)
            if (shown_[row])
                visible.push_back(row);
        for (std::uint32_t row : visible) {
            const bool last = row == visible.back();
            // A filter ignores folding, so that no match is hidden.
            const bool folded = filter_.empty() && !children_[row].empty() &&
                                settings_.folded.contains(table_.id(row));
            lines_.push_back({.row = row,
                              .depth = depth,
                              .last = last,
                              .parent = !children_[row].empty(),
                              .folded = folded,
                              .matches = matches_[row],
                              .through = through});
            const std::uint64_t bit = depth < 64 ? std::uint64_t{1} << depth : 0;
            if (!folded)
                add(children_[row], static_cast<std::uint16_t>(depth + 1),
                    last ? through : through | bit);
        }
    }

    const Table &table_;
    const ListSettings &settings_;
    const Filter &filter_;
    std::vector<std::uint32_t> roots_;
    std::vector<std::vector<std::uint32_t>> children_;
    std::vector<bool> matches_;
    std::vector<bool> shown_;
    std::vector<Line> lines_;
};

} // namespace

std::vector<Line> arrange(const Table &table, const ListSettings &settings, std::string_view text)
{
    const Filter filter(text);
    const std::vector<std::uint32_t> order = sorted_rows(table, settings);
    if (settings.tree && table.is_tree())
        return TreeBuilder(table, settings, filter).build(order);
    return flat_lines(table, order, filter);
}

void Cursor::move_to(const Table &table, const std::vector<Line> &lines, std::size_t line)
{
    if (lines.empty())
        return;
    selected_ = std::min(line, lines.size() - 1);
    chosen_ = true;
    id_ = table.id(lines[selected_].row);
}

void Cursor::move_by(const Table &table, const std::vector<Line> &lines, long lines_down)
{
    const long target = static_cast<long>(selected_) + lines_down;
    move_to(table, lines, target < 0 ? 0 : static_cast<std::size_t>(target));
}

void Cursor::restore(const Table &table, const std::vector<Line> &lines, bool stick, bool follow)
{
    if (lines.empty()) {
        selected_ = 0;
        return;
    }
    if (!chosen_ || (stick && selected_ == 0)) {
        selected_ = top_ = 0;
        id_ = table.id(lines[0].row);
        return;
    }
    for (std::size_t i = 0; follow && id_ && i < lines.size(); i++) {
        if (table.id(lines[i].row) != *id_)
            continue;
        // Scroll the list so that the selection stays at its place on the screen.
        const std::size_t on_screen = selected_ - std::min(selected_, top_);
        selected_ = i;
        top_ = i - std::min(i, on_screen);
        return;
    }
    move_to(table, lines, selected_);
}

void Cursor::scroll(std::size_t lines, std::size_t height)
{
    const std::size_t max_top = lines > height ? lines - height : 0;
    if (selected_ < top_)
        top_ = selected_;
    if (height > 0 && selected_ >= top_ + height)
        top_ = selected_ - height + 1;
    top_ = std::min(top_, max_top);
}

} // namespace pasid::tui
