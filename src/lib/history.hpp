// SPDX-License-Identifier: GPL-2.0-only
// The history: the latest events, recorded in the kernel while pasidctl does not run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <ioasid/history.h>

#include "lib/result.hpp"

namespace pasid {

struct HistoryState {
    std::uint32_t size = 0;     // capacity in events
    std::uint64_t events = 0;   // since it was started
    std::uint64_t kept = 0;     // currently stored
    std::uint64_t lost = 0;     // never stored
    std::uint64_t since_ns = 0; // CLOCK_REALTIME
};

struct History {
    std::vector<ioasid_event> events; // oldest first
    std::uint64_t older = 0;          // overwritten events before those
    std::uint64_t lost = 0;           // never stored
};

class HistoryStore {
  public:
    virtual ~HistoryStore() = default;

    // Return nothing if the history is off.
    virtual Result<std::optional<HistoryState>> state() = 0;
    virtual Result<std::optional<History>> read() = 0;

    // @size: a power of two. Returns false if the history was already on; it is then unchanged.
    virtual Result<bool> start(std::uint32_t size) = 0;
    // Returns false if the history was already off.
    virtual Result<bool> stop() = 0;
};

// The real implementation, pinned in bpffs. Opens nothing until a method is called.
std::unique_ptr<HistoryStore> kernel_history_store();

// Returns the complete events in @slots with sequence numbers below @end. Slots may be written
// concurrently; events that are being overwritten are left out.
std::vector<ioasid_event> complete_events(std::span<const ioasid_history_slot> slots,
                                          std::uint64_t end);

} // namespace pasid
