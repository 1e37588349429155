// SPDX-License-Identifier: GPL-2.0-only
// Fields of cgroups, devices and the system.
#include "render/fields.hpp"

#include <array>

#include "model/names.hpp"
#include "render/cells.hpp"

namespace pasid {

namespace {

constexpr std::array cgroup_fields{
    field<&CgroupUsage::cgroup>("cgroup", "CGROUP", "path from the cgroup root", path_format),
    field<&CgroupUsage::rule>("rule", "RULE", "rule for exactly this cgroup; null if none",
                              {.width = {.min = 6, .flex = true}}),
    field<CgroupUsage>(
        "mode", "MODE", "enforce or audit",
        [](const CgroupUsage &row) {
    return row.mode ? text(mode_name(*row.mode)) : Value{Null{}};
        }),
    field<&CgroupUsage::max>(
        "max", "MAX", "PASIDs it may hold at once; null: no limit at this level", count_format),
    field<&CgroupUsage::current>("current", "CURRENT",
                                 "PASIDs held by this cgroup and its descendants", count_format),
    field<&CgroupUsage::peak>("peak", "PEAK", "highest number held at once", count_format),
    field<&CgroupUsage::denied_here>("denied_here", "DENIED",
                                     "requests denied by this cgroup's limit", count_format),
    field<&CgroupUsage::denied_asked>("denied_asked", "ASKED",
                                      "requests of this cgroup's processes that were denied",
                                      count_format),
    field<&CgroupUsage::would_deny>(
        "would_deny", "WOULD", "requests that this cgroup's limit would have denied (audit mode)",
        count_format),
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
    field<&Device::name>("device", "DEVICE", "device name", {.width = {.min = 6, .flex = true}}),
    field<&Device::id>("id", "ID", "device ID, never reused while the module is loaded",
                       number_format),
    field<&Device::backend>("backend", "BACKEND", "IOMMU driver that serves it"),
    field<&Device::pasid_bits>("pasid_bits", "BITS", "PASID width of this device in bits; 0: none",
                               number_format),
    field<&Device::bindings>("bindings", "BINDINGS",
                             "current bindings, including those without PASID", count_format),
    field<&Device::dmas>("dmas", "DMAS", "test DMAs that it performed", count_format),
    field<&Device::faults>("faults", "FAULTS", "DMAs that failed translation", count_format),
    field<Device>("caps", "CAPS",
                  "abilities: pasid, pri (page requests), nesting (user page tables), snoop, dma",
                  [](const Device &row) { return Value{ability_names(row.caps)}; }),
};
static_assert(well_formed<Device>(device_fields));

constexpr std::array system_fields{
    field<&System::version>("module", "MODULE", "module version"),
    field<&System::pasid_bits>("pasid_bits", "BITS", "PASID width in bits", number_format),
    field<&System::live>("live", "LIVE", "PASIDs that currently exist", count_format),
    field<&System::capacity>("capacity", "CAPACITY", "PASIDs that can exist at once", count_format),
    field<&System::sets>(
        "sets", "SETS", "sets: processes that have /dev/ioasid open, and the kernel", count_format),
    field<&System::events>("events", "EVENTS", "events since the module was loaded", count_format),
    field<&System::denials>("denials", "DENIALS", "requests denied since the module was loaded",
                            count_format),
    field<&System::policy_attached>("policy_attached", "POLICY", "whether a policy is attached"),
    field<&System::fail_closed>("fail_closed", "FAIL-CLOSED",
                                "whether users' requests are denied while no policy is attached"),
};
static_assert(well_formed<System>(system_fields));

} // namespace

template <> std::span<const Field<CgroupUsage>> fields<CgroupUsage>() { return cgroup_fields; }
template <> std::span<const Field<Device>> fields<Device>() { return device_fields; }
template <> std::span<const Field<System>> fields<System>() { return system_fields; }

} // namespace pasid
