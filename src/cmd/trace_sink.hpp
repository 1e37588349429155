// SPDX-License-Identifier: GPL-2.0-only
// Output of a trace: text, JSON or a recording.
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
    // Adds one batch. @stacks: none, or one per event.
    virtual void add(std::span<const ioasid_event> events, std::span<const EventStack> stacks) = 0;
    // Ends the trace. @lost: total number of lost events.
    virtual void end(std::uint64_t lost) = 0;
    virtual void resize() {}
    // The output file or terminal.
    virtual Output &output() = 0;
};

enum class TraceTime { wall, mono, delta };

// Output options.
struct SinkOptions {
    TraceTime time = TraceTime::wall;
    std::string record; // empty: print
};
// Returns the option for the file name.
CLI::Option *add_options(CLI::App &app, SinkOptions &options);

// Creates the sink, calls @write and reports write errors.
Result<Exit> write_events(Context &context, EventNames &names, const SinkOptions &options,
                          const std::function<Result<Exit>(TraceSink &)> &write);

} // namespace pasid
