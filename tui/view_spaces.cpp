// SPDX-License-Identifier: GPL-2.0-only
// The view of I/O address spaces.
#include "tui/view.hpp"

#include <array>

namespace pasid::tui {

namespace {

using Def = ColumnDef<Space>;

constexpr std::array defs{
    Def{.field = "ioas"},
    Def{.field = "kind"},
    Def{.field = "mapped"},
    Def{.field = "attached", .drop = 4},
    Def{.field = "devices", .drop = 2, .width = {.min = 8, .flex = true}},
    Def{.field = "pid", .width = {.min = 5}},
    Def{.field = "comm", .drop = 3, .width = {.min = 10, .max = 15, .flex = true}},
    Def{.field = "parent", .drop = 7},
    Def{.field = "format", .drop = 8},
    Def{.field = "age_ns", .drop = 5},
    Def{.field = "uid", .drop = 9},
    Def{.field = "flags", .drop = 10},
    Def{.field = "cgroup", .drop = 1, .width = {.min = 16, .flex = true}},
};

} // namespace

std::unique_ptr<Table> build_spaces(const State &state, const Scope &scope)
{
    static const ColumnSet<Space> set{defs};
    return std::make_unique<TableOf<Space>>(set, rows_in<Space>(scope, state.snapshot.spaces),
                                            state.rates, [](const Space &row) {
                                                return RowId{row.number, 0};
                                            });
}

} // namespace pasid::tui
