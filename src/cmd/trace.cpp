// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "cmd/environment_names.hpp"
#include "cmd/filter.hpp"
#include "cmd/number_option.hpp"
#include "cmd/trace_sink.hpp"
#include "lib/recording.hpp"
#include "lib/signals.hpp"

#include <chrono>
#include <limits>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>

namespace pasid {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t batch = 4096; // events between checks of signals and time

struct Options {
    EventFilter filter;
    std::uint64_t count = 0; // 0: no limit
    std::optional<double> seconds;
    std::uint64_t buffer = 32u << 20;
    bool stacks = false;
    SinkOptions sink;
    std::string replay;
};

// Source of the events, and what remains to be done here.
struct Input {
    EventSource &source;
    EventNames &names;
    bool filtered = false; // already, by the kernel
    const Replay *replay = nullptr;
};

class Tracer {
  public:
    Tracer(Context &context, Input input, TraceSink &sink, const Options &options)
        : context_(context), input_(input), sink_(sink), options_(options)
    {
    }

    Result<Exit> run()
    {
        const auto end = options_.seconds
                             ? Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                  std::chrono::duration<double>(*options_.seconds))
                             : Clock::time_point::max();
        sink_.begin();
        sink_.output().flush();
        if (!input_.replay)
            context_.note("tracing... press Ctrl-C to stop");

        bool more = true;
        while (more && sink_.output().good()) {
            more = wait(end) && Clock::now() < end;
            if (auto read = take(); !read)
                return read.error();
            more = more && !enough() && !(input_.replay && input_.replay->at_end());
        }
        return finish();
    }

  private:
    bool enough() const { return options_.count != 0 && printed_ >= options_.count; }

    // Waits for events. Returns false if the trace ends.
    bool wait(Clock::time_point end)
    {
        int timeout = input_.replay ? 0 : -1;
        if (end != Clock::time_point::max() && !input_.replay) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
            timeout = static_cast<int>(
                std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
        }
        pollfd wanted[]{{input_.source.fd(), POLLIN, 0},
                        {signals_.fd(), POLLIN, 0},
                        {context_.out.fd(), 0, 0}}; // POLLERR: the reader is gone
        if (poll(wanted, std::size(wanted), timeout) < 0 && errno != EINTR)
            return false;
        const Signals::Seen seen = signals_.take();
        if (seen.resized)
            sink_.resize();
        return !seen.stop && !(wanted[2].revents & (POLLERR | POLLNVAL));
    }

    // Reads one batch. The buffer only holds more if events arrive faster than they are printed.
    Result<void> take()
    {
        events_.clear();
        input_.names.new_batch();
        auto read = input_.source.read(events_, batch);
        const auto stacks = choose(input_.source.stacks());
        sink_.add(events_, stacks);
        sink_.output().flush();
        return read;
    }

    // The kernel filters and there is no limit, so every event is wanted.
    bool all_wanted() const { return input_.filtered && options_.count == 0; }

    // Keeps only wanted events in events_, up to the limit.
    std::span<const EventStack> choose(std::span<const EventStack> stacks)
    {
        std::size_t kept = 0;
        seen_ += events_.size();
        if (all_wanted())
            return stacks;
        chosen_.clear();
        for (std::size_t i = 0; i < events_.size() && !enough(); i++) {
            const ioasid_event &event = events_[i];
            if (!input_.filtered && !options_.filter.accepts(event, input_.names))
                continue;
            printed_ += event.type != IOASID_EVENT_LOST;
            lost_ += event.type == IOASID_EVENT_LOST ? event.value : 0;
            if (!stacks.empty())
                chosen_.push_back(stacks[i]);
            if (kept != i)
                events_[kept] = event;
            kept++;
        }
        events_.resize(kept);
        return chosen_;
    }

    // Prints the remaining events that happened before the end.
    Result<Exit> finish()
    {
        input_.source.stop();
        bool more = true;
        while (more && !enough() && sink_.output().good()) {
            const std::uint64_t before = seen_;
            if (auto read = take(); !read)
                return read.error();
            more = seen_ != before && !input_.replay;
        }
        sink_.end(all_wanted() ? input_.source.lost() : lost_);
        sink_.output().flush();
        return Exit::done;
    }

    Context &context_;
    Input input_;
    TraceSink &sink_;
    const Options &options_;
    Signals signals_;
    std::vector<ioasid_event> events_;
    std::vector<EventStack> chosen_;
    std::uint64_t seen_ = 0;
    std::uint64_t printed_ = 0;
    std::uint64_t lost_ = 0;
};

Result<Exit> run(Context &context, Input input, const Options &options)
{
    return write_events(context, input.names, options.sink, [&](TraceSink &sink) {
        return Tracer(context, input, sink, options).run();
    });
}

Result<Exit> replay(Context &context, const Options &options)
{
    auto recording = open_recording(options.replay);
    if (!recording)
        return std::move(recording).error();
    auto done =
        run(context, {**recording, (*recording)->names(), false, recording->get()}, options);
    if (done && (*recording)->at_end() && (*recording)->cut_off())
        context.note(options.replay + " has no end marker: the recording was cut off");
    return done;
}

Result<Exit> live(Context &context, const Options &options)
{
    EnvironmentNames live_names(context.environment);
    std::string left_over;
    EventSourceOptions wanted{.buffer_bytes = options.buffer, .stacks = options.stacks};
    wanted.filter = in_kernel(options.filter, live_names.cgroups(), live_names.names(), left_over);
    auto source = context.environment.open_events(wanted);
    if (!source)
        return std::move(source).error();
    if (!left_over.empty())
        context.note("does not exist yet: " + left_over);
    return run(context, {**source, live_names.names(), left_over.empty()}, options);
}

Result<Exit> trace(Context &context, const Options &options)
{
    return options.replay.empty() ? live(context, options) : replay(context, options);
}

} // namespace

Action setup_trace(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    add_options(app, options->filter);
    app.add_flag("--stack", options->stacks, "Include kernel and user stacks");
    app.add_option("-n,--count", options->count, "Stop after this many events")
        ->type_name("N")
        ->check(whole_number());
    app.add_option("--duration", options->seconds, "Stop after this many seconds")
        ->type_name("SECONDS")
        ->check(seconds_between(0, 1e9));
    app.add_option("--buffer", options->buffer, "Size of the event buffer, e.g. 4MiB")
        ->type_name("SIZE")
        ->transform(CLI::AsSizeValue(false))
        ->check(CLI::Range(std::uint64_t{4096}, std::uint64_t{1} << 30));
    auto *record = add_options(app, options->sink);
    app.add_option("--replay", options->replay, "Print the events recorded in this file")
        ->type_name("FILE")
        ->excludes(record);
    return [options](Context &context) { return trace(context, *options); };
}

} // namespace pasid
