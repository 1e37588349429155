// SPDX-License-Identifier: GPL-2.0-only
// Latencies and rates over a time, and PASIDs that appear unused.
#include "cmd/command.hpp"
#include "cmd/number_option.hpp"
#include "lib/latency_source.hpp"
#include "lib/signals.hpp"
#include "model/rates.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <cmath>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>

namespace pasid {

namespace {

struct Options {
    double seconds = 1;
    std::uint64_t unused_ns = 60'000'000'000;
};

constexpr std::array latency_names{
#define X(name, function, help) std::string_view{#name},
    IOASID_LATENCIES(X)
#undef X
};

// One row per reason to report a PASID.
struct UnusedCheck {
    std::string_view reason;
    bool (*holds)(const Ioasid &ioasid, const Options &options);
};
constexpr std::array unused_checks{
    UnusedCheck{"unused",
                [](const Ioasid &ioasid, const Options &options) {
    return is_unused(ioasid.state, ioasid.unused_ns, options.unused_ns);
                }},
    UnusedCheck{"free_pending",
                [](const Ioasid &ioasid, const Options &) {
    return ioasid.state == IOASID_STATE_FREE_PENDING;
                }},
    UnusedCheck{"spid_without_bind",
                [](const Ioasid &ioasid, const Options &options) {
    return ioasid.spid && ioasid.devices.empty() && ioasid.unused_ns >= options.unused_ns;
                }},
    };

struct UnusedPasid {
    const Ioasid *ioasid;
    std::string_view reason;
};

std::vector<UnusedPasid> unused_pasids(const Snapshot &snapshot, const Options &options)
{
    std::vector<UnusedPasid> list;
    for (const Ioasid &ioasid : snapshot.ioasids)
        for (const UnusedCheck &check : unused_checks)
            if (check.holds(ioasid, options))
                list.push_back({&ioasid, check.reason});
    return list;
}

struct Stats {
    Latencies latencies;
    double counted_seconds = 0; // time over which latencies were counted
    Rates rates;
    Snapshot snapshot;
    std::vector<UnusedPasid> unused;
};

// Waits until the time is over or a signal arrives.
void pause(double seconds)
{
    Signals signals;
    const auto end = clocks_now().mono_ns + static_cast<std::uint64_t>(seconds * 1e9);
    for (std::uint64_t now = clocks_now().mono_ns; now < end; now = clocks_now().mono_ns) {
        pollfd wanted{signals.fd(), POLLIN, 0};
        poll(&wanted, 1, static_cast<int>((end - now) / 1'000'000 + 1));
        if (signals.take().stop)
            return;
    }
}

Result<void> measure(Context &context, const Options &options, Stats &stats)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    const auto before = (*feed)->snapshot(part_system | part_devices);
    if (!before)
        return before.error();
    auto latencies = context.environment.open_latencies();
    if (!latencies)
        return std::move(latencies).error();
    const std::uint64_t begin_ns = clocks_now().mono_ns;
    context.note(fmt::format("measuring for {} s... press Ctrl-C to stop early", options.seconds));
    pause(options.seconds);
    stats.latencies = (*latencies)->read();
    stats.counted_seconds = static_cast<double>(clocks_now().mono_ns - begin_ns) / 1e9;
    auto after = (*feed)->snapshot(part_system | part_ioasids | part_devices);
    if (!after)
        return std::move(after).error();
    stats.rates = rates_between(*before, *after);
    stats.snapshot = std::move(*after);
    stats.unused = unused_pasids(stats.snapshot, options);
    return {};
}

double per_second(std::uint64_t count, const Stats &stats)
{
    const double seconds = stats.counted_seconds;
    return seconds > 0 ? std::round(static_cast<double>(count) / seconds * 10) / 10 : 0;
}

std::uint64_t bound_of(std::size_t slot) { return 1ull << slot; }

// Upper bound of the slot that contains the quantile @share.
std::uint64_t quantile(const ioasid_latency &latency, double share)
{
    std::uint64_t seen = 0;
    const auto wanted = share * static_cast<double>(latency.count);
    for (std::size_t slot = 0; slot < IOASID_LATENCY_SLOTS; slot++) {
        seen += latency.slots[slot];
        if (static_cast<double>(seen) >= wanted)
            return bound_of(slot);
    }
    return bound_of(IOASID_LATENCY_SLOTS - 1);
}

Json latency_json(std::string_view name, const ioasid_latency &latency, const Stats &stats)
{
    Json buckets = Json::array();
    for (std::size_t slot = 0; slot < IOASID_LATENCY_SLOTS; slot++)
        if (latency.slots[slot])
            buckets.push_back({{"below_ns", bound_of(slot)}, {"count", latency.slots[slot]}});
    return {{"op", name},
            {"count", latency.count},
            {"per_second", per_second(latency.count, stats)},
            {"total_ns", latency.total_ns},
            {"buckets", buckets}};
}

Json to_json(const Stats &stats)
{
    Json object = Json::object();
    object["seconds"] = stats.rates.seconds;
    object["events_per_second"] = std::round(stats.rates.events * 10) / 10;
    object["denials_per_second"] = std::round(stats.rates.denials * 10) / 10;
    object["latencies"] = Json::array();
    for (std::size_t kind = 0; kind < latency_names.size(); kind++)
        object["latencies"].push_back(
            latency_json(latency_names[kind], stats.latencies[kind], stats));
    object["suspects"] = Json::array();
    for (const UnusedPasid &unused : stats.unused) {
        Json row = pasid::to_json(*unused.ioasid);
        row["reason"] = unused.reason;
        object["suspects"].push_back(std::move(row));
    }
    return object;
}

void print_histogram(Context &context, std::string_view name, const ioasid_latency &latency,
                     const Stats &stats)
{
    constexpr double bar_width = 40;
    context.out.line(
        fmt::format("{}: {} ({:.1f}/s), mean {}, 99% below {}", name, latency.count,
                    per_second(latency.count, stats),
                    duration_text(latency.total_ns / std::max<std::uint64_t>(latency.count, 1)),
                    duration_text(quantile(latency, 0.99))));
    const std::uint64_t max_count =
        *std::max_element(std::begin(latency.slots), std::end(latency.slots));
    const auto used = [&](std::size_t slot) { return latency.slots[slot] != 0; };
    std::size_t first = 0, last = IOASID_LATENCY_SLOTS - 1;
    while (first < last && !used(first))
        first++;
    while (last > first && !used(last))
        last--;
    for (std::size_t slot = first; slot <= last; slot++) {
        const auto bar = static_cast<std::size_t>(std::ceil(
            bar_width * static_cast<double>(latency.slots[slot]) / static_cast<double>(max_count)));
        context.out.line(fmt::format("  < {:>6} {:>9} {}", duration_text(bound_of(slot)),
                                     latency.slots[slot], std::string(bar, '#')));
    }
}

void print_text(Context &context, const Stats &stats)
{
    context.out.line(fmt::format("in {:.1f} s: {:.1f} events/s, {:.1f} denials/s",
                                 stats.rates.seconds, stats.rates.events, stats.rates.denials));
    for (std::size_t kind = 0; kind < latency_names.size(); kind++)
        if (stats.latencies[kind].count)
            print_histogram(context, latency_names[kind], stats.latencies[kind], stats);
    if (stats.unused.empty()) {
        context.out.line("no PASID appears unused");
        return;
    }
    context.out.line("");
    const auto list = by_title<Ioasid>({"PASID", "STATE", "PID", "COMM", "CGROUP", "UNUSED"});
    auto columns = columns_of(list);
    columns.push_back({"REASON", Align::left, {}, Cut::end});
    std::vector<Cells> rows;
    for (const UnusedPasid &unused : stats.unused) {
        rows.push_back(cells_of(list, *unused.ioasid));
        rows.back().emplace_back(unused.reason);
    }
    print_cells(context.out, columns, rows, context.terminal);
}

Result<Exit> stats(Context &context, const Options &options)
{
    Stats seen;
    if (auto measured = measure(context, options, seen); !measured)
        return measured.error();
    if (context.json())
        context.out.line(json_text(to_json(seen)));
    else
        print_text(context, seen);
    return Exit::done;
}

} // namespace

Action setup_stats(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("--duration", options->seconds, "Measure for this many seconds (default: 1)")
        ->type_name("SECONDS")
        ->check(seconds_between(0, 1e6));
    app.add_option("--unused", options->unused_ns,
                   "Report PASIDs idle for at least this long, e.g. 30s (default: 60s)")
        ->type_name("TIME")
        ->transform(duration_in_ns());
    return [options](Context &context) { return stats(context, *options); };
}

} // namespace pasid
