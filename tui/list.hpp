// SPDX-License-Identifier: GPL-2.0-only
// What a view shows of its table: which rows in which order, which of them is selected, what is
// on the screen. Works on row numbers; cells are formatted by drawing, and only the visible ones.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tui/settings.hpp"
#include "tui/table.hpp"

namespace pasid::tui {

// What the user chose for one view; it outlives every refresh.
struct ListChoice {
    std::string sort_key;
    bool reverse = false;
    bool tree = false;
    std::set<RowId> folded;
    std::vector<ColumnChoice> columns = {}; // empty: the view's own
};

// One line of the list.
struct Line {
    std::uint32_t row = 0;
    std::uint16_t depth = 0;
    bool last = false;   // no later sibling
    bool parent = false; // has children, shown or folded away
    bool folded = false;
    bool matches = true;       // false: only there because a descendant matches the filter
    std::uint64_t through = 0; // bit n: the ancestor at depth n has a later sibling
};

std::vector<Line> arrange(const Table &table, const ListChoice &choice, std::string_view filter);

// Case does not matter; every word must be found in some cell of the row.
class Filter {
  public:
    explicit Filter(std::string_view text);
    bool empty() const { return words_.empty(); }
    bool matches(const Table &table, std::size_t row) const;

  private:
    std::vector<std::string> words_;
};

// The selected line and the part of the list that is on the screen. The selection is a row, not
// a place: it stays on its row when rows come, go or change order.
class Cursor {
  public:
    std::size_t selected() const { return selected_; }
    std::size_t top() const { return top_; }
    std::optional<RowId> id() const { return id_; }

    void move_to(const Table &table, const std::vector<Line> &lines, std::size_t line);
    void move_by(const Table &table, const std::vector<Line> &lines, long lines_down);

    // After the lines changed. With @stick a selection on the first line stays on the first line;
    // without @follow it stays on its line whatever row is there.
    void restore(const Table &table, const std::vector<Line> &lines, bool stick,
                 bool follow = true);

    // Scrolls as little as possible so that the selected line is among @height lines.
    void scroll(std::size_t lines, std::size_t height);

  private:
    bool chosen_ = false; // by the user; before, the first line is selected, whatever it is
    std::size_t selected_ = 0;
    std::size_t top_ = 0;
    std::optional<RowId> id_;
};

} // namespace pasid::tui
