// SPDX-License-Identifier: GPL-2.0-only
// A stream of raw kernel events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <ioasid/filter.h>
#include <ioasid/types.h>

#include "lib/result.hpp"
#include "model/event.hpp"

namespace pasid {

class EventSource {
  public:
    virtual ~EventSource() = default;

    // Readable when events are available; -1: always available until the end.
    virtual int fd() const = 0;

    // Appends available events, up to about @limit; never blocks. Losses appear in the stream as a
    // record of type LOST with the count in @value and the location in @comm.
    virtual Result<void> read(std::vector<ioasid_event> &out, std::size_t limit) = 0;

    // One stack per event of the last read(), or none.
    virtual std::span<const EventStack> stacks() const { return {}; }

    // Events lost since the start; exact once read() finds nothing more after stop().
    virtual std::uint64_t lost() const = 0;

    // Stops recording; events that happened before can still be read.
    virtual void stop() {}
};

struct EventSourceOptions {
    std::size_t buffer_bytes = 4u << 20; // rounded up to a power of two
    ioasid_filter filter = {};
    bool stacks = false;
};

// The real implementation: BPF programs on the tracepoints, attached on return.
Result<std::unique_ptr<EventSource>> kernel_event_source(const EventSourceOptions &options = {});

} // namespace pasid
