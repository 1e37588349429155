// SPDX-License-Identifier: GPL-2.0-only
// An event with names instead of IDs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ioasid/types.h>

namespace pasid {

// Innermost frame first, as far as frames could be symbolized.
struct EventStack {
    std::vector<std::string> kernel, user;
};

struct Event {
    std::uint64_t ts_ns = 0; // CLOCK_MONOTONIC
    std::uint64_t wall_ns = 0;
    std::uint64_t seq = 0;
    ioasid_event_type type = IOASID_EVENT_ALLOC;
    ioasid_op op = IOASID_OP_NONE;          // deny
    ioasid_mode mode = IOASID_MODE_ENFORCE; // deny
    std::optional<std::uint32_t> pasid;
    std::optional<std::uint32_t> spid;
    std::uint32_t pid = 0;
    std::uint32_t tid = 0;
    std::string comm;
    std::uint64_t cgroup_id = 0;
    std::string cgroup;                      // "" if the event has none
    std::optional<std::string> limit_cgroup; // deny, warn: the cgroup that has the limit
    std::optional<std::string> from_cgroup;  // move
    std::optional<std::string> rule;         // deny, warn
    std::string device;                      // "" if the event has none
    int error = 0;                           // 0 or a negative errno
    std::uint64_t value = 0;                 // see struct ioasid_event; lost: number of events
    std::uint64_t length = 0;                // map, unmap, invalidate: bytes
    std::optional<std::uint32_t> ioas;       // I/O address space
    std::uint32_t reason = 0;                // ioasid_fault_reason; 0: none
    std::string where;                       // lost: where
    std::uint64_t delta_ns = 0;              // since the previously printed event
    std::optional<EventStack> stack;         // if requested

    bool failed() const { return error != 0 || type == IOASID_EVENT_DENY; }
};

} // namespace pasid
