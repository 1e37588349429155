// SPDX-License-Identifier: GPL-2.0-only
// A trace in a file. Names precede the events that use them, so a truncated recording is still
// valid up to where it ends.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>

#include "lib/event_names.hpp"
#include "lib/event_source.hpp"
#include "lib/recording_format.hpp"

namespace pasid {

// Appends to @out, which the caller writes to a file and empties.
class Recorder {
  public:
    Recorder(std::string &out, EventNames &names);

    // @stacks: none, or one per event.
    void add(std::span<const ioasid_event> events, std::span<const EventStack> stacks);
    // Writes the end marker; without it a reader detects truncation.
    void end();

  private:
    bool names_written(const ioasid_event &event) const;
    void write_names(const ioasid_event &event);
    void write_cgroup_name(std::uint64_t id);
    void write_rule_name(std::uint32_t id);
    void name(std::uint32_t kind, std::uint64_t id, const std::string &name);
    void block(std::uint32_t kind, std::size_t bytes);
    void write(std::span<const ioasid_event> events);

    std::string &out_;
    EventNames &names_;
    // IDs whose names are already in the file
    std::unordered_set<std::uint64_t> cgroups_{0};
    std::unordered_set<std::uint32_t> devices_{0}, rules_{0};
};

// The events of a recording, with the names recorded for them.
class Replay : public EventSource {
  public:
    virtual EventNames &names() = 0;
    virtual bool at_end() const = 0;
    // At the end: there is no end marker, because the writer was killed or the disk was full.
    virtual bool cut_off() const = 0;
};

Result<std::unique_ptr<Replay>> open_recording(const std::string &path);

} // namespace pasid
