// SPDX-License-Identifier: GPL-2.0-only
// How a recording lies in its file: a header, then blocks. Numbers are in the
// machine's byte order.
#pragma once

#include <array>
#include <cstdint>

#include <ioasid/types.h>

namespace pasid::recording {

inline constexpr std::array<char, 8> magic{'p', 'a', 's', 'i', 'd', 't', 'r', 'c'};
inline constexpr std::uint32_t version = 4;

struct Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t event_bytes; // sizeof(struct ioasid_event)
    std::uint64_t wall_offset_ns;
};

// What a block has in it. Readers pass over those that they do not know.
enum Kind : std::uint32_t {
    kind_events = 1, // struct ioasid_event, one after the other
    kind_cgroup,     // 8 bytes id, the name
    kind_device,
    kind_rule,
    kind_stack, // of the next event: lines "k FRAME", "u FRAME"
    kind_end,
    kind_event_type, // 8 bytes number, the name: before all events
};

struct Block {
    std::uint32_t kind;
    std::uint32_t bytes; // behind this
};

inline constexpr std::uint32_t max_bytes = 64u << 20; // more is no block of ours

} // namespace pasid::recording
