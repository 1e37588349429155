// SPDX-License-Identifier: GPL-2.0-only
// Source of a view's state: the live kernel, a recording, or a test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/result.hpp"
#include "model/event.hpp"
#include "model/snapshot.hpp"

namespace pasid {

// Selects which IOASIDs to read: the first ones of a sort order. A screen of fifty lines does not
// need all rows of a large system.
struct IoasidWindow {
    std::size_t limit = 0;      // maximum number; 0: all
    std::string sort = "pasid"; // key of the sort field
    bool reverse = false;
    std::uint32_t start = 0; // first PASID to consider

    // Filters:
    std::string cgroup = {};                 // this cgroup or its descendants
    std::optional<std::uint32_t> pid = {};   // this holder
    std::optional<std::uint32_t> pasid = {}; // this PASID
    std::string device = {};                 // bound to this device

    friend bool operator==(const IoasidWindow &, const IoasidWindow &) = default;
};

// Remark about the source of the state.
struct FeedNote {
    std::string text; // empty: none
    bool bad = false;
};

// A recorded feed, with the frame to show as its current state.
class Player {
  public:
    virtual ~Player() = default;
    virtual std::size_t count() const = 0; // at least 1
    virtual std::size_t position() const = 0;
    virtual void go_to(std::size_t frame) = 0; // clamped to the last
    virtual std::uint64_t wall_ns(std::size_t frame) const = 0;
};

class Feed {
  public:
    virtual ~Feed() = default;

    // Selects the rows of part_ioasids and part_bindings. A feed may return more rows; without a
    // window it returns all.
    virtual void set_window(const IoasidWindow &window) { (void)window; }

    // The current state; only the requested parts (SnapshotPart).
    virtual Result<Snapshot> snapshot(unsigned parts) = 0;

    virtual FeedNote note() const { return {}; }

    // Null for a live feed.
    virtual Player *player() { return nullptr; }

    // Readable when events are available; -1: this feed has no events.
    virtual int event_fd() const { return -1; }

    // Appends available events, at most @limit; never blocks. Losses appear in the stream as events
    // of type lost.
    virtual Result<void> events(std::vector<Event> &out, std::size_t limit)
    {
        (void)out;
        (void)limit;
        return {};
    }
};

} // namespace pasid
