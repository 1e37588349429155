// SPDX-License-Identifier: GPL-2.0-only
// Events as the kernel made them, one after the other.
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

    // Readable when events wait; -1: they always do, until they end.
    virtual int fd() const = 0;

    // Appends what waits, at most about @limit; never blocks. A loss stands in
    // the stream as a record of type LOST with the count in @value and the
    // place in @comm.
    virtual Result<void> read(std::vector<ioasid_event> &out, std::size_t limit) = 0;

    // One for each event of the last read(), or none at all.
    virtual std::span<const EventStack> stacks() const { return {}; }

    // Lost since the start; exact once read() found nothing more after stop().
    virtual std::uint64_t lost() const = 0;

    // No further event; those that happened before can still be read.
    virtual void stop() {}
};

struct EventSourceOptions {
    std::size_t buffer_bytes = 4u << 20; // rounded up to a power of two
    ioasid_filter filter = {};
    bool stacks = false;
};

// The real one: BPF programs on the tracepoints, attached when this returns.
Result<std::unique_ptr<EventSource>> kernel_event_source(const EventSourceOptions &options = {});

} // namespace pasid
