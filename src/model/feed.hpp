// SPDX-License-Identifier: GPL-2.0-only
// Where a view gets its state from: the live kernel, a recording, or a test.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/result.hpp"
#include "model/event.hpp"
#include "model/snapshot.hpp"

namespace pasid {

// Which IOASIDs somebody looks at: those that come first in an order. A system of a million is
// not carried to a screen of fifty lines.
struct IoasidWindow {
    std::size_t limit = 0;      // so many of them; 0: all
    std::string sort = "pasid"; // key of a field
    bool reverse = false;
    std::uint32_t start = 0; // from this PASID on

    // Only those ...
    std::string cgroup = {};                 // of this cgroup and all below it
    std::optional<std::uint32_t> pid = {};   // of this process
    std::optional<std::uint32_t> pasid = {}; // with this number
    std::string device = {};                 // bound to this device

    friend bool operator==(const IoasidWindow &, const IoasidWindow &) = default;
};

// Something to be said about where the state comes from.
struct FeedNote {
    std::string text; // empty: nothing
    bool bad = false;
};

// A feed of the past: which of its frames is the state now.
class Player {
  public:
    virtual ~Player() = default;
    virtual std::size_t count() const = 0; // at least 1
    virtual std::size_t position() const = 0;
    virtual void go_to(std::size_t frame) = 0; // beyond the last: the last
    virtual std::uint64_t wall_ns(std::size_t frame) const = 0;
};

class Feed {
  public:
    virtual ~Feed() = default;

    // What part_ioasids and part_bindings mean from now on. A feed may give more than that, and
    // at first gives all.
    virtual void set_window(const IoasidWindow &window) { (void)window; }

    // The state now; only the parts that are asked for (SnapshotPart).
    virtual Result<Snapshot> snapshot(unsigned parts) = 0;

    virtual FeedNote note() const { return {}; }

    // Null: this feed is of now.
    virtual Player *player() { return nullptr; }

    // Readable when events wait; -1: this feed has no events.
    virtual int event_fd() const { return -1; }

    // Appends the events that wait, at most @limit; never blocks. Losses stand
    // in the stream as events of type lost.
    virtual Result<void> events(std::vector<Event> &out, std::size_t limit)
    {
        (void)out;
        (void)limit;
        return {};
    }
};

} // namespace pasid
