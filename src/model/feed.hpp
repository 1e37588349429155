// SPDX-License-Identifier: GPL-2.0
// Where a view gets its state from: the live kernel, a recording, or a test.
#pragma once

#include <vector>

#include "lib/result.hpp"
#include "model/event.hpp"
#include "model/snapshot.hpp"

namespace pasid {

class Feed {
  public:
    virtual ~Feed() = default;

    // The state now; only the parts that are asked for (SnapshotPart).
    virtual Result<Snapshot> snapshot(unsigned parts) = 0;

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
