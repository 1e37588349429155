// SPDX-License-Identifier: GPL-2.0
// Events as the kernel made them, one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <ioasid/types.h>

#include "lib/result.hpp"

namespace pasid {

class EventSource {
  public:
    virtual ~EventSource() = default;

    // Readable when events wait.
    virtual int fd() const = 0;

    // Appends what waits, at most about @limit; never blocks. A loss stands in
    // the stream as a record of type LOST with the count in @value.
    virtual Result<void> read(std::vector<ioasid_event> &out, std::size_t limit) = 0;

    // Lost since the start; exact once read() found nothing more.
    virtual std::uint64_t lost() const = 0;
};

struct EventSourceOptions {
    std::size_t buffer_bytes = 4u << 20; // rounded up to a power of two
};

// The real one: BPF programs on the tracepoints, attached when this returns.
Result<std::unique_ptr<EventSource>> kernel_event_source(const EventSourceOptions &options = {});

} // namespace pasid
