// SPDX-License-Identifier: GPL-2.0-only
// Fields of I/O address spaces.
#include "render/fields.hpp"

#include <array>

#include <fmt/format.h>

#include "model/names.hpp"
#include "render/cells.hpp"

namespace pasid {

namespace {

std::vector<std::string> device_texts(const Space &row)
{
    std::vector<std::string> texts;
    for (const Attachment &each : row.devices)
        texts.push_back(each.pasid ? fmt::format("{}:{}", each.device, each.pasid) : each.device);
    return texts;
}

std::vector<std::string> flag_names(const Space &row)
{
    std::vector<std::string> names;
    if (row.flags & IOASID_IOAS_SNOOP)
        names.emplace_back("snoop");
    if (row.flags & IOASID_IOAS_FAULTS)
        names.emplace_back("faults");
    return names;
}

constexpr std::array space_fields{
    field<&Space::number>("number", "",
                          "number of the space, never reused while the module is loaded"),
    field<&Space::ioas>("ioas", "IOAS", "ID of the I/O address space, unique within its process",
                        number_format),
    field<Space>("kind", "KIND",
                 "kernel (filled by map calls), user (page table of the user) or process",
                 [](const Space &row) { return text(kind_name(row.kind)); }),
    field<Space>("format", "FORMAT", "format of a user page table; none for other kinds",
                 [](const Space &row) { return text(format_name(row.format)); }),
    field<&Space::parent>("parent", "PARENT", "ID of the space that confines it; null if none",
                          number_format),
    field<&Space::mapped>("mapped", "MAPPED", "bytes of memory mapped in it",
                          {.unit = Unit::bytes, .align = Align::right}),
    field<&Space::attached>("attached", "ATTACHED", "number of attachments of devices",
                            count_format),
    field<Space>("devices", "DEVICES",
                 "attached devices, as DEVICE:PASID, or DEVICE for requests without PASID",
                 [](const Space &row) { return Value{device_texts(row)}; },
                 {.width = {.min = 7, .flex = true}}),
    field<&Space::pid>("pid", "PID", "process that allocated it", number_format),
    field<&Space::comm>("comm", "COMM", "name of that process; in parentheses if it has exited",
                        comm_format),
    field<&Space::cgroup>("cgroup", "CGROUP", "cgroup of that process", path_format),
    field<&Space::age_ns>("age_ns", "AGE", "time since it was allocated", duration_format),
    field<&Space::uid>("uid", "UID", "user ID of that process", number_format),
    field<&Space::set>("set", "SET", "set it belongs to; each process address space has one",
                       number_format),
    field<Space>("flags", "FLAGS",
                 "snoop (snooping is enforced), faults (the process reads its faults)",
                 [](const Space &row) { return Value{flag_names(row)}; }),
};
static_assert(well_formed<Space>(space_fields));

} // namespace

template <> std::span<const Field<Space>> fields<Space>() { return space_fields; }

} // namespace pasid
