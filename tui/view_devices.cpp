// SPDX-License-Identifier: GPL-2.0-only
// The devices view.
#include "tui/view.hpp"

#include <array>

namespace pasid::tui {

namespace {

using Def = ColumnDef<Device>;

// Null if there is no previous snapshot to compare with.
const DeviceRates *rates_of(const Device &row, const Rates &rates)
{
    const auto found = rates.devices.find(row.id);
    return found == rates.devices.end() ? nullptr : &found->second;
}

Role fault_role(const Device &row, const Rates &rates)
{
    const DeviceRates *now = rates_of(row, rates);
    if (now && now->faults > 0)
        return Role::bad;
    return row.faults ? Role::caution : Role::dim;
}

constexpr std::array defs{
    Def{.field = "device", .width = {.min = 12, .flex = true}},
    Def{.field = "bindings"},
    Def{.field = "dmas", .drop = 3},
    Def{.field = "dma_rate",
        .drop = 4,
        .own = {.key = "dma_rate",
                .title = "DMA/s",
                .help = "DMAs per second",
                .unit = Unit::rate,
                .align = Align::right},
        .own_get = [](const Device &row, const Rates &rates) -> Value {
            const DeviceRates *now = rates_of(row, rates);
            return now ? Value{now->dmas} : Value{Null{}};
        }},
    Def{.field = "faults", .role = fault_role},
    Def{.field = "fault_rate",
        .drop = 5,
        .role = fault_role,
        .own = {.key = "fault_rate",
                .title = "FAULT/s",
                .help = "DMAs per second that failed translation",
                .unit = Unit::rate,
                .align = Align::right},
        .own_get = [](const Device &row, const Rates &rates) -> Value {
            const DeviceRates *now = rates_of(row, rates);
            return now ? Value{now->faults} : Value{Null{}};
        }},
    Def{.field = "pasid_bits", .drop = 6},
    Def{.field = "backend", .drop = 2},
    Def{.field = "id", .drop = 7},
    Def{.field = "caps", .drop = 8},
};

} // namespace

std::unique_ptr<Table> build_devices(const State &state, const Scope &)
{
    static const ColumnSet<Device> set{defs};
    std::vector<const Device *> rows;
    for (const Device &row : state.snapshot.devices)
        rows.push_back(&row);
    return std::make_unique<TableOf<Device>>(set, std::move(rows), state.rates,
                                             [](const Device &row) {
        return RowId{row.id, 0};
    });
}

} // namespace pasid::tui
