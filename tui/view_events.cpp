// SPDX-License-Identifier: GPL-2.0-only
// The events view.
#include "tui/view.hpp"

#include <array>

namespace pasid::tui {

namespace {

using Def = ColumnDef<Event>;

Role event_role(const Event &row, const Rates &)
{
    switch (row.type) {
    case IOASID_EVENT_DENY:
        return row.mode == IOASID_MODE_AUDIT ? Role::caution : Role::bad;
    case IOASID_EVENT_LOST:
        return Role::bad;
    case IOASID_EVENT_WARN:
    case IOASID_EVENT_FAULT:
        return Role::caution;
    case IOASID_EVENT_POLICY:
        return Role::strong;
    default:
        return row.failed() ? Role::caution : Role::normal;
    }
}

constexpr std::array defs{
    Def{.field = "TIME", .drop = 1},
    Def{.field = "EVENT", .role = event_role, .width = {.min = 6}},
    Def{.field = "pasid", .width = {.min = 5}},
    Def{.field = "pid", .drop = 5, .width = {.min = 5}},
    Def{.field = "comm", .drop = 2},
    Def{.field = "device", .drop = 7},
    Def{.field = "cgroup", .drop = 6},
    Def{.field = "RESULT", .role = event_role, .width = {.min = 31, .flex = true}},
};

} // namespace

std::unique_ptr<Table> build_events(const State &state, const Scope &scope)
{
    static const ColumnSet<Event> set{defs};
    return std::make_unique<TableOf<Event>>(set, rows_in<Event>(scope, state.log.events()),
                                            state.rates, [](const Event &row) {
                                                return RowId{row.ts_ns, row.seq};
                                            });
}

} // namespace pasid::tui
