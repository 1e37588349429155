// SPDX-License-Identifier: GPL-2.0-only
#include "lib/live_feed.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pasid {

LiveFeed::LiveFeed(std::unique_ptr<SnapshotSource> snapshots, std::unique_ptr<EventSource> events,
                   std::unique_ptr<PolicyStore> policies, std::unique_ptr<Cgroups> cgroups)
    : snapshots_(std::move(snapshots)), events_(std::move(events)), policies_(std::move(policies)),
      cgroups_(std::move(cgroups)),
      names_(*cgroups_, *policies_, [this] { return snapshots_.get(); })
{
}

void LiveFeed::set_window(const IoasidWindow &window)
{
    if (window == window_)
        return;
    window_ = window;
    rows_.forget();
}

// Names and holders depend on each other: a caller that needs the IOASIDs also gets bindings and
// devices.
Result<RawSnapshot> LiveFeed::read_module(unsigned parts)
{
    constexpr unsigned rows_parts = part_ioasids | part_bindings | part_devices;
    const bool all = window_ == IoasidWindow{};
    const bool rows = parts & (part_ioasids | part_bindings);
    unsigned wanted = parts & (part_system | part_devices | part_processes | part_spaces);
    if (parts & part_spaces)
        wanted |= part_devices;
    if (parts & part_bindings)
        wanted |= part_spaces; // a binding has the kind of its space
    if (parts & part_cgroups && snapshots_ && !names_.policy())
        wanted |= part_processes; // without a policy, nothing is counted per cgroup
    if (rows)
        wanted |= all ? rows_parts : unsigned{part_devices};
    if (!wanted)
        return RawSnapshot{};
    if (!snapshots_)
        return Error{"no snapshots", "this feed has no snapshots", "", 0, Exit::usage};
    auto raw = snapshots_->read(wanted);
    if (!raw)
        return raw;
    if (rows && !all)
        if (auto added = add_window(*raw); !added)
            return added.error();
    if (parts & part_spaces)
        if (auto added = add_attachments(*raw); !added)
            return added.error();
    return raw;
}

Result<void> LiveFeed::add_window(RawSnapshot &raw)
{
    const auto found = rows_.get([&] {
        std::uint32_t device = 0;
        for (const ioasid_device_row &row : raw.devices)
            if (window_.device == std::string_view(row.name))
                device = row.id;
        return read_window(*snapshots_, window_, device, *cgroups_);
    });
    if (!found)
        return found.error();
    raw.ioasids = (*found)->ioasids;
    raw.ioasids_cut = (*found)->cut;
    raw.bindings = (*found)->bindings;
    return {};
}

// There may be many more bindings made by BIND, which belong to none of the spaces.
Result<void> LiveFeed::add_attachments(RawSnapshot &raw)
{
    constexpr std::uint32_t page_rows = 16384;
    std::uint64_t count = 0;
    for (const ioasid_space_row &row : raw.spaces)
        count += row.attachments;
    if (count == 0)
        return {};
    const auto found = attachments_.get([&]() -> Result<std::vector<ioasid_binding_row>> {
        std::vector<ioasid_binding_row> rows;
        const auto take = [&](std::span<const ioasid_binding_row> page) {
            std::copy_if(page.begin(), page.end(), std::back_inserter(rows),
                         [](const ioasid_binding_row &row) { return row.ioas != 0; });
            return rows.size() < count;
        };
        if (auto walked = snapshots_->walk_bindings(0, page_rows, take); !walked)
            return walked.error();
        return rows;
    });
    if (!found)
        return found.error();
    raw.attachments = **found;
    return {};
}

Result<void> LiveFeed::add_cgroups(Snapshot &snapshot, const RawSnapshot &raw)
{
    const auto nodes = policies_->nodes();
    if (!nodes)
        return nodes.error();
    snapshot.cgroups = names_.policy() ? join_cgroups(*nodes, names_.policy(), *cgroups_)
                                       : join_cgroups(raw.sets, *cgroups_);
    return {};
}

Result<Snapshot> LiveFeed::snapshot(unsigned parts)
{
    if (parts & part_cgroups)
        if (auto refreshed = names_.refresh_policy(); !refreshed)
            return refreshed.error();
    const auto raw = read_module(parts);
    if (!raw)
        return raw.error();
    cgroups_->forget();
    Snapshot snapshot = join_rows(*raw, parts, *cgroups_, clocks_now());
    snapshot.parts = parts;
    snapshot.ioasids_cut = raw->ioasids_cut;
    if (parts & part_cgroups)
        if (auto added = add_cgroups(snapshot, *raw); !added)
            return added.error();
    if (parts & (part_system | part_cgroups)) {
        // If only the system part is wanted, an unreadable policy is not an error.
        if (!(parts & part_cgroups))
            static_cast<void>(names_.refresh_policy());
        const auto &policy = names_.policy();
        snapshot.policy_generation = policy ? policy->generation : 0;
        if (policy)
            snapshot.policy = summary_of(*policy->image);
    }
    return snapshot;
}

Result<void> LiveFeed::events(std::vector<Event> &out, std::size_t limit)
{
    if (!events_)
        return {};
    raw_.clear();
    names_.new_batch();
    if (auto read = events_->read(raw_, limit); !read)
        return read;
    out.reserve(out.size() + raw_.size());
    for (const ioasid_event &event : raw_)
        join_event(event, names_, out.emplace_back());
    return {};
}

Result<std::unique_ptr<Feed>> open_live_feed(const LiveFeedOptions &options)
{
    std::unique_ptr<SnapshotSource> snapshots;
    std::unique_ptr<EventSource> events;
    if (options.snapshots) {
        auto opened = kernel_snapshot_source();
        if (!opened)
            return std::move(opened).error();
        snapshots = std::move(*opened);
    }
    if (options.events) {
        auto opened = kernel_event_source(options.event_options);
        if (!opened)
            return std::move(opened).error();
        events = std::move(*opened);
    }
    return std::unique_ptr<Feed>(std::make_unique<LiveFeed>(std::move(snapshots), std::move(events),
                                                            kernel_policy_store(),
                                                            std::make_unique<CgroupFs>()));
}

} // namespace pasid
