// SPDX-License-Identifier: GPL-2.0-only
// What stands where in the frame that was drawn last: what a click means.
#pragma once

#include <string_view>
#include <vector>

namespace pasid::tui {

struct ClickTarget {
    enum What : unsigned char { nothing, tab, heading, line, command };
    What what = nothing;
    int row = 0;
    int from = 0; // columns, the last one not included
    int to = 0;
    std::size_t number = 0;     // tab: of the view; line: of the list
    std::string_view name = {}; // heading: key of the column; command: its name
};

class ClickTargets {
  public:
    void clear() { all_.clear(); }
    void add(ClickTarget target) { all_.push_back(target); }

    ClickTarget at(int row, int column) const
    {
        for (const ClickTarget &target : all_)
            if (target.row == row && target.from <= column && column < target.to)
                return target;
        return {};
    }

  private:
    std::vector<ClickTarget> all_;
};

} // namespace pasid::tui
