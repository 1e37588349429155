// SPDX-License-Identifier: GPL-2.0
// The running kernel as a feed of snapshots and events with names.
#pragma once

#include <memory>
#include <optional>

#include "lib/cgroups.hpp"
#include "lib/event_names.hpp"
#include "lib/event_source.hpp"
#include "lib/join.hpp"
#include "lib/policy_store.hpp"
#include "lib/snapshot_source.hpp"
#include "model/feed.hpp"

namespace pasid {

class LiveFeed : public Feed {
  public:
    // Any source may be missing; asking for what it would give is an error.
    LiveFeed(std::unique_ptr<SnapshotSource> snapshots, std::unique_ptr<EventSource> events,
             std::unique_ptr<PolicyStore> policies, std::unique_ptr<Cgroups> cgroups);

    Result<Snapshot> snapshot(unsigned parts) override;
    int event_fd() const override { return events_ ? events_->fd() : -1; }
    Result<void> events(std::vector<Event> &out, std::size_t limit) override;

    Cgroups &cgroups() { return *cgroups_; }
    std::uint64_t lost() const { return events_ ? events_->lost() : 0; }

  private:
    std::unique_ptr<SnapshotSource> snapshots_;
    std::unique_ptr<EventSource> events_;
    std::unique_ptr<PolicyStore> policies_;
    std::unique_ptr<Cgroups> cgroups_;
    LiveNames names_;
    std::vector<ioasid_event> raw_;
};

// What a live feed is wanted for.
struct LiveFeedOptions {
    bool snapshots = true;
    bool events = false;
    EventSourceOptions event_options = {};
};

Result<std::unique_ptr<LiveFeed>> open_live_feed(const LiveFeedOptions &options);

} // namespace pasid
