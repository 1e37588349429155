// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "bench.hpp"
#include "record/recording_feed.hpp"
#include "record/replay_feed.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "tui/keymap.hpp"
#include "tui/replay.hpp"

namespace pasid::tui {

using test::Bench;

namespace {

class Files : public testing::Test {
  protected:
    std::string path =
        std::filesystem::temp_directory_path() / ("recording-" + std::to_string(getpid()) + ".rec");

    void TearDown() override { std::filesystem::remove(path); }

    std::string bytes() const
    {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(const std::string &bytes) const
    {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }
};

// A changing sample: rows are added, removed and changed, and requests are denied.
class Changing final : public Feed {
  public:
    explicit Changing(std::size_t ioasids = 18) : ioasids_(ioasids) {}
    Result<Snapshot> snapshot(unsigned parts) override
    {
        const std::uint64_t turn = turn_++;
        Snapshot out = test::sample_snapshot(ioasids_ + turn % 3);
        out.mono_ns += turn * 1'000'000'000;
        out.wall_ns += turn * 1'000'000'000;
        for (Ioasid &row : out.ioasids)
            row.age_ns += turn * 1'000'000'000;
        out.cgroups[5].current += turn;
        out.cgroups[2].denied_here += turn;
        if (turn % 4 == 3)
            out.cgroups.pop_back();
        return test::only_parts(std::move(out), parts);
    }
    Result<void> events(std::vector<Event> &out, std::size_t) override
    {
        out.push_back(test::sample_denial(turn_));
        out.push_back(test::event_of(IOASID_EVENT_BIND, turn_));
        out.push_back(test::event_of(IOASID_EVENT_MAP, turn_));
        out.back().length = 0x4000;
        out.back().ioas = 3;
        out.back().reason = IOASID_FAULT_REFUSED;
        return {};
    }

