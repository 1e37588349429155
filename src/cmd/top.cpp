// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "cmd/number_option.hpp"
#include "lib/module.hpp"
#include "lib/signals.hpp"
#include "model/rates.hpp"
#include "record/recording_feed.hpp"
#include "record/replay_feed.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"
#include "tui/tui.hpp"

#include <array>
#include <cmath>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>

namespace pasid {

namespace {

struct Options {
    bool batch = false;
    std::uint64_t frames = 0; // 0: unlimited
    std::size_t rows = 1000;  // maximum number of PASIDs in batch mode; 0: all
    std::optional<double> seconds;
    std::optional<std::string> view, theme;
    std::string record;
    std::string replay;
};

// What batch mode prints below the summary.
struct BatchView {
    std::string_view name;
    unsigned parts;
    void (*print)(Context &context, const Snapshot &snapshot);
    Json (*json)(const Snapshot &snapshot);
};

template <class Row> Json rows_json(const std::vector<Row> &rows)
{
    return to_json(std::span<const Row>(rows));
}

template <class Row>
void print_rows(Context &context, const std::vector<Row> &rows,
                std::initializer_list<std::string_view> titles)
{
    print_table(context.out, by_title<Row>(titles), std::span<const Row>(rows), context.terminal);
}

constexpr std::array views{
    BatchView{"cgroups", part_cgroups,
              [](Context &context, const Snapshot &snapshot) {
    print_rows(context, snapshot.cgroups,
               {"CGROUP", "RULE", "MAX", "CURRENT", "PEAK", "DENIED", "ASKED", "WOULD"});
              },
              [](const Snapshot &snapshot) { return rows_json(snapshot.cgroups); }},
    BatchView{"processes", part_processes,
              [](Context &context, const Snapshot &snapshot) {
    print_rows(context, snapshot.processes,
               {"PID", "COMM", "CGROUP", "PASIDS", "ACTIVE", "PENDING", "BOUND", "OLDEST"});
              },
              [](const Snapshot &snapshot) { return rows_json(snapshot.processes); }},
    BatchView{"pasids", part_ioasids,
              [](Context &context, const Snapshot &snapshot) {
    print_rows(context, snapshot.ioasids,
               {"PASID", "STATE", "PID", "COMM", "CGROUP", "DEVICES", "AGE"});
              },
              [](const Snapshot &snapshot) { return rows_json(snapshot.ioasids); }},
    BatchView{"devices", part_devices,
              [](Context &context, const Snapshot &snapshot) {
    print_rows(context, snapshot.devices,
               {"DEVICE", "BACKEND", "BITS", "BINDINGS", "DMAS", "FAULTS"});
              },
              [](const Snapshot &snapshot) { return rows_json(snapshot.devices); }},
    BatchView{"spaces", part_spaces,
              [](Context &context, const Snapshot &snapshot) {
    print_rows(context, snapshot.spaces,
               {"IOAS", "KIND", "MAPPED", "ATTACHED", "DEVICES", "PID", "COMM", "CGROUP", "AGE"});
              },
              [](const Snapshot &snapshot) { return rows_json(snapshot.spaces); }},
    };

// The first one if no name is given; null for a view that batch mode does not have.
const BatchView *find_view(const std::optional<std::string> &name)
{
    for (const BatchView &view : views)
        if (!name || view.name == *name)
            return &view;
    return nullptr;
}

double rounded(double rate) { return std::round(rate * 10) / 10; }

std::string summary(const Snapshot &snapshot, const Rates &rates)
{
    const System &system = snapshot.system;
    return fmt::format("{}  PASIDs {} of {}  sets {}  events {:.1f}/s  denials {} ({:.1f}/s)  {}",
                       to_text(Value{snapshot.wall_ns}, Unit::clock), system.live, system.capacity,
                       system.sets, rates.events, system.denials, rates.denials,
                       system.policy_attached ? "policy active" : "no policy");
}

Json frame_json(const Snapshot &snapshot, const Rates &rates, const BatchView &view)
{
    Json frame = Json::object();
    frame["ts_ns"] = snapshot.mono_ns;
    frame["wall_ns"] = snapshot.wall_ns;
    frame["system"] = to_json(snapshot.system);
    frame["rates"] = {{"events", rounded(rates.events)}, {"denials", rounded(rates.denials)}};
    frame[std::string(view.name)] = view.json(snapshot);
    if (view.parts & part_ioasids)
        frame["pasids_cut"] = snapshot.ioasids_cut;
    return frame;
}

void print_frame(Context &context, const Snapshot &snapshot, const Rates &rates,
                 const BatchView &view, std::size_t max_rows)
{
    if (context.json()) {
        context.out.line(json_text(frame_json(snapshot, rates, view)));
        return;
    }
    context.out.line(summary(snapshot, rates));
    view.print(context, snapshot);
    if (view.parts & part_ioasids && snapshot.ioasids_cut)
        context.out.line(max_rows ? "... more: use --rows 0 or pasidctl list to print all"
                                  : "... more: a recording has only the first PASIDs");
    context.out.line("");
}

// Avoids printing a million PASIDs per frame unless requested. The feed may have left out more:
// recordings have only the first PASIDs.
void cut(Snapshot &snapshot, std::size_t rows)
{
    if (rows == 0 || snapshot.ioasids.size() <= rows)
        return;
    snapshot.ioasids.resize(rows);
    snapshot.ioasids_cut = true;
}

// Waits for @seconds. Returns false if a signal arrives or the reader is gone.
bool pause(Context &context, Signals &signals, double seconds)
{
    pollfd wanted[]{{signals.fd(), POLLIN, 0}, {context.out.fd(), 0, 0}};
    const auto end = clocks_now().mono_ns + static_cast<std::uint64_t>(seconds * 1e9);
    for (;;) {
        const std::uint64_t now = clocks_now().mono_ns;
        if (now >= end)
            return true;
        poll(wanted, std::size(wanted), static_cast<int>((end - now) / 1'000'000 + 1));
        if (signals.take().stop || (wanted[1].revents & (POLLERR | POLLNVAL)))
            return false;
    }
}

// Prints the frames of a recording one after another, or live frames at intervals.
Result<Exit> batch(Context &context, Feed &feed, const Options &options)
{
    const BatchView &view = *find_view(options.view);
    Player *player = feed.player();
    Signals signals;
    Snapshot before;
    const std::uint64_t count = player ? player->count() : 0;
    feed.set_window({.limit = options.rows ? options.rows + 1 : 0});
    for (std::uint64_t frame = 0; options.frames == 0 || frame < options.frames; frame++) {
        if (player && frame >= count)
            break;
        if (player)
            player->go_to(frame);
        else if (frame > 0 && !pause(context, signals, options.seconds.value_or(1)))
            break;
        auto now = feed.snapshot(part_system | view.parts);
        if (!now)
            return std::move(now).error();
        cut(*now, options.rows);
        print_frame(context, *now, rates_between(before, *now), view, options.rows);
        context.out.flush();
        if (!context.out.good())
            break;
        before = std::move(*now);
    }
    return Exit::done;
}

// Opens the feed on first use, so that the view can draw its frame before the kernel has loaded the
// BPF programs.
class LazyFeed final : public Feed {
  public:
    LazyFeed(const Environment &environment, const LiveFeedOptions &options)
        : environment_(environment), options_(options)
    {
    }

