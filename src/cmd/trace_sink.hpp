// SPDX-License-Identifier: GPL-2.0-only
// Where a trace goes: to a person, a script or a recording.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "cmd/command.hpp"
#include "lib/event_names.hpp"
#include "lib/event_source.hpp"

namespace CLI {
class Option;
}

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

// Where it goes, as it was asked for.
struct SinkOptions {
    TraceTime time = TraceTime::wall;
    std::string record; // empty: printed
};
// Returns the option that names the file.
CLI::Option *add_options(CLI::App &app, SinkOptions &options);

// Has @write print, or record; says when that could not be written.
Result<Exit> write_events(Context &context, EventNames &names, const SinkOptions &options,
                          const std::function<Result<Exit>(TraceSink &)> &write);

} // namespace pasid
