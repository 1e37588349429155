// SPDX-License-Identifier: GPL-2.0-only
#include "tui/view.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace pasid::tui {

namespace {

std::optional<Location> pasids_of_cgroup(const State &state, RowId id)
{
    for (const CgroupUsage &row : state.snapshot.cgroups)
        if (row.cgroup_id == id.number)
            return Location{ViewId::pasids, {.what = Scope::cgroup, .name = row.cgroup}};
    return std::nullopt;
}

std::optional<Location> one_cgroup(const State &state, RowId id)
{
    auto place = pasids_of_cgroup(state, id);
    if (place)
        place->view = ViewId::cgroups, place->page = PageId::cgroup;
    return place;
}

std::optional<Location> pasids_of_process(const State &, RowId id)
{
    return Location{ViewId::pasids,
                    {.what = Scope::process, .number = static_cast<std::uint32_t>(id.number)}};
}

std::optional<Location> pasids_of_device(const State &state, RowId id)
{
    for (const Device &row : state.snapshot.devices)
        if (row.id == id.number)
            return Location{ViewId::pasids, {.what = Scope::device, .name = row.name}};
    return std::nullopt;
}

std::optional<Location> one_pasid(const State &state, RowId id)
{
    for (const Ioasid &row : state.snapshot.ioasids)
        if (row.pasid == id.number)
            return Location{
                ViewId::pasids, {.what = Scope::pasid, .number = row.pasid}, PageId::pasid};
    return std::nullopt;
}

std::optional<Location> pasids_of_space(const State &state, RowId id)
{
    for (const Space &row : state.snapshot.spaces)
        if (row.number == id.number)
            return Location{ViewId::pasids, {.what = Scope::process, .number = row.pid}};
    return std::nullopt;
}

// The PASID of an event may be gone; its page then shows the remaining events.
std::optional<Location> pasid_of_event(const State &state, RowId id)
{
    for (const Event &event : state.log.events())
        if (event.ts_ns == id.number && event.seq == id.birth && event.pasid)
            return Location{
                ViewId::events, {.what = Scope::pasid, .number = *event.pasid}, PageId::pasid};
    return std::nullopt;
}

constexpr std::array all_views{
    View{.id = ViewId::cgroups,
         .name = "cgroups",
         .key = U'1',
         .title = "Cgroups",
         .help = "PASID usage, limits and denials of each cgroup",
         .parts = part_cgroups,
         .sort = "cgroup",
         .tree = true,
         .empty = "no cgroup holds PASIDs or has a rule",
         .build = build_cgroups,
         .drill = pasids_of_cgroup,
         .details = one_cgroup},
    View{.id = ViewId::processes,
         .name = "processes",
         .key = U'2',
         .title = "Processes",
         .help = "PASIDs and bindings of each process",
         .parts = part_processes,
         .sort = "pasids",
         .reverse = true,
         .empty = "no process holds PASIDs",
         .build = build_processes,
         .drill = pasids_of_process},
    View{.id = ViewId::pasids,
         .name = "pasids",
         .key = U'3',
         .title = "PASIDs",
         .help = "all PASIDs with state, holder and devices",
         .parts = part_ioasids,
         .sort = "pasid",
         .empty = "no PASIDs held",
         .build = build_pasids,
         .drill = one_pasid},
    View{.id = ViewId::devices,
         .name = "devices",
         .key = U'4',
         .title = "Devices",
         .help = "devices with their bindings and faults",
         .parts = part_devices,
         .sort = "device",
         .empty = "no devices",
         .build = build_devices,
         .drill = pasids_of_device},
    View{.id = ViewId::events,
         .name = "events",
         .key = U'5',
         .title = "Events",
         .help = "latest events, newest first",
         .parts = 0,
         .sort = "TIME",
         .reverse = true,
         .sticky_top = true,
         .empty = "no events yet",
         .build = build_events,
         .drill = pasid_of_event},
    View{.id = ViewId::spaces,
         .name = "spaces",
         .key = U'6',
         .title = "Spaces",
         .help = "I/O address spaces with their mappings and devices",
         .parts = part_spaces,
         .sort = "mapped",
         .reverse = true,
         .empty = "no I/O address spaces",
         .build = build_spaces,
         .drill = pasids_of_space},
};

// A ViewId is the view's index, and keys are unique.
constexpr bool well_ordered()
{
    for (std::size_t i = 0; i < all_views.size(); i++) {
        if (static_cast<std::size_t>(all_views[i].id) != i)
            return false;
        for (std::size_t j = 0; j < i; j++)
            if (all_views[j].key == all_views[i].key || all_views[j].name == all_views[i].name)
                return false;
    }
    return all_views.size() == nr_views;
}
static_assert(well_ordered());

} // namespace

std::span<const View> views() { return all_views; }

const View &view(ViewId id) { return all_views[static_cast<std::size_t>(id)]; }

const View *find_view(std::string_view name)
{
    for (const View &candidate : all_views)
        if (candidate.name == name)
            return &candidate;
    return nullptr;
}

const View *find_view(Key key)
{
    for (const View &candidate : all_views)
        if (candidate.key == key)
            return &candidate;
    return nullptr;
}

std::string Scope::text() const
{
    switch (what) {
    case cgroup:
        return fmt::format("cgroup {}", printable(name));
    case process:
        return fmt::format("process {}", number);
    case device:
        return fmt::format("device {}", printable(name));
    case pasid:
        return fmt::format("PASID {}", number);
    default:
        return {};
    }
}

} // namespace pasid::tui
