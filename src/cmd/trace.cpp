// SPDX-License-Identifier: GPL-2.0
#include "cmd/command.hpp"
#include "cmd/filter.hpp"
#include "lib/signals.hpp"
#include "model/names.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <chrono>
#include <limits>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>

namespace pasid {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t batch = 4096; // events between two looks at signals and time

struct Options {
    EventFilter filter;
    std::uint64_t count = 0; // 0: no limit
    std::optional<double> seconds;
    std::uint64_t buffer = EventSourceOptions{}.buffer_bytes;
};

Tone tone_of(const Event &event)
{
    switch (event.type) {
    case IOASID_EVENT_DENY:
        return event.mode == IOASID_MODE_AUDIT ? Tone::warning : Tone::bad;
    case IOASID_EVENT_FAULT:
    case IOASID_EVENT_LOST:
        return Tone::bad;
    case IOASID_EVENT_WARN:
        return Tone::warning;
    default:
        return event.failed() ? Tone::bad : Tone::plain;
    }
}

// Text or JSON, one event after the other.
class Printer {
  public:
    explicit Printer(Context &context)
        : context_(context), table_(columns_of(columns()), context.terminal)
    {
    }

    void header()
    {
        if (!context_.json())
            context_.out.line(table_.header());
    }
    void print(const Event &event)
    {
        if (context_.json())
            context_.out.line(json_text(to_json(event)));
        else
            context_.out.line(table_.row(cells_of(columns(), event), tone_of(event)));
    }
    void resize()
    {
        const Terminal now = detect_terminal(context_.out.fd(), context_.flags.no_color);
        table_.resize(now);
    }

  private:
    static const FieldList<Event> &columns()
    {
        static const auto list = by_title<Event>(
            {"TIME", "PASID", "EVENT", "PID", "COMM", "CGROUP", "DEVICE", "RESULT"});
        return list;
    }

    Context &context_;
    StreamTable table_;
};

class Tracer {
  public:
    Tracer(Context &context, Feed &feed, const Options &options)
        : context_(context), feed_(feed), options_(options), printer_(context)
    {
    }

    Result<Exit> run()
    {
        const auto end = options_.seconds
                             ? Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                                  std::chrono::duration<double>(*options_.seconds))
                             : Clock::time_point::max();
        printer_.header();
        context_.out.flush();
        context_.note("tracing... Ctrl-C ends");

        bool more = true;
        while (more && context_.out.good()) {
            more = wait(end) && Clock::now() < end;
            if (auto read = take(); !read)
                return read.error();
            more = more && !enough();
        }
        return finish();
    }

  private:
    bool enough() const { return options_.count != 0 && told_ >= options_.count; }

    // Until events wait, or something ends the trace: false.
    bool wait(Clock::time_point end)
    {
        int timeout = -1;
        if (end != Clock::time_point::max()) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
            timeout = static_cast<int>(
                std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
        }
        pollfd wanted[]{{feed_.event_fd(), POLLIN, 0},
                        {signals_.fd(), POLLIN, 0},
                        {context_.out.fd(), 0, 0}}; // POLLERR: its reader is gone
        if (poll(wanted, std::size(wanted), timeout) < 0 && errno != EINTR)
            return false;
        const Signals::Seen seen = signals_.take();
        if (seen.resized)
            printer_.resize();
        return !seen.stop && !(wanted[2].revents & (POLLERR | POLLNVAL));
    }

    // One batch; so much is in the buffer only when events come faster than
    // they are printed.
    Result<void> take()
    {
        events_.clear();
        auto read = feed_.events(events_, batch);
        for (const Event &event : events_) {
            if (enough())
                break;
            tell(event);
        }
        context_.out.flush();
        return read;
    }

    void tell(const Event &event)
    {
        if (event.type == IOASID_EVENT_LOST)
            lost_ += event.value;
        else if (!options_.filter.accepts(event))
            return;
        else
            told_++;
        printer_.print(event);
    }

    // What happened before the end is told too, but not what goes on happening.
    Result<Exit> finish()
    {
        const std::uint64_t now = clocks_now().mono_ns;
        bool older = true;
        while (older && !enough() && context_.out.good()) {
            events_.clear();
            if (auto read = feed_.events(events_, batch); !read)
                return read.error();
            older = !events_.empty();
            for (const Event &event : events_) {
                older = older && event.ts_ns <= now;
                if (!enough() && (older || event.type == IOASID_EVENT_LOST))
                    tell(event);
            }
        }
        if (lost_ > 0) {
            Event total;
            total.type = IOASID_EVENT_LOST;
            const Clocks clocks = clocks_now();
            total.ts_ns = clocks.mono_ns;
            total.wall_ns = clocks.wall_ns;
            total.value = lost_;
            total.where = "total";
            printer_.print(total);
        }
        return Exit::done;
    }

    Context &context_;
    Feed &feed_;
    const Options &options_;
    Printer printer_;
    Signals signals_;
    std::vector<Event> events_;
    std::uint64_t told_ = 0;
    std::uint64_t lost_ = 0;
};

Result<Exit> trace(Context &context, const Options &options)
{
    auto feed = context.environment.open_feed(
        {.snapshots = true, .events = true, .event_options = {.buffer_bytes = options.buffer}});
    if (!feed)
        return std::move(feed).error();
    return Tracer(context, **feed, options).run();
}

} // namespace

Action setup_trace(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    add_options(app, options->filter);
    app.add_option("-n,--count", options->count, "End after so many events")->type_name("N");
    app.add_option("--duration", options->seconds, "End after so many seconds")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.0, 1e9));
    app.add_option("--buffer", options->buffer, "Size of the buffer for events, like 4MiB")
        ->type_name("SIZE")
        ->transform(CLI::AsSizeValue(false))
        ->check(CLI::Range(std::uint64_t{4096}, std::uint64_t{1} << 30));
    return [options](Context &context) { return trace(context, *options); };
}

} // namespace pasid
