// SPDX-License-Identifier: GPL-2.0
// Where a trace goes: to a person, a script or a recording.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "cmd/command.hpp"
#include "lib/event_names.hpp"
#include "lib/event_source.hpp"

namespace pasid {

class TraceSink {
  public:
    virtual ~TraceSink() = default;

    virtual void begin() {}
    // One batch. @stacks: none, or one for each event.
    virtual void add(std::span<const ioasid_event> events, std::span<const EventStack> stacks) = 0;
    // Nothing follows. @lost: all that were lost, told once more.
    virtual void end(std::uint64_t lost) = 0;
    virtual void resize() {}
    // The file or terminal that it goes to.
    virtual Output &output() = 0;
};

enum class TraceTime { wall, mono, delta };

std::unique_ptr<TraceSink> json_sink(Context &context, EventNames &names);
std::unique_ptr<TraceSink> text_sink(Context &context, EventNames &names, TraceTime time);
Result<std::unique_ptr<TraceSink>> file_sink(const std::string &path, EventNames &names);

} // namespace pasid
