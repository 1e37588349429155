// SPDX-License-Identifier: GPL-2.0-only
// The live view of a simulated system, for tests in a real terminal; needs no module or privileges.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <sys/timerfd.h>

#include "record/recording_feed.hpp"
#include "record/replay_feed.hpp"
#include "sample.hpp"
#include "tui/tui.hpp"

namespace pasid::test {

struct DemoOptions {
    std::size_t rows = 18;
    int events_per_second = 0;
    int denial_after = -1; // refreshes
    int fail_after = -1;
    int policy_gone_after = -1;
    int crash_after = -1;
    bool idle = false;
    bool moving = false;
};

namespace {

class DemoFeed final : public Feed {
  public:
    explicit DemoFeed(const DemoOptions &options) : options_(options)
    {
        timer_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
        itimerspec every{{0, 50'000'000}, {0, 50'000'000}};
        timerfd_settime(timer_, 0, &every, nullptr);
    }
    ~DemoFeed() override { close(timer_); }
    DemoFeed(const DemoFeed &) = delete;
    DemoFeed &operator=(const DemoFeed &) = delete;

    Result<Snapshot> snapshot(unsigned parts) override
    {
        const int turn = turn_++;
        if (turn == options_.crash_after)
            raise(SIGSEGV);
        if (options_.fail_after >= 0 && turn >= options_.fail_after)
            return Error{.what = "cannot read the state",
                         .why = "the module is not loaded",
                         .remedy = "modprobe ioasid_shim"};
        if (turn == options_.denial_after)
            denials_++;
        Snapshot out = options_.idle ? idle_snapshot() : sample_snapshot(options_.rows);
        if (options_.policy_gone_after >= 0 && turn >= options_.policy_gone_after) {
            out.system.policy_attached = false;
            out.policy_generation = 0;
        }
        if (options_.moving)
            move(out, turn);
        // The clock stands still unless --moving is given.
        const std::uint64_t step = options_.moving ? 1'000'000'000 : 0;
        out.mono_ns += static_cast<std::uint64_t>(turn) * step;
        out.wall_ns += static_cast<std::uint64_t>(turn) * step;
        return only_parts(std::move(out), parts);
    }

    int event_fd() const override { return timer_; }

    Result<void> events(std::vector<Event> &out, std::size_t) override
    {
        std::uint64_t ticks = 0;
        if (read(timer_, &ticks, sizeof(ticks)) != sizeof(ticks))
            ticks = 0;
        for (; denials_ > 0; denials_--)
            out.push_back(sample_denial(++seq_));
        owed_ += static_cast<double>(ticks) * options_.events_per_second / 20.0;
        for (; owed_ >= 1; owed_--) {
            ++seq_;
            if (options_.moving && seq_ % 9 == 0)
                out.push_back(sample_denial(seq_));
            else
                out.push_back(event_of(
                    static_cast<ioasid_event_type>(1 + seq_ % (IOASID_EVENT_DENY - 1)), seq_));
        }
        return {};
    }

  private:
    static void move(Snapshot &out, int turn)
    {
        const auto change = static_cast<std::uint64_t>(turn % 4);
        out.cgroups[5].current += change;
        out.cgroups[2].denied_here += static_cast<std::uint64_t>(turn) * 4;
        out.system.denials += static_cast<std::uint64_t>(turn) * 4;
        out.devices[0].dmas += static_cast<std::uint64_t>(turn) * 25;
        if (turn % 2)
            out.ioasids.pop_back();
        out.system.live = static_cast<std::uint32_t>(out.ioasids.size());
    }

    DemoOptions options_;
    int timer_ = -1;
    int turn_ = 0;
    int denials_ = 0;
    double owed_ = 0;
    std::uint64_t seq_ = 0;
};

template <class T> T need(Result<T> result)
{
    if (result)
        return std::move(*result);
    std::fprintf(stderr, "%s\n", describe(result.error()).c_str());
    std::exit(static_cast<int>(result.error().exit));
}

} // namespace

int run(const DemoOptions &demo, const TuiOptions &options, const std::string &record,
        const std::string &replay)
{
    if (!replay.empty())
        return run_tui(*need(ReplayFeed::open(replay)), options);
    DemoFeed feed(demo);
    if (record.empty())
        return run_tui(feed, options);
    RecordingFeed recorder(feed, need(Recording::create(record)));
    return run_tui(recorder, options);
}

} // namespace pasid::test

int main(int argc, char **argv)
{
    pasid::test::DemoOptions demo;
    pasid::TuiOptions options;
    double seconds = 0;
    CLI::App app{"the live view over a made-up system"};
    app.add_option("--rows", demo.rows);
    app.add_option("--events", demo.events_per_second);
    app.add_option("--denial-after", demo.denial_after);
    app.add_option("--fail-after", demo.fail_after);
    app.add_option("--policy-gone-after", demo.policy_gone_after);
    app.add_option("--crash-after", demo.crash_after);
    app.add_flag("--idle", demo.idle);
    app.add_flag("--moving", demo.moving);
    std::string record, replay;
    app.add_option("--record", record);
    app.add_option("--replay", replay);
    app.add_option("--theme", options.theme)->check(CLI::IsMember(pasid::tui_theme_names()));
    app.add_option("--view", options.view)->check(CLI::IsMember(pasid::tui_view_names()));
    app.add_option("-d", seconds);
    CLI11_PARSE(app, argc, argv);
    if (seconds > 0)
        options.interval = std::chrono::milliseconds(static_cast<long>(seconds * 1000));

    return pasid::test::run(demo, options, record, replay);
}
