// SPDX-License-Identifier: GPL-2.0
#include "lib/live_feed.hpp"

#include <utility>

namespace pasid {

LiveFeed::LiveFeed(std::unique_ptr<SnapshotSource> snapshots, std::unique_ptr<EventSource> events,
                   std::unique_ptr<PolicyStore> policies, std::unique_ptr<Cgroups> cgroups)
    : snapshots_(std::move(snapshots)), events_(std::move(events)), policies_(std::move(policies)),
      cgroups_(std::move(cgroups))
{
}

// The image is large: it is read again only when another one is in force.
Result<void> LiveFeed::refresh_policy()
{
    const auto version = policies_->version();
    if (!version)
        return version.error();
    if (*version == policy_version_)
        return {};
    auto installed = policies_->installed();
    if (!installed)
        return std::move(installed).error();
    policy_version_ = *version;
    policy_ = std::move(*installed);
    return {};
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

    if (auto refreshed = refresh_policy(); !refreshed)
        return refreshed.error();
    snapshot.policy_generation = policy_ ? policy_->generation : 0;
    const auto nodes = policies_->nodes();
    if (!nodes)
        return nodes.error();
    snapshot.cgroups = join_cgroups(*nodes, policy_, *cgroups_);
    return snapshot;
}

// Names that the event needs and we do not know yet.
void LiveFeed::learn(const ioasid_event &event)
{
    if (event.device != 0 && !devices_.count(event.device) && snapshots_) {
        if (const auto raw = snapshots_->read(part_devices))
            devices_.merge(device_names(*raw));
        // Gone already: not asked for again with each of its events.
        devices_.emplace(event.device, "(removed:" + std::to_string(event.device) + ")");
    }
    const bool unknown_rule = event.rule != 0 && !(policy_ && rule_name(*policy_, event.rule));
    if (unknown_rule || event.type == IOASID_EVENT_POLICY)
        // Without it the rule has no name, but the event is still told.
        static_cast<void>(refresh_policy());
}

Result<void> LiveFeed::events(std::vector<Event> &out, std::size_t limit)
{
    if (!events_)
        return {};
    raw_.clear();
    if (auto read = events_->read(raw_, limit); !read)
        return read;
    const Clocks now = clocks_now();
    out.reserve(out.size() + raw_.size());
    for (const ioasid_event &event : raw_) {
        learn(event);
        out.push_back(join_event(event, devices_, policy_, *cgroups_, now));
    }
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
