// SPDX-License-Identifier: GPL-2.0-only
// Positions of the clickable elements in the last frame.
#pragma once

#include <string_view>
#include <vector>

namespace pasid::tui {

struct ClickTarget {
    enum What : unsigned char { nothing, tab, heading, line, command };
    What what = nothing;
    int row = 0;
    int from = 0; // columns, end not included
    int to = 0;
    std::size_t number = 0;     // tab: view number; line: line number
    std::string_view name = {}; // heading: column key; command: its name
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
