// SPDX-License-Identifier: GPL-2.0-only
// The last events, which the kernel keeps while no pasidctl runs.
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
    std::uint32_t size = 0;     // how many it keeps
    std::uint64_t events = 0;   // since it began
    std::uint64_t kept = 0;     // of them, now
    std::uint64_t lost = 0;     // of them, never kept
    std::uint64_t since_ns = 0; // CLOCK_REALTIME
};

struct History {
    std::vector<ioasid_event> events; // oldest first
    std::uint64_t older = 0;          // came before those and were overwritten
    std::uint64_t lost = 0;           // never kept
};

class HistoryStore {
  public:
    virtual ~HistoryStore() = default;

    // Nothing when it is off.
    virtual Result<std::optional<HistoryState>> state() = 0;
    virtual Result<std::optional<History>> read() = 0;

    // @size: a power of two. False: it was on, and stays as it was.
    virtual Result<bool> start(std::uint32_t size) = 0;
    // False: it was off.
    virtual Result<bool> stop() = 0;
};

// The real one: pins in bpffs. Opens nothing until it is asked.
std::unique_ptr<HistoryStore> kernel_history_store();

// The events with numbers below @end that stand whole in @slots, which may be written
// meanwhile: what is overwritten just then is not among them.
std::vector<ioasid_event> complete_events(std::span<const ioasid_history_slot> slots,
                                          std::uint64_t end);

} // namespace pasid
