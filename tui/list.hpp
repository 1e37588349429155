// SPDX-License-Identifier: GPL-2.0-only
// Rows of a table in display order, the selection and the scroll position. Works on row numbers;
// only visible cells are formatted, by the drawing code.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tui/settings.hpp"
#include "tui/table.hpp"

namespace pasid::tui {

// The user's settings for one view; kept across refreshes.
struct ListSettings {
    std::string sort_key;
    bool reverse = false;
    bool tree = false;
    std::set<RowId> folded;
    std::vector<ColumnSetting> columns = {}; // empty: the default
};

// A line of the list.
struct Line {
    std::uint32_t row = 0;
    std::uint16_t depth = 0;
    bool last = false;   // last sibling
    bool parent = false; // has children, even if folded
    bool folded = false;
    bool matches = true;       // false: shown only because a descendant matches the filter
    std::uint64_t through = 0; // bit n: the ancestor at depth n has later siblings
};

std::vector<Line> arrange(const Table &table, const ListSettings &settings,
                          std::string_view filter);

// Case-insensitive; every word must occur in some cell of the row.
class Filter {
  public:
    explicit Filter(std::string_view text);
    bool empty() const { return words_.empty(); }
    bool matches(const Table &table, std::size_t row) const;

  private:
    std::vector<std::string> words_;
};

// The selection and the scroll position. The selection follows its row when rows are added, removed
// or reordered.
class Cursor {
  public:
    std::size_t selected() const { return selected_; }
    std::size_t top() const { return top_; }

    void move_to(const Table &table, const std::vector<Line> &lines, std::size_t line);
    void move_by(const Table &table, const std::vector<Line> &lines, long lines_down);

    // Call after the lines changed. @stick: a selection on the first line stays there. Without
    // @follow the selection stays on its line.
    void restore(const Table &table, const std::vector<Line> &lines, bool stick,
                 bool follow = true);

    // Scrolls as little as possible to make the selected line visible among @height lines.
    void scroll(std::size_t lines, std::size_t height);

  private:
    bool chosen_ = false; // by the user; until then the first line is selected
    std::size_t selected_ = 0;
    std::size_t top_ = 0;
    std::optional<RowId> id_;
};

} // namespace pasid::tui
