// SPDX-License-Identifier: GPL-2.0
// An age is written as the moment since which it grows: so a row in which nothing happened is the
// same in every frame, and takes no room.
#include "record/rows.hpp"

#include <array>
#include <optional>

namespace pasid::record {

namespace {

template <class T> Cell or_null(const std::optional<T> &value)
{
    return value ? Cell(*value) : Cell();
}

template <class T> std::optional<T> optional_of(const Cell &cell)
{
    return cell.is_null() ? std::nullopt : std::optional<T>(cell.get<T>());
}

Cell text_or_null(const std::optional<std::string> &text, Strings &strings)
{
    return text ? Cell(strings.number(*text)) : Cell();
}

std::optional<std::string> optional_text(const Cell &cell, const Strings &strings)
{
    return cell.is_null() ? std::nullopt : std::optional(strings.text(cell));
}

// Signed: something may be older than the clock.
std::int64_t since(std::uint64_t age_ns, const Snapshot &snapshot)
{
    return static_cast<std::int64_t>(snapshot.mono_ns - age_ns);
}

std::uint64_t age(const Cell &since, const Snapshot &snapshot)
{
    return snapshot.mono_ns - static_cast<std::uint64_t>(since.get<std::int64_t>());
}

void pack_ioasids(const Snapshot &snapshot, Strings &strings, Rows &rows)
{
    for (const Ioasid &row : snapshot.ioasids) {
        Cell devices = Cell::array();
        for (const std::string &device : row.devices)
            devices.push_back(strings.number(device));
        rows.emplace(std::vector<std::uint64_t>{row.pasid},
                     Cell{or_null(row.spid), row.state, row.set, row.refs, row.pid, row.uid,
                          strings.number(row.comm), row.cgroup_id, strings.number(row.cgroup),
                          std::move(devices), since(row.age_ns, snapshot),
                          since(row.unused_ns, snapshot)});
    }
}

void unpack_ioasids(const Rows &rows, const Strings &strings, Snapshot &snapshot)
{
    for (const auto &[id, cell] : rows) {
        Ioasid row;
        row.pasid = static_cast<std::uint32_t>(id.at(0));
        row.spid = optional_of<std::uint32_t>(cell.at(0));
        row.state = static_cast<ioasid_state>(cell.at(1).get<int>());
        row.set = cell.at(2);
        row.refs = cell.at(3);
        row.pid = cell.at(4);
        row.uid = cell.at(5);
        row.comm = strings.text(cell.at(6));
        row.cgroup_id = cell.at(7);
        row.cgroup = strings.text(cell.at(8));
        for (const Cell &device : cell.at(9))
            row.devices.push_back(strings.text(device));
        row.age_ns = age(cell.at(10), snapshot);
        row.unused_ns = age(cell.at(11), snapshot);
        snapshot.ioasids.push_back(std::move(row));
    }
}

void pack_bindings(const Snapshot &snapshot, Strings &strings, Rows &rows)
{
    for (const Binding &row : snapshot.bindings)
        rows.emplace(std::vector<std::uint64_t>{row.pasid, row.device_id},
                     Cell{strings.number(row.device), row.pid, strings.number(row.comm),
                          strings.number(row.cgroup), since(row.age_ns, snapshot), row.faults});
}

void unpack_bindings(const Rows &rows, const Strings &strings, Snapshot &snapshot)
{
    for (const auto &[id, cell] : rows) {
        Binding row;
        row.pasid = static_cast<std::uint32_t>(id.at(0));
        row.device_id = static_cast<std::uint32_t>(id.at(1));
        row.device = strings.text(cell.at(0));
        row.pid = cell.at(1);
        row.comm = strings.text(cell.at(2));
        row.cgroup = strings.text(cell.at(3));
        row.age_ns = age(cell.at(4), snapshot);
        row.faults = cell.at(5);
        snapshot.bindings.push_back(std::move(row));
    }
}

void pack_devices(const Snapshot &snapshot, Strings &strings, Rows &rows)
{
    for (const Device &row : snapshot.devices)
        rows.emplace(std::vector<std::uint64_t>{row.id},
                     Cell{strings.number(row.name), strings.number(row.backend), row.bindings,
                          row.pasid_bits, row.dmas, row.faults});
}

void unpack_devices(const Rows &rows, const Strings &strings, Snapshot &snapshot)
{
    for (const auto &[id, cell] : rows) {
        Device row;
        row.id = static_cast<std::uint32_t>(id.at(0));
        row.name = strings.text(cell.at(0));
        row.backend = strings.text(cell.at(1));
        row.bindings = cell.at(2);
        row.pasid_bits = cell.at(3);
        row.dmas = cell.at(4);
        row.faults = cell.at(5);
        snapshot.devices.push_back(std::move(row));
    }
}

// By their place as well: their order is by path.
void pack_cgroups(const Snapshot &snapshot, Strings &strings, Rows &rows)
{
    for (const CgroupUsage &row : snapshot.cgroups)
        rows.emplace(std::vector<std::uint64_t>{rows.size(), row.cgroup_id},
                     Cell{strings.number(row.cgroup), row.depth, text_or_null(row.rule, strings),
                          or_null(row.mode), or_null(row.max), row.current, row.peak,
                          row.denied_here, row.denied_asked, row.would_deny});
}

void unpack_cgroups(const Rows &rows, const Strings &strings, Snapshot &snapshot)
{
    for (const auto &[id, cell] : rows) {
        CgroupUsage row;
        row.cgroup_id = id.at(1);
        row.cgroup = strings.text(cell.at(0));
        row.depth = cell.at(1);
        row.rule = optional_text(cell.at(2), strings);
        if (const auto mode = optional_of<int>(cell.at(3)))
            row.mode = static_cast<ioasid_mode>(*mode);
        row.max = optional_of<std::uint64_t>(cell.at(4));
        row.current = cell.at(5);
        row.peak = cell.at(6);
        row.denied_here = cell.at(7);
        row.denied_asked = cell.at(8);
        row.would_deny = cell.at(9);
        snapshot.cgroups.push_back(std::move(row));
    }
}

void pack_processes(const Snapshot &snapshot, Strings &strings, Rows &rows)
{
    for (const Process &row : snapshot.processes)
        rows.emplace(std::vector<std::uint64_t>{row.pid},
                     Cell{row.uid, strings.number(row.comm), strings.number(row.cgroup), row.pasids,
                          row.active, row.free_pending, row.bindings,
                          since(row.oldest_ns, snapshot)});
}

void unpack_processes(const Rows &rows, const Strings &strings, Snapshot &snapshot)
{
    for (const auto &[id, cell] : rows) {
        Process row;
        row.pid = static_cast<std::uint32_t>(id.at(0));
        row.uid = cell.at(0);
        row.comm = strings.text(cell.at(1));
        row.cgroup = strings.text(cell.at(2));
        row.pasids = cell.at(3);
        row.active = cell.at(4);
        row.free_pending = cell.at(5);
        row.bindings = cell.at(6);
        row.oldest_ns = age(cell.at(7), snapshot);
        snapshot.processes.push_back(std::move(row));
    }
}

constexpr std::array all_kinds{
    Kind{pack_ioasids, unpack_ioasids},     Kind{pack_bindings, unpack_bindings},
    Kind{pack_devices, unpack_devices},     Kind{pack_cgroups, unpack_cgroups},
    Kind{pack_processes, unpack_processes},
};

} // namespace

std::span<const Kind> kinds() { return all_kinds; }

Cell pack_event(const Event &event, Strings &strings)
{
    return {event.ts_ns,
            event.wall_ns,
            event.seq,
            event.type,
            event.op,
            event.mode,
            or_null(event.pasid),
            or_null(event.spid),
            event.pid,
            event.tid,
            strings.number(event.comm),
            event.cgroup_id,
            strings.number(event.cgroup),
            text_or_null(event.limit_cgroup, strings),
            text_or_null(event.from_cgroup, strings),
            text_or_null(event.rule, strings),
            strings.number(event.device),
            event.error,
            event.value,
            strings.number(event.where)};
}

Event unpack_event(const Cell &cell, const Strings &strings)
{
    Event event;
    event.ts_ns = cell.at(0);
    event.wall_ns = cell.at(1);
    event.seq = cell.at(2);
    event.type = static_cast<ioasid_event_type>(cell.at(3).get<int>());
    event.op = static_cast<ioasid_op>(cell.at(4).get<int>());
    event.mode = static_cast<ioasid_mode>(cell.at(5).get<int>());
    event.pasid = optional_of<std::uint32_t>(cell.at(6));
    event.spid = optional_of<std::uint32_t>(cell.at(7));
    event.pid = cell.at(8);
    event.tid = cell.at(9);
    event.comm = strings.text(cell.at(10));
    event.cgroup_id = cell.at(11);
    event.cgroup = strings.text(cell.at(12));
    event.limit_cgroup = optional_text(cell.at(13), strings);
    event.from_cgroup = optional_text(cell.at(14), strings);
    event.rule = optional_text(cell.at(15), strings);
    event.device = strings.text(cell.at(16));
    event.error = cell.at(17);
    event.value = cell.at(18);
    event.where = strings.text(cell.at(19));
    return event;
}

} // namespace pasid::record
