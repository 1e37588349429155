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
    Field<Space>{.key = "number",
                 .title = "",
                 .help = "number of the space, never reused while the module is loaded",
                 .get = [](const Space &row) { return number(row.number); }},
    Field<Space>{.key = "ioas",
                 .title = "IOAS",
                 .help = "ID of the I/O address space, unique within its process",
                 .align = Align::right,
                 .get = [](const Space &row) { return number(row.ioas); }},
    Field<Space>{.key = "kind",
                 .title = "KIND",
                 .help = "kernel (filled by map calls), user (page table of the user) or process",
                 .get = [](const Space &row) { return text(kind_name(row.kind)); }},
    Field<Space>{.key = "format",
                 .title = "FORMAT",
                 .help = "format of a user page table; none for other kinds",
                 .get = [](const Space &row) { return text(format_name(row.format)); }},
    Field<Space>{.key = "parent",
                 .title = "PARENT",
                 .help = "ID of the space that confines it; null if none",
                 .align = Align::right,
                 .get = [](const Space &row) { return number_or_null(row.parent); }},
    Field<Space>{.key = "mapped",
                 .title = "MAPPED",
                 .help = "bytes of memory mapped in it",
                 .unit = Unit::bytes,
                 .align = Align::right,
                 .get = [](const Space &row) { return number(row.mapped); }},
    Field<Space>{.key = "attached",
                 .title = "ATTACHED",
                 .help = "number of attachments of devices",
                 .unit = Unit::count,
                 .align = Align::right,
                 .get = [](const Space &row) { return number(row.attached); }},
    Field<Space>{.key = "devices",
                 .title = "DEVICES",
                 .help = "attached devices, as DEVICE:PASID, or DEVICE for requests without PASID",
                 .width = {.min = 7, .flex = true},
                 .get = [](const Space &row) { return Value{device_texts(row)}; }},
    Field<Space>{.key = "pid",
                 .title = "PID",
                 .help = "process that allocated it",
                 .align = Align::right,
                 .get = [](const Space &row) { return number(row.pid); }},
    Field<Space>{.key = "comm",
                 .title = "COMM",
                 .help = "name of that process; in parentheses if it has exited",
                 .width = comm_width,
                 .get = [](const Space &row) { return text_or_null(row.comm); }},
    Field<Space>{.key = "cgroup",
                 .title = "CGROUP",
                 .help = "cgroup of that process",
                 .width = path_width,
                 .cut = Cut::start,
                 .get = [](const Space &row) { return text_or_null(row.cgroup); }},
    Field<Space>{.key = "age_ns",
                 .title = "AGE",
                 .help = "time since it was allocated",
                 .unit = Unit::duration,
                 .align = Align::right,
                 .get = [](const Space &row) { return number(row.age_ns); }},
    Field<Space>{.key = "uid",
                 .title = "UID",
                 .help = "user ID of that process",
                 .align = Align::right,
                 .get = [](const Space &row) { return number(row.uid); }},
    Field<Space>{.key = "set",
                 .title = "SET",
                 .help = "set it belongs to; each process address space has one",
                 .align = Align::right,
                 .get = [](const Space &row) { return number(row.set); }},
    Field<Space>{.key = "flags",
                 .title = "FLAGS",
                 .help = "snoop (snooping is enforced), faults (the process reads its faults)",
                 .get = [](const Space &row) { return Value{flag_names(row)}; }},
};
static_assert(well_formed<Space>(space_fields));

} // namespace

template <> std::span<const Field<Space>> fields<Space>() { return space_fields; }

} // namespace pasid
