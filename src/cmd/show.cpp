// SPDX-License-Identifier: GPL-2.0
#include "cmd/command.hpp"
#include "lib/recording.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

struct Options {
    std::uint32_t pasid = 0;
    std::string recording;
};

struct Shown {
    Ioasid ioasid;
    std::vector<Binding> bindings;
    std::optional<std::vector<Event>> events; // when there is a recording of them
};

Result<Shown> read_state(Context &context, std::uint32_t pasid)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    (*feed)->look_at({.pasid = pasid});
    auto snapshot = (*feed)->snapshot(part_ioasids | part_bindings);
    if (!snapshot)
        return std::move(snapshot).error();

    const auto found = std::find_if(snapshot->ioasids.begin(), snapshot->ioasids.end(),
                                    [&](const Ioasid &row) { return row.pasid == pasid; });
    if (found == snapshot->ioasids.end())
        return Error{fmt::format("PASID {}", pasid), "nobody holds it", "see pasidctl list", 0,
                     Exit::negative};
    Shown shown{*found, {}, {}};
    std::copy_if(snapshot->bindings.begin(), snapshot->bindings.end(),
                 std::back_inserter(shown.bindings),
                 [&](const Binding &row) { return row.pasid == pasid; });
    return shown;
}

// What was recorded of it since it was allocated: before that the number was somebody else's.
Result<void> read_events(const std::string &path, Shown &shown)
{
    constexpr std::size_t most = 4096; // at once
    auto recording = open_recording(path);
    if (!recording)
        return std::move(recording).error();
    auto &events = shown.events.emplace();
    std::vector<ioasid_event> batch;
    while (!(*recording)->at_end()) {
        batch.clear();
        if (auto read = (*recording)->read(batch, most); !read)
            return read;
        for (const ioasid_event &event : batch) {
            if (event.pasid != shown.ioasid.pasid)
                continue;
            if (event.type == IOASID_EVENT_ALLOC)
                events.clear();
            join_event(event, (*recording)->names(), events.emplace_back());
        }
    }
    return {};
}

// A time is printed with its unit, which is not the key's.
std::string_view label(std::string_view key)
{
    return key.ends_with("_ns") ? key.substr(0, key.size() - 3) : key;
}

void print_text(Context &context, const Shown &shown)
{
    for (const Field<Ioasid> &field : fields<Ioasid>())
        context.out.line(fmt::format("{:<10} {}", label(field.key), field.text(shown.ioasid)));
    if (!shown.bindings.empty()) {
        context.out.line("");
        print_table(context.out, by_title<Binding>({"DEVICE", "FAULTS", "AGE"}),
                    std::span<const Binding>(shown.bindings), context.terminal);
    }
    if (shown.events) {
        context.out.line("");
        print_table(context.out, by_title<Event>({"TIME", "EVENT", "PID", "DEVICE", "RESULT"}),
                    std::span<const Event>(*shown.events), context.terminal);
    }
}

Result<Exit> show(Context &context, const Options &options)
{
    auto shown = read_state(context, options.pasid);
    if (!shown)
        return std::move(shown).error();
    if (!options.recording.empty())
        if (auto read = read_events(options.recording, *shown); !read)
            return read.error();
    if (!context.json()) {
        print_text(context, *shown);
        return Exit::done;
    }
    Json object = to_json(shown->ioasid);
    object["bindings"] = to_json(std::span<const Binding>(shown->bindings));
    if (shown->events)
        object["events"] = to_json(std::span<const Event>(*shown->events));
    context.out.line(json_text(object));
    return Exit::done;
}

} // namespace

Action setup_show(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("PASID", options->pasid, "Which one")->required();
    app.add_option("--events", options->recording,
                   "With its events so far, of this recording of trace -o")
        ->type_name("FILE");
    return [options](Context &context) { return show(context, *options); };
}

} // namespace pasid
