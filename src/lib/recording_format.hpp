// SPDX-License-Identifier: GPL-2.0-only
// File format of recordings: a header, then blocks. Numbers are in native byte order.
#pragma once

#include <array>
#include <cstdint>

#include <ioasid/types.h>

namespace pasid::recording {

inline constexpr std::array<char, 8> magic{'p', 'a', 's', 'i', 'd', 't', 'r', 'c'};
inline constexpr std::uint32_t version = 5;

struct Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t event_bytes; // sizeof(struct ioasid_event)
    std::uint64_t wall_offset_ns;
};

// Contents of a block. Readers skip unknown kinds.
enum Kind : std::uint32_t {
    kind_events = 1, // array of struct ioasid_event
    kind_cgroup,     // 8 bytes of ID, then the name
    kind_device,
    kind_rule,
    kind_stack, // of the next event: lines "k FRAME", "u FRAME"
    kind_end,
    kind_event_type, // 8 bytes of event number, then the name; before all events
};

struct Block {
    std::uint32_t kind;
    std::uint32_t bytes; // of the contents that follow
};

inline constexpr std::uint32_t max_bytes = 64u << 20; // larger blocks are invalid

} // namespace pasid::recording
