// SPDX-License-Identifier: GPL-2.0
#include "lib/live_feed.hpp"

#include <utility>

namespace pasid {

LiveFeed::LiveFeed(std::unique_ptr<SnapshotSource> snapshots, std::unique_ptr<EventSource> events,
                   std::unique_ptr<PolicyStore> policies, std::unique_ptr<Cgroups> cgroups)
    : snapshots_(std::move(snapshots)), events_(std::move(events)), policies_(std::move(policies)),
      cgroups_(std::move(cgroups)),
      names_(*cgroups_, *policies_, [this] { return snapshots_.get(); })
{
}

Result<Snapshot> LiveFeed::snapshot(unsigned parts)
{
    unsigned wanted = parts & ~unsigned{part_cgroups};
    if (parts & (part_ioasids | part_bindings)) // names and holders need each other
        wanted |= part_ioasids | part_bindings | part_devices;

    RawSnapshot raw;
    if (wanted) {
        if (!snapshots_)
            return Error{"no snapshots", "this feed has none", "", 0, Exit::usage};
        auto read = snapshots_->read(wanted);
        if (!read)
            return std::move(read).error();
        raw = std::move(*read);
    }
    cgroups_->forget();
    Snapshot snapshot = join_rows(raw, parts, *cgroups_, clocks_now());
    snapshot.parts = parts;
    if (!(parts & part_cgroups))
        return snapshot;

    if (auto refreshed = names_.refresh_policy(); !refreshed)
        return refreshed.error();
    const auto &policy = names_.policy();
    snapshot.policy_generation = policy ? policy->generation : 0;
    const auto nodes = policies_->nodes();
    if (!nodes)
        return nodes.error();
    snapshot.cgroups = join_cgroups(*nodes, policy, *cgroups_);
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

Result<std::unique_ptr<LiveFeed>> open_live_feed(const LiveFeedOptions &options)
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
    return std::make_unique<LiveFeed>(std::move(snapshots), std::move(events),
                                      kernel_policy_store(), std::make_unique<CgroupFs>());
}

} // namespace pasid
