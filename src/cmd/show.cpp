// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "cmd/environment_names.hpp"
#include "lib/host.hpp"
#include "lib/recording.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pasid {

namespace {

constexpr std::size_t recent = 10; // number of history events to print

struct Options {
    std::uint32_t pasid = 0;
    std::string recording;
};

struct PasidDetails {
    Ioasid ioasid;
    std::vector<Binding> bindings;
    std::optional<std::vector<Event>> events; // if a recording or the history is available
    bool owner_exited = false;                // the holder, as far as can be determined
    // If so: the PIDs that have its descriptor; nothing without permission to list them.
    std::optional<std::vector<std::uint32_t>> descriptor_pids{};
};

// A process may have chosen such a name itself; then it is among those that have the descriptor.
bool owner_may_have_exited(const Ioasid &ioasid)
{
    return ioasid.comm.starts_with('(') && ioasid.comm.ends_with(')');
}

// /proc/PID/fdinfo names the set of each descriptor of /dev/ioasid.
std::optional<std::vector<std::uint32_t>> descriptor_holders(Host &host, std::uint64_t set)
{
    const std::string wanted = fmt::format("ioasid-set:\t{}\n", set);
    std::vector<std::uint32_t> pids;
    for (const std::string &process : host.names_in("/proc")) {
        if (process.find_first_not_of("0123456789") != process.npos)
            continue;
        const std::string directory = fmt::format("/proc/{}/fdinfo", process);
        if (const int error = host.try_list(directory); error == EACCES || error == EPERM)
            return std::nullopt;
        const auto names = host.names_in(directory);
        if (std::any_of(names.begin(), names.end(), [&](const std::string &name) {
                const auto text = host.read(directory + "/" + name);
                return text && (*text + "\n").find(wanted) != text->npos;
            }))
            pids.push_back(static_cast<std::uint32_t>(std::stoul(process)));
    }
    return pids;
}

Result<PasidDetails> read_state(Context &context, std::uint32_t pasid)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    (*feed)->set_window({.pasid = pasid});
    auto snapshot = (*feed)->snapshot(part_ioasids | part_bindings);
    if (!snapshot)
        return std::move(snapshot).error();

    const auto found = std::find_if(snapshot->ioasids.begin(), snapshot->ioasids.end(),
                                    [&](const Ioasid &row) { return row.pasid == pasid; });
    if (found == snapshot->ioasids.end())
        return Error{fmt::format("PASID {}", pasid), "it is not allocated", "see pasidctl list", 0,
                     Exit::negative};
    PasidDetails details{*found, {}, {}};
    if (owner_may_have_exited(*found)) {
        details.descriptor_pids = descriptor_holders(*context.environment.open_host(), found->set);
        details.owner_exited =
            !details.descriptor_pids ||
            std::find(details.descriptor_pids->begin(), details.descriptor_pids->end(),
                      found->pid) == details.descriptor_pids->end();
        if (!details.owner_exited)
            details.descriptor_pids.reset();
    }
    std::copy_if(snapshot->bindings.begin(), snapshot->bindings.end(),
                 std::back_inserter(details.bindings),
                 [&](const Binding &row) { return row.pasid == pasid; });
    return details;
}

// Events since the PASID was allocated; before that it belonged to another holder.
void add_events(std::span<const ioasid_event> batch, EventNames &names, PasidDetails &details)
{
    for (const ioasid_event &event : batch) {
        if (event.pasid != details.ioasid.pasid)
            continue;
        if (event.type == IOASID_EVENT_ALLOC)
            details.events->clear();
        join_event(event, names, details.events->emplace_back());
    }
}

Result<void> read_recording(const std::string &path, PasidDetails &details)
{
    constexpr std::size_t max_count = 4096; // per read
    auto recording = open_recording(path);
    if (!recording)
        return std::move(recording).error();
    details.events.emplace();
    std::vector<ioasid_event> batch;
    while (!(*recording)->at_end()) {
        batch.clear();
        if (auto read = (*recording)->read(batch, max_count); !read)
            return read;
        add_events(batch, (*recording)->names(), details);
    }
    return {};
}

Result<void> read_history(Context &context, PasidDetails &details)
{
    const auto history = context.environment.open_history()->read();
    if (!history)
        return history.error();
    if (!*history)
        return {};
    EnvironmentNames live_names(context.environment);
    details.events.emplace();
    add_events((*history)->events, live_names.names(), details);
    return {};
}

// Times are printed with a unit, so the key's _ns is removed.
std::string_view label(std::string_view key)
{
    return key.ends_with("_ns") ? key.substr(0, key.size() - 3) : key;
}

template <class Row> std::span<const Row> last(const std::vector<Row> &rows, std::size_t max_count)
{
    return std::span(rows).last(std::min(rows.size(), max_count));
}

// @max_events: number of latest events.
void print_text(Context &context, const PasidDetails &details, std::size_t max_events)
{
    for (const Field<Ioasid> &field : fields<Ioasid>())
        context.out.line(fmt::format("{:<10} {}", label(field.key), field.text(details.ioasid)));
    if (details.owner_exited)
        context.out.line(fmt::format(
            "{:<10} {}", "process",
            !details.descriptor_pids
                ? "unknown; only root can see whether it has exited and who holds its descriptor"
            : details.descriptor_pids->empty()
                ? "exited"
                : fmt::format("exited, descriptor held by {}",
                              fmt::join(*details.descriptor_pids, ", "))));
    if (!details.bindings.empty()) {
        context.out.line("");
        print_table(context.out, by_title<Binding>({"DEVICE", "FAULTS", "AGE", "KIND", "IOAS"}),
                    std::span<const Binding>(details.bindings), context.terminal);
    }
    context.out.line("");
    if (details.events)
        print_table(context.out, by_title<Event>({"TIME", "EVENT", "PID", "DEVICE", "RESULT"}),
                    last(*details.events, max_events), context.terminal);
    else
        context.out.line("no events are recorded; to record them: pasidctl history start");
}

Result<Exit> show(Context &context, const Options &options)
{
    auto details = read_state(context, options.pasid);
    if (!details)
        return std::move(details).error();
    const bool recorded = !options.recording.empty();
    auto read =
        recorded ? read_recording(options.recording, *details) : read_history(context, *details);
    if (!read && recorded)
        return std::move(read).error();
    if (!read) // the rest can still be shown
        context.note(describe(read.error()));
    if (!context.json()) {
        print_text(context, *details, recorded ? details->events->size() : recent);
        return Exit::done;
    }
    Json object = to_json(details->ioasid);
    object["kept_by"] = details->descriptor_pids ? Json(*details->descriptor_pids) : Json(nullptr);
    object["bindings"] = to_json(std::span<const Binding>(details->bindings));
    object["events"] =
        details->events ? to_json(std::span<const Event>(*details->events)) : Json(nullptr);
    context.out.line(json_text(object));
    return Exit::done;
}

} // namespace

Action setup_show(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("PASID", options->pasid, "The PASID to show")->required();
    app.add_option("--events", options->recording,
                   "Take events from this trace recording instead of the history")
        ->type_name("FILE");
    return [options](Context &context) { return show(context, *options); };
}

} // namespace pasid
