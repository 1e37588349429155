// SPDX-License-Identifier: GPL-2.0-only
#include "lib/history.hpp"

#include <algorithm>
#include <atomic>

namespace pasid {

namespace {

struct Kept {
    std::uint64_t version = 0;
    ioasid_event event;
};

// False: there is nothing, or somebody writes.
bool take(const ioasid_history_slot &slot, Kept &kept)
{
    kept.version = __atomic_load_n(&slot.version, __ATOMIC_ACQUIRE);
    if (kept.version == 0 || kept.version % 2 != 0)
        return false;
    kept.event = slot.event;
    std::atomic_thread_fence(std::memory_order_acquire);
    return __atomic_load_n(&slot.version, __ATOMIC_RELAXED) == kept.version;
}

} // namespace

std::vector<ioasid_event> whole_events(std::span<const ioasid_history_slot> slots,
                                       std::uint64_t end)
{
    std::vector<Kept> all;
    for (const ioasid_history_slot &slot : slots) {
        Kept kept;
        if (take(slot, kept) && kept.version <= IOASID_HISTORY_WHOLE(end - 1))
            all.push_back(kept);
    }
    std::sort(all.begin(), all.end(),
              [](const Kept &a, const Kept &b) { return a.version < b.version; });
    std::vector<ioasid_event> events;
    events.reserve(all.size());
    for (const Kept &kept : all)
        events.push_back(kept.event);
    return events;
}

} // namespace pasid
