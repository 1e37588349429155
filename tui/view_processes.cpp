// SPDX-License-Identifier: GPL-2.0-only
// The processes view.
#include "tui/view.hpp"

#include <array>

namespace pasid::tui {

namespace {

using Def = ColumnDef<Process>;

constexpr std::array defs{
    Def{.field = "pid", .width = {.min = 5}},
    Def{.field = "comm", .width = {.min = 12, .max = 15, .flex = true}},
    Def{.field = "pasids"},
    Def{.field = "active", .drop = 4},
    Def{.field = "bindings", .drop = 2},
    Def{.field = "free_pending",
        .drop = 5,
        .role = [](const Process &row,
                   const Rates &) { return row.free_pending ? Role::caution : Role::dim; }},
    Def{.field = "oldest_ns", .drop = 3},
    Def{.field = "uid", .drop = 6},
    Def{.field = "cgroup", .drop = 1, .width = {.min = 16, .flex = true}},
};

} // namespace

std::unique_ptr<Table> build_processes(const State &state, const Scope &scope)
{
    static const ColumnSet<Process> set{defs};
    return std::make_unique<TableOf<Process>>(set,
                                              rows_in<Process>(scope, state.snapshot.processes),
                                              state.rates, [](const Process &row) {
                                                  return RowId{row.pid, 0};
                                              });
}

} // namespace pasid::tui
