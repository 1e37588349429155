// SPDX-License-Identifier: GPL-2.0-only
// Recording format: a header, then frames, each preceded by its length. A frame is CBOR and holds
// the changes since the previous frame; a key frame is complete. A truncated file is usable up to
// its last complete frame.
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
inline constexpr std::uint32_t version = 3; // readers reject any other
inline constexpr std::size_t header_size = sizeof(magic) + sizeof(version);

// Little endian, before each frame. Allows seeking without decoding frames.
struct FrameHeader {
    std::uint32_t bytes = 0; // of the CBOR that follows
    std::uint32_t is_key = 0;
    std::uint64_t wall_ns = 0;
};
inline constexpr std::size_t frame_header_size = 16;
static_assert(sizeof(FrameHeader) == frame_header_size);
inline constexpr std::uint32_t max_bytes = 256u << 20; // larger frames are invalid

// String table: between two key frames each string is written once and then referenced by number.
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

// Rows of one kind in the last frame, by ID.
using Rows = std::map<std::vector<std::uint64_t>, Cell>;

// A snapshot and the events since the previous frame.
struct Frame {
    Snapshot snapshot;
    std::vector<Event> events;
};

class Encoder {
  public:
    // Returns the next frame including its header. @key: makes a key frame.
    std::vector<std::uint8_t> encode(const Frame &frame, bool key);

  private:
    Strings strings_;
    std::vector<Rows> rows_;
};

class Decoder {
  public:
    // Decodes the frame after the last one decoded, or any key frame.
    Result<Frame> decode(std::span<const std::uint8_t> cbor, bool key);

  private:
    Strings strings_;
    std::vector<Rows> rows_;
};

} // namespace pasid::record
