// SPDX-License-Identifier: GPL-2.0-only
// What a recording is made of: a header, then frames, each with its length before it. A frame is
// CBOR. It holds what changed since the frame before; a key frame holds everything, and needs
// none before it. So a file that was cut off is good up to its last whole frame.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>

#include "lib/result.hpp"
#include "model/event.hpp"
#include "model/snapshot.hpp"

namespace pasid::record {

using Cell = nlohmann::json;

inline constexpr char magic[8] = {'P', 'A', 'S', 'I', 'D', 'T', 'O', 'P'};
inline constexpr std::uint32_t version = 2; // readers refuse any other
inline constexpr std::size_t header_size = sizeof(magic) + sizeof(version);

// Little endian, before each frame: what is needed to find a moment without reading the frames.
struct FrameHeader {
    std::uint32_t bytes = 0; // of the CBOR behind it
    std::uint32_t is_key = 0;
    std::uint64_t wall_ns = 0;
};
inline constexpr std::size_t frame_header_size = 16;
static_assert(sizeof(FrameHeader) == frame_header_size);
inline constexpr std::uint32_t max_bytes = 256u << 20; // more is damage

// Every string is written once between two key frames, and is a number after that.
class Strings {
  public:
    std::uint32_t number(const std::string &text);
    const std::string &text(std::uint32_t number) const; // throws std::out_of_range
    void clear();

    std::vector<std::string> take_new() { return std::exchange(new_, {}); }
    void add(const std::string &text);

  private:
    std::unordered_map<std::string, std::uint32_t> numbers_;
    std::vector<std::string> texts_;
    std::vector<std::string> new_;
};

// Rows of one kind as they stood in the last frame, by what identifies a row.
using Rows = std::map<std::vector<std::uint64_t>, Cell>;

// One frame and the events since the one before.
struct Frame {
    Snapshot snapshot;
    std::vector<Event> events;
};

class Encoder {
  public:
    // The bytes of the next frame, head and all. @key: it shall need none before it.
    std::vector<std::uint8_t> encode(const Frame &frame, bool key);

  private:
    Strings strings_;
    std::vector<Rows> rows_;
};

class Decoder {
  public:
    // The frame that follows the one decoded last, or any key frame.
    Result<Frame> decode(std::span<const std::uint8_t> cbor, bool key);

  private:
    Strings strings_;
    std::vector<Rows> rows_;
};

} // namespace pasid::record