  private:
    std::size_t ioasids_;
    std::uint64_t turn_ = 0;
};

void record(const std::string &path, int frames, std::size_t ioasids = 18)
{
    Changing source(ioasids);
    auto recording = Recording::create(path);
    ASSERT_TRUE(recording);
    RecordingFeed feed(source, std::move(*recording));
    for (int i = 0; i < frames; i++) {
        std::vector<Event> events;
        ASSERT_TRUE(feed.events(events, 100));
        ASSERT_TRUE(feed.snapshot(part_system));
    }
    EXPECT_FALSE(feed.failure());
}

// The complete snapshot as text.
std::string dump(const Snapshot &snapshot)
{
    Json all = to_json(snapshot.system);
    all["times"] = {snapshot.mono_ns, snapshot.wall_ns, snapshot.policy_generation};
    all["rules"] = snapshot.policy.rules;
    all["ioasids"] = to_json(std::span<const Ioasid>(snapshot.ioasids));
    all["cgroups"] = to_json(std::span<const CgroupUsage>(snapshot.cgroups));
    all["devices"] = to_json(std::span<const Device>(snapshot.devices));
    all["processes"] = to_json(std::span<const Process>(snapshot.processes));
    all["spaces"] = to_json(std::span<const Space>(snapshot.spaces));
    for (const Binding &row : snapshot.bindings) {
        all["bindings"].push_back(to_json(row));
        all["bindings"].back()["id"] = row.device_id;
    }
    return json_text(all);
}

} // namespace

TEST_F(Files, a_recording_replays_what_was_seen_in_any_order)
{
    constexpr int count = 150; // three key frames
    record(path, count);
    auto replay = ReplayFeed::open(path);
    ASSERT_TRUE(replay) << describe(replay.error());
    ReplayFeed &feed = **replay;
    EXPECT_TRUE(feed.is_complete());
    ASSERT_EQ(feed.count(), std::size_t{count});

    std::vector<std::string> wanted;
    Changing source;
    for (int i = 0; i < count; i++)
        wanted.push_back(dump(*source.snapshot(part_all)));
    for (const std::size_t frame : {0, 1, 2, 149, 59, 60, 61, 3, 148, 120, 0}) {
        feed.go_to(frame);
        const auto snapshot = feed.snapshot(0);
        ASSERT_TRUE(snapshot);
        EXPECT_TRUE(dump(*snapshot) == wanted[frame]) << frame;
        std::vector<Event> events;
        ASSERT_TRUE(feed.events(events, 100));
        ASSERT_EQ(events.size(), 3u);
        EXPECT_EQ(events[0].seq, frame);
        EXPECT_EQ(events[0].rule, "vms");
        EXPECT_EQ(events[0].limit_cgroup, "/demo/vm");
        EXPECT_EQ(events[1].device, "sim0");
        EXPECT_EQ(events[1].ioas, std::nullopt);
        EXPECT_EQ(events[2].length, 0x4000u);
        EXPECT_EQ(events[2].ioas, 3u);
        EXPECT_EQ(events[2].reason, unsigned{IOASID_FAULT_REFUSED});
        ASSERT_TRUE(feed.events(events, 100));
        EXPECT_EQ(events.size(), 3u) << "events are returned once";
    }
}

TEST_F(Files, what_does_not_change_takes_no_room)
{
    class Still final : public Feed {
        Result<Snapshot> snapshot(unsigned parts) override
        {
            Snapshot out = test::sample_snapshot(1000);
            out.mono_ns += turn_ * 1'000'000'000;
            for (Ioasid &row : out.ioasids)
                row.age_ns += turn_ * 1'000'000'000, row.unused_ns += turn_ * 1'000'000'000;
            for (Binding &row : out.bindings)
                row.age_ns += turn_ * 1'000'000'000;
            for (Space &row : out.spaces)
                row.age_ns += turn_ * 1'000'000'000;
            turn_++;
            return test::only_parts(std::move(out), parts);
        }
        std::uint64_t turn_ = 0;
    } source;
    auto recording = Recording::create(path);
    ASSERT_TRUE(recording);
    RecordingFeed feed(source, std::move(*recording));
    ASSERT_TRUE(feed.snapshot(0));
    const auto first = std::filesystem::file_size(path);
    for (int i = 0; i < 10; i++)
        ASSERT_TRUE(feed.snapshot(0));
    EXPECT_LT(std::filesystem::file_size(path) - first, 10 * 250u);
}

TEST_F(Files, cut_off_at_any_byte_it_replays_what_is_whole)
{
    record(path, 4, 1);
    const std::string whole = bytes();
    std::size_t most = 0;
    for (std::size_t length = 0; length <= whole.size(); length++) {
        write(whole.substr(0, length));
        auto replay = ReplayFeed::open(path);
        if (!replay) {
            EXPECT_EQ(most, 0u) << length;
            EXPECT_EQ(replay.error().exit, Exit::usage);
            continue;
        }
        EXPECT_GE((*replay)->count(), most) << length;
        most = (*replay)->count();
        (*replay)->go_to(most - 1);
        EXPECT_TRUE((*replay)->snapshot(0)) << length;
    }
    EXPECT_EQ(most, 4u);
}

TEST_F(Files, damage_is_an_error_and_not_a_crash)
{
    record(path, 3, 1);
    const std::string whole = bytes();
    for (std::size_t at = 0; at < whole.size(); at += 7) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(~damaged[at]);
        write(damaged);
        auto replay = ReplayFeed::open(path);
        for (std::size_t frame = 0; replay && frame < (*replay)->count(); frame++) {
            (*replay)->go_to(frame);
            const auto snapshot = (*replay)->snapshot(0);
            EXPECT_TRUE(snapshot ||
                        describe(snapshot.error()).find("damaged") != std::string::npos);
        }
    }
}

TEST_F(Files, what_is_no_recording_is_told)
{
    const auto complaint = [&](const std::string &content) {
        write(content);
        auto replay = ReplayFeed::open(path);
        return replay ? std::string("none") : describe(replay.error());
    };
    EXPECT_NE(complaint("").find("the file is empty"), std::string::npos);
    EXPECT_NE(complaint("hello, world, how are you").find("not a pasidctl top recording"),
              std::string::npos);
    record(path, 1);
    std::string later = bytes();
    later[8] = 99;
    EXPECT_NE(complaint(later).find("version 99"), std::string::npos);
    EXPECT_FALSE(ReplayFeed::open("/nowhere"));
    EXPECT_FALSE(ReplayFeed::open("/tmp"));
    EXPECT_FALSE(Recording::create("/nowhere/at/all"));
}

TEST(TuiReplay, a_full_disk_is_told_and_the_view_goes_on)
{
    Changing source;
    auto recording = Recording::create("/dev/full");
    EXPECT_FALSE(recording) << "detected when it is created";
}

TEST_F(Files, places_in_a_recording)
{
    record(path, 100);
    auto replay = ReplayFeed::open(path);
    ASSERT_TRUE(replay);
    ReplayFeed &feed = **replay;
    Bench fixes_the_clock;
    feed.go_to(50); // 12:00:50
    EXPECT_EQ(jump_target(feed, "+10"), 60u);
    EXPECT_EQ(jump_target(feed, "+10s"), 60u);
    EXPECT_EQ(jump_target(feed, "-0.5m"), 20u);
    EXPECT_EQ(jump_target(feed, "-1h"), 0u);
    EXPECT_EQ(jump_target(feed, "+1h"), 99u);
    EXPECT_EQ(jump_target(feed, "12:01"), 60u);
    EXPECT_EQ(jump_target(feed, "12:00:07"), 7u);
    EXPECT_EQ(jump_target(feed, "13:00"), 99u);
    EXPECT_EQ(jump_target(feed, "0%"), 0u);
    EXPECT_EQ(jump_target(feed, "100%"), 99u);
    EXPECT_EQ(jump_target(feed, "#17"), 16u);
    EXPECT_EQ(jump_target(feed, "#1000"), 99u);
    for (const char *nonsense :
         {"", "x", "+", "-", "+x", "+1y", "12", "12:61", "25:00", "12:00:00:1", "101%", "%", "#",
          "#0", "#-1", "12:0x", "nan%", "+inf"})
        EXPECT_EQ(jump_target(feed, nonsense), std::nullopt) << nonsense;
}

TEST_F(Files, keys_step_and_jump_and_play)
{
    record(path, 100);
    auto replay = ReplayFeed::open(path);
    ASSERT_TRUE(replay);
    Bench bench(120, 40);
    App &app = bench.app();
    app.replay(replay->get());
    const auto show = [&] { (*replay)->go_to(app.wanted_frame()); };
    EXPECT_EQ(app.parts_needed(), unsigned{part_all});
    EXPECT_TRUE(press(app, U't') & changed_snapshot);
    EXPECT_EQ(app.wanted_frame(), 1u);
    show();
    press(app, key::right);
    EXPECT_EQ(app.wanted_frame(), 2u);
    show();
    press(app, U'T');
    show();
    press(app, key::left);
    show();
    press(app, key::left);
    EXPECT_EQ(app.wanted_frame(), 0u) << "the first frame has no predecessor";
    bench.type("J50%");
    EXPECT_TRUE(bench.draw().shows("jump to: 50%"));
    press(app, key::enter);
    EXPECT_EQ(app.wanted_frame(), 50u);
    show();
    EXPECT_TRUE(bench.draw().shows("REPLAY"));

    press(app, U' ');
    EXPECT_TRUE(bench.draw().shows("PLAYING"));
    EXPECT_TRUE(app.advance_playback());
    EXPECT_EQ(app.wanted_frame(), 51u);
    app.step(1000);
    show();
    EXPECT_FALSE(app.playing()) << "stepping pauses";
    press(app, U' ');
    EXPECT_EQ(app.wanted_frame(), 0u) << "playing at the end starts from the beginning";

    press(app, U'h');
    bench.draw();
    for (const Command &command : commands())
        EXPECT_TRUE(command.where != in_replay || bench.canvas().shows(command.help))
            << command.name;
}

} // namespace pasid::tui
