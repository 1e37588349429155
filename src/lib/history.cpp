// SPDX-License-Identifier: GPL-2.0-only
#include "lib/history.hpp"

#include <algorithm>
#include <atomic>

namespace pasid {

namespace {

struct StoredEvent {
    std::uint64_t version = 0;
    ioasid_event event;
};

// Returns false if the slot is empty or being written.
bool take(const ioasid_history_slot &slot, StoredEvent &stored)
{
    stored.version = __atomic_load_n(&slot.version, __ATOMIC_ACQUIRE);
    if (stored.version == 0 || stored.version % 2 != 0)
        return false;
    stored.event = slot.event;
    std::atomic_thread_fence(std::memory_order_acquire);
    return __atomic_load_n(&slot.version, __ATOMIC_RELAXED) == stored.version;
}

} // namespace

std::vector<ioasid_event> complete_events(std::span<const ioasid_history_slot> slots,
                                          std::uint64_t end)
{
    std::vector<StoredEvent> all;
    for (const ioasid_history_slot &slot : slots) {
        StoredEvent stored;
        if (take(slot, stored) && stored.version <= IOASID_HISTORY_WHOLE(end - 1))
            all.push_back(stored);
    }
    std::sort(all.begin(), all.end(),
              [](const StoredEvent &a, const StoredEvent &b) { return a.version < b.version; });
    std::vector<ioasid_event> events;
    events.reserve(all.size());
    for (const StoredEvent &stored : all)
        events.push_back(stored.event);
    return events;
}

} // namespace pasid