    void set_window(const IoasidWindow &window) override
    {
        if (feed_)
            feed_->set_window(window);
        else
            window_ = window;
    }
    Result<Snapshot> snapshot(unsigned parts) override
    {
        if (!feed_)
            if (auto opened = open(); !opened)
                return opened.error();
        return feed_->snapshot(parts);
    }
    FeedNote note() const override { return feed_ ? feed_->note() : FeedNote{}; }
    int event_fd() const override { return feed_ ? feed_->event_fd() : -1; }
    Result<void> events(std::vector<Event> &out, std::size_t limit) override
    {
        return feed_ ? feed_->events(out, limit) : Result<void>{};
    }

    // The error if the feed could not be opened.
    const std::optional<Error> &failure() const { return failure_; }

  private:
    Result<void> open()
    {
        auto opened = environment_.open_feed(options_);
        if (!opened) {
            failure_ = opened.error();
            return std::move(opened).error();
        }
        failure_.reset();
        feed_ = std::move(*opened);
        feed_->set_window(window_);
        return {};
    }

    const Environment &environment_;
    LiveFeedOptions options_;
    IoasidWindow window_;
    std::unique_ptr<Feed> feed_;
    std::optional<Error> failure_;
};

Result<Exit> show(Context &context, Feed &feed, const Options &options, bool live)
{
    if (!live)
        return batch(context, feed, options);
    TuiOptions view{.view = options.view, .theme = options.theme};
    view.color = !context.flags.no_color;
    if (options.seconds)
        view.interval = std::chrono::milliseconds(std::llround(*options.seconds * 1000));
    return static_cast<Exit>(run_tui(feed, view));
}

Result<Exit> record(Context &context, Feed &feed, const Options &options, bool live)
{
    auto recording = Recording::create(options.record);
    if (!recording)
        return std::move(recording).error();
    RecordingFeed recorder(feed, std::move(*recording));
    auto result = show(context, recorder, options, live);
    if (result && recorder.failure())
        return *recorder.failure();
    return result;
}

Result<void> check(const Context &context, const Options &options, bool live)
{
    if (!live && !find_view(options.view))
        return Error{"top",
                     fmt::format("--view {} cannot be used with -b or --json", *options.view),
                     "use pasidctl trace to print events", 0, Exit::usage};
    if (!options.record.empty() && !options.replay.empty())
        return Error{"top", "--record and --replay exclude each other", "", 0, Exit::usage};
    if (live && !context.terminal.tty)
        return Error{"top", "standard output is not a terminal", "use top -b", 0, Exit::usage};
    return {};
}

Result<Exit> top(Context &context, const Options &options)
{
    const bool live = !options.batch && !context.json();
    if (auto checked = check(context, options, live); !checked)
        return checked.error();
    if (!options.replay.empty()) {
        auto replay = ReplayFeed::open(options.replay);
        if (!replay)
            return std::move(replay).error();
        if (!(*replay)->is_complete())
            context.note(
                fmt::format("{} was cut off; showing its complete frames", options.replay));
        return show(context, **replay, options, live);
    }
    const LiveFeedOptions wanted{.snapshots = true, .events = live || !options.record.empty()};
    if (live)
        if (auto module = require_module("cannot read the state"); !module)
            return module.error();
    LazyFeed feed(context.environment, wanted);
    auto result = options.record.empty() ? show(context, feed, options, live)
                                         : record(context, feed, options, live);
    if (result && feed.failure())
        return *feed.failure();
    return result;
}

std::string names_text(const std::vector<std::string> &names)
{
    return fmt::format("{}", fmt::join(names, ", "));
}

} // namespace

Action setup_top(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_flag("-b,--batch", options->batch, "Print frames instead of the live view");
    app.add_option("-n,--frames", options->frames, "Stop after this many frames (-b)")
        ->type_name("N")
        ->check(whole_number());
    app.add_option("-d,--delay", options->seconds, "Refresh interval")
        ->type_name("SECONDS")
        ->check(seconds_between(0.05, 86400));
    app.add_option("--rows", options->rows, "Maximum number of PASIDs per frame; 0: all (-b)")
        ->type_name("N")
        ->check(whole_number())
        ->capture_default_str();
    app.add_option("--view", options->view, "Initial view: " + names_text(tui_view_names()))
        ->type_name("VIEW")
        ->check(CLI::IsMember(tui_view_names()));
    app.add_option("--theme", options->theme, "Color theme: " + names_text(tui_theme_names()))
        ->type_name("THEME")
        ->check(CLI::IsMember(tui_theme_names()));
    app.add_option("--record", options->record, "Also record the view to FILE")->type_name("FILE");
    app.add_option("--replay", options->replay, "Show a recording; t and T step, J jumps")
        ->type_name("FILE");
    return [options](Context &context) { return top(context, *options); };
}

} // namespace pasid
