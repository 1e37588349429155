// SPDX-License-Identifier: GPL-2.0-only
// The PASIDs view.
#include "tui/view.hpp"

#include <array>

namespace pasid::tui {

namespace {

using Def = ColumnDef<Ioasid>;

Role state_role(const Ioasid &row, const Rates &)
{
    switch (row.state) {
    case IOASID_STATE_ACTIVE:
        return Role::good;
    case IOASID_STATE_FREE_PENDING:
        return Role::caution;
    default:
        return Role::normal;
    }
}

constexpr std::array defs{
    Def{.field = "pasid", .width = {.min = 5}},
    Def{.field = "state", .role = state_role},
    Def{.field = "pid"},
    Def{.field = "comm", .width = {.min = 10, .max = 15, .flex = true}},
    Def{.field = "age_ns", .drop = 4},
    Def{.field = "devices", .drop = 2, .width = {.min = 8, .flex = true}},
    Def{.field = "refs", .drop = 6},
    Def{.field = "spid", .drop = 7},
    Def{.field = "unused_ns", .drop = 8},
    Def{.field = "uid", .drop = 9},
    Def{.field = "set", .drop = 10},
    Def{.field = "cgroup", .drop = 1, .width = {.min = 16, .flex = true}},
};

} // namespace

std::unique_ptr<Table> build_pasids(const State &state, const Scope &scope)
{
    static const ColumnSet<Ioasid> set{defs};
    // The set distinguishes a PASID that was reallocated by another process. If the same process
    // reallocates it, the row keeps its identity.
    return std::make_unique<TableOf<Ioasid>>(set, rows_in<Ioasid>(scope, state.snapshot.ioasids),
                                             state.rates, [](const Ioasid &row) {
                                                 return RowId{row.pasid, row.set};
                                             });
}

} // namespace pasid::tui
