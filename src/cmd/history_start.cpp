// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "cmd/number_option.hpp"
#include "render/json.hpp"

#include <bit>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

struct Options {
    std::uint32_t size = 4096;
};

Result<Exit> start(Context &context, const Options &options)
{
    const std::uint32_t size = std::bit_ceil(options.size);
    const auto store = context.environment.open_history();
    const auto started = store->start(size);
    if (!started)
        return started.error();
    if (!*started) {
        const auto now = store->state();
        if (!now)
            return now.error();
        if (*now && (*now)->size != size)
            return Error{
                "cannot start the history",
                fmt::format("it is already on and records {} events", (*now)->size),
                fmt::format("stop it first: pasidctl history stop; then start --size {}", size), 0,
                Exit::negative};
    }
    if (context.json())
        context.out.line(json_text({{"started", *started}, {"size", size}}));
    else
        context.out.line(fmt::format("{}: recording the latest {} events",
                                     *started ? "started" : "already on", size));
    return Exit::done;
}

} // namespace

Action setup_history_start(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("--size", options->size,
                   fmt::format("Number of events to record (default: 4096, maximum: {}); rounded "
                               "up to a power of two",
                               IOASID_HISTORY_MAX_SIZE))
        ->type_name("EVENTS")
        ->check(whole_number(1, IOASID_HISTORY_MAX_SIZE));
    return [options](Context &context) { return start(context, *options); };
}

} // namespace pasid
