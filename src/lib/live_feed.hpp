// SPDX-License-Identifier: GPL-2.0-only
// The running kernel as a feed of snapshots and named events.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "lib/cgroups.hpp"
#include "lib/event_names.hpp"
#include "lib/event_source.hpp"
#include "lib/join.hpp"
#include "lib/policy_store.hpp"
#include "lib/snapshot_source.hpp"
#include "lib/window.hpp"
#include "model/feed.hpp"

namespace pasid {

// Caches the result of a full walk. After a slow walk, the cached result is reused for a while,
// with ages updated.
template <class Found> class WalkCache {
  public:
    template <class Read> Result<const Found *> get(const Read &read)
    {
        const auto start = Clock::now();
        if (found_ && start < next_)
            return &*found_;
        auto found = read();
        if (!found)
            return std::move(found).error();
        found_ = std::move(*found);
        const auto took = Clock::now() - start;
        next_ = took > cheap ? start + backoff_factor * took : start;
        return &*found_;
    }
    void forget() { found_.reset(); }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr auto cheap = std::chrono::milliseconds(20);
    static constexpr int backoff_factor = 20; // wait this many times as long as the walk took

    std::optional<Found> found_;
    Clock::time_point next_{};
};

class LiveFeed : public Feed {
  public:
    // Any source may be null; requesting its data is then an error.
    LiveFeed(std::unique_ptr<SnapshotSource> snapshots, std::unique_ptr<EventSource> events,
             std::unique_ptr<PolicyStore> policies, std::unique_ptr<Cgroups> cgroups);

    void set_window(const IoasidWindow &window) override;
    Result<Snapshot> snapshot(unsigned parts) override;
    int event_fd() const override { return events_ ? events_->fd() : -1; }
    Result<void> events(std::vector<Event> &out, std::size_t limit) override;

  private:
    Result<RawSnapshot> read_module(unsigned parts);
    Result<void> add_window(RawSnapshot &raw);
    Result<void> add_attachments(RawSnapshot &raw);
    Result<void> add_cgroups(Snapshot &snapshot, const RawSnapshot &raw);

    std::unique_ptr<SnapshotSource> snapshots_;
    std::unique_ptr<EventSource> events_;
    std::unique_ptr<PolicyStore> policies_;
    std::unique_ptr<Cgroups> cgroups_;
    LiveNames names_;
    std::vector<ioasid_event> raw_;
    IoasidWindow window_;
    WalkCache<WindowRows> rows_;
    WalkCache<std::vector<ioasid_binding_row>> attachments_;
};

// What the feed is used for.
struct LiveFeedOptions {
    bool snapshots = true;
    bool events = false;
    EventSourceOptions event_options = {};
};

Result<std::unique_ptr<Feed>> open_live_feed(const LiveFeedOptions &options);

} // namespace pasid
