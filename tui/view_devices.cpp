// SPDX-License-Identifier: GPL-2.0-only
// The devices view.
#include "tui/view.hpp"

#include <array>

namespace pasid::tui {

namespace {

using Def = ColumnDef<Device>;

template <auto rate> constexpr auto get_rate = rate_of<&Rates::devices, &Device::id, rate, Device>;
constexpr auto fault_role = counter_role<&Rates::devices, &Device::id, &DeviceRates::faults,
                                         &Device::faults, Role::caution, Device>;

constexpr std::array defs{
    Def{.field = "device", .width = {.min = 12, .flex = true}},
    Def{.field = "bindings"},
    Def{.field = "dmas", .drop = 3},
    rate_column<Device>("dma_rate", "DMA/s", "DMAs per second", 4, get_rate<&DeviceRates::dmas>),
    Def{.field = "faults", .role = fault_role},
    rate_column<Device>("fault_rate", "FAULT/s", "DMAs per second that failed translation", 5,
                        get_rate<&DeviceRates::faults>, fault_role),
    Def{.field = "pasid_bits", .drop = 6},
    Def{.field = "backend", .drop = 2},
    Def{.field = "id", .drop = 7},
    Def{.field = "caps", .drop = 8},
};

} // namespace

std::unique_ptr<Table> build_devices(const State &state, const Scope &scope)
{
    static const ColumnSet<Device> set{defs};
    return std::make_unique<TableOf<Device>>(set, rows_in<Device>(scope, state.snapshot.devices),
                                             state.rates, [](const Device &row) {
                                                 return RowId{row.id, 0};
                                             });
}

} // namespace pasid::tui
