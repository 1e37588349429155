// SPDX-License-Identifier: GPL-2.0
// A trace in a file: a header, then blocks, each with its kind and size.
// Names stand before the events that need them, so a recording that was cut off
// anywhere is one of what came before. Numbers are in the machine's byte order.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>

#include "lib/event_names.hpp"
#include "lib/event_source.hpp"

namespace pasid {

// Appends to @out, which somebody else writes to a file and empties.
class Recorder {
  public:
    Recorder(std::string &out, EventNames &names);

    // @stacks: one for each event.
    void add(std::span<const ioasid_event> events, std::span<const EventStack> stacks);
    // Events without stacks: returned are the bytes that must follow @out.
    std::string_view add(std::span<const ioasid_event> events);
    // Without it a reader knows that it was cut off.
    void end();

  private:
    void learn(const ioasid_event &event);
    void learn_cgroup(std::uint64_t id);
    void name(std::uint32_t kind, std::uint64_t id, const std::string &name);
    void block(std::uint32_t kind, std::size_t bytes);

    std::string &out_;
    EventNames &names_;
    std::uint64_t last_cgroup_ = 0;
    std::unordered_set<std::uint64_t> cgroups_;
    std::unordered_set<std::uint32_t> devices_, rules_;
};

// The events of a recording, with the names that they had.
class Replay : public EventSource {
  public:
    virtual EventNames &names() = 0;
    virtual bool at_end() const = 0;
    // At the end: it has no end of its own, who wrote it was killed or its disk full.
    virtual bool cut_off() const = 0;
};

Result<std::unique_ptr<Replay>> open_recording(const std::string &path);

} // namespace pasid
