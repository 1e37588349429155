// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "cmd/environment_names.hpp"
#include "cmd/filter.hpp"
#include "cmd/number_option.hpp"
#include "cmd/trace_sink.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

struct Options {
    EventFilter filter;
    std::uint64_t count = 0; // number of latest events; 0: all
    SinkOptions sink;
};

Result<History> read(Context &context)
{
    auto history = context.environment.open_history()->read();
    if (!history)
        return std::move(history).error();
    if (!*history)
        return Error{"cannot show the history", "it is off", "start it: pasidctl history start", 0,
                     Exit::negative};
    return std::move(**history);
}

Result<Exit> show(Context &context, const Options &options)
{
    auto history = read(context);
    if (!history)
        return std::move(history).error();
    EnvironmentNames live_names(context.environment);
    auto &events = history->events;
    std::erase_if(events, [&](const ioasid_event &event) {
        return !options.filter.accepts(event, live_names.names());
    });
    if (options.count != 0 && events.size() > options.count)
        events.erase(events.begin(), events.end() - static_cast<std::ptrdiff_t>(options.count));
    if (history->older > 0)
        context.note(fmt::format("{} older events were overwritten", history->older));
    return write_events(context, live_names.names(), options.sink, [&](TraceSink &sink) {
        sink.begin();
        sink.add(events, {});
        sink.end(history->lost);
        sink.output().flush();
        return Exit::done;
    });
}

} // namespace

Action setup_history_show(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    add_options(app, options->filter);
    app.add_option("-n,--count", options->count, "Print only the last N events")
        ->type_name("N")
        ->check(whole_number());
    add_options(app, options->sink);
    return [options](Context &context) { return show(context, *options); };
}

} // namespace pasid
