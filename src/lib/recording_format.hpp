// SPDX-License-Identifier: GPL-2.0
// How a recording lies in its file: a header, then blocks. Numbers are in the
// machine's byte order.
#pragma once

#include <array>
#include <cstdint>

#include <ioasid/types.h>

namespace pasid::recording {

inline constexpr std::array<char, 8> magic{'p', 'a', 's', 'i', 'd', 't', 'r', 'c'};
inline constexpr std::uint32_t version = 2;

struct Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t event_bytes; // sizeof(struct ioasid_event)
    std::uint64_t wall_offset_ns;
};

// What a block has in it. Readers pass over those that they do not know.
enum Kind : std::uint32_t {
    kind_events = 1, // Begin, then Change, one after the other
    kind_cgroup,     // 8 bytes id, the name
    kind_device,
    kind_rule,
    kind_stack, // of the next event: lines "k FRAME", "u FRAME"
    kind_end,
    kind_steady, // Steady
};

struct Block {
    std::uint32_t kind;
    std::uint32_t bytes; // behind this
};

inline constexpr std::uint32_t most_bytes = 64u << 20; // more is no block of ours

// What many events have in common: all but what is in a Change. Stands for @number
// from here on.
struct Steady {
    std::uint64_t number;
    ioasid_event event;
};
inline constexpr unsigned number_bits = 12;

struct Begin {
    std::uint64_t ts_ns, seq;
};

// One event.
struct Change {
    std::uint64_t value;
    std::int32_t ts_ns, seq; // more than the block's Begin
    std::uint32_t pasid;
    std::uint32_t number; // of a Steady
};
static_assert(sizeof(Change) == 24 && sizeof(Steady) == 96);

} // namespace pasid::recording
