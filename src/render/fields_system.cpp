// SPDX-License-Identifier: GPL-2.0-only
// Fields of cgroups, devices and the system.
#include "render/fields.hpp"

#include <array>

#include "model/names.hpp"
#include "render/cells.hpp"

namespace pasid {

namespace {

constexpr std::array cgroup_fields{
    Field<CgroupUsage>{.key = "cgroup",
                       .title = "CGROUP",
                       .help = "path from the cgroup root",
                       .width = path_width,
                       .cut = Cut::start,
                       .get = [](const CgroupUsage &row) { return text_or_null(row.cgroup); }},
    Field<CgroupUsage>{.key = "rule",
                       .title = "RULE",
                       .help = "rule for exactly this cgroup; null if none",
                       .width = {.min = 6, .flex = true},
                       .get = [](const CgroupUsage &row) { return text_or_null(row.rule); }},
    Field<CgroupUsage>{.key = "mode",
                       .title = "MODE",
                       .help = "enforce or audit",
                       .get =
                           [](const CgroupUsage &row) {
    return row.mode ? text(mode_name(*row.mode)) : Value{Null{}};
                       }},
    Field<CgroupUsage>{.key = "max",
                       .title = "MAX",
                       .help = "PASIDs it may hold at once; null: no limit at this level",
                       .unit = Unit::count,
                       .align = Align::right,
                       .get = [](const CgroupUsage &row) { return number_or_null(row.max); }},
    Field<CgroupUsage>{.key = "current",
                       .title = "CURRENT",
                       .help = "PASIDs held by this cgroup and its descendants",
                       .unit = Unit::count,
                       .align = Align::right,
                       .get = [](const CgroupUsage &row) { return number(row.current); }},
    Field<CgroupUsage>{.key = "peak",
                       .title = "PEAK",
                       .help = "highest number held at once",
                       .unit = Unit::count,
                       .align = Align::right,
                       .get = [](const CgroupUsage &row) { return number(row.peak); }},
    Field<CgroupUsage>{.key = "denied_here",
                       .title = "DENIED",
                       .help = "requests denied by this cgroup's limit",
                       .unit = Unit::count,
                       .align = Align::right,
                       .get = [](const CgroupUsage &row) { return number(row.denied_here); }},
    Field<CgroupUsage>{.key = "denied_asked",
                       .title = "ASKED",
                       .help = "requests of this cgroup's processes that were denied",
                       .unit = Unit::count,
                       .align = Align::right,
                       .get = [](const CgroupUsage &row) { return number(row.denied_asked); }},
    Field<CgroupUsage>{.key = "would_deny",
                       .title = "WOULD",
                       .help = "requests that this cgroup's limit would have denied (audit mode)",
                       .unit = Unit::count,
                       .align = Align::right,
                       .get = [](const CgroupUsage &row) { return number(row.would_deny); }},
    };
static_assert(well_formed<CgroupUsage>(cgroup_fields));

std::vector<std::string> ability_names(std::uint32_t caps)
{
    std::vector<std::string> names;
    for (const NumberedName &cap : cap_names)
        if (caps & cap.number)
            names.emplace_back(cap.name);
    return names;
}

constexpr std::array device_fields{
    Field<Device>{.key = "device",
                  .title = "DEVICE",
                  .help = "device name",
                  .width = {.min = 6, .flex = true},
                  .get = [](const Device &row) { return text_or_null(row.name); }},
    Field<Device>{.key = "id",
                  .title = "ID",
                  .help = "device ID, never reused while the module is loaded",
                  .align = Align::right,
                  .get = [](const Device &row) { return number(row.id); }},
    Field<Device>{.key = "backend",
                  .title = "BACKEND",
                  .help = "IOMMU driver that serves it",
                  .get = [](const Device &row) { return text_or_null(row.backend); }},
    Field<Device>{.key = "pasid_bits",
                  .title = "BITS",
                  .help = "PASID width of this device in bits; 0: none",
                  .align = Align::right,
                  .get = [](const Device &row) { return number(row.pasid_bits); }},
    Field<Device>{.key = "bindings",
                  .title = "BINDINGS",
                  .help = "current bindings, including those without PASID",
                  .unit = Unit::count,
                  .align = Align::right,
                  .get = [](const Device &row) { return number(row.bindings); }},
    Field<Device>{.key = "dmas",
                  .title = "DMAS",
                  .help = "test DMAs that it performed",
                  .unit = Unit::count,
                  .align = Align::right,
                  .get = [](const Device &row) { return number(row.dmas); }},
    Field<Device>{.key = "faults",
                  .title = "FAULTS",
                  .help = "DMAs that failed translation",
                  .unit = Unit::count,
                  .align = Align::right,
                  .get = [](const Device &row) { return number(row.faults); }},
    Field<Device>{.key = "caps",
                  .title = "CAPS",
                  .help = "abilities: pasid, pri (page requests), nesting (user page tables), "
                          "snoop, dma",
                  .get = [](const Device &row) { return Value{ability_names(row.caps)}; }},
};
static_assert(well_formed<Device>(device_fields));

constexpr std::array system_fields{
    Field<System>{.key = "module",
                  .title = "MODULE",
                  .help = "module version",
                  .get = [](const System &row) { return text_or_null(row.version); }},
    Field<System>{.key = "pasid_bits",
                  .title = "BITS",
                  .help = "PASID width in bits",
                  .align = Align::right,
                  .get = [](const System &row) { return number(row.pasid_bits); }},
    Field<System>{.key = "live",
                  .title = "LIVE",
                  .help = "PASIDs that currently exist",
                  .unit = Unit::count,
                  .align = Align::right,
                  .get = [](const System &row) { return number(row.live); }},
    Field<System>{.key = "capacity",
                  .title = "CAPACITY",
                  .help = "PASIDs that can exist at once",
                  .unit = Unit::count,
                  .align = Align::right,
                  .get = [](const System &row) { return number(row.capacity); }},
    Field<System>{.key = "sets",
                  .title = "SETS",
                  .help = "sets: processes that have /dev/ioasid open, and the kernel",
                  .unit = Unit::count,
                  .align = Align::right,
                  .get = [](const System &row) { return number(row.sets); }},
    Field<System>{.key = "events",
                  .title = "EVENTS",
                  .help = "events since the module was loaded",
                  .unit = Unit::count,
                  .align = Align::right,
                  .get = [](const System &row) { return number(row.events); }},
    Field<System>{.key = "denials",
                  .title = "DENIALS",
                  .help = "requests denied since the module was loaded",
                  .unit = Unit::count,
                  .align = Align::right,
                  .get = [](const System &row) { return number(row.denials); }},
    Field<System>{.key = "policy_attached",
                  .title = "POLICY",
                  .help = "whether a policy is attached",
                  .get = [](const System &row) { return Value{row.policy_attached}; }},
    Field<System>{.key = "fail_closed",
                  .title = "FAIL-CLOSED",
                  .help = "whether users' requests are denied while no policy is attached",
                  .get = [](const System &row) { return Value{row.fail_closed}; }},
};
static_assert(well_formed<System>(system_fields));

} // namespace

template <> std::span<const Field<CgroupUsage>> fields<CgroupUsage>() { return cgroup_fields; }
template <> std::span<const Field<Device>> fields<Device>() { return device_fields; }
template <> std::span<const Field<System>> fields<System>() { return system_fields; }

} // namespace pasid
