// SPDX-License-Identifier: GPL-2.0-only
// Compare whole screens with goldens. UPDATE_GOLDENS=1 rewrites them; review the diff.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "bench.hpp"
#include "tui/draw.hpp"
#include "tui/keymap.hpp"

namespace pasid::tui {

using test::Bench;

namespace {

std::string golden_path(const std::string &name)
{
    return std::string(PASID_GOLDENS) + "/" + name + ".txt";
}

void expect_golden(Bench &bench, const std::string &name)
{
    const std::string seen = bench.draw().text();
    if (std::getenv("UPDATE_GOLDENS")) {
        std::ofstream(golden_path(name)) << seen;
        return;
    }
    std::ifstream file(golden_path(name));
    ASSERT_TRUE(file) << "no golden " << golden_path(name);
    std::stringstream wanted;
    wanted << file.rdbuf();
    EXPECT_EQ(seen, wanted.str()) << name;
}

// Refresh again one second later, so that rates exist, and add some events.
void live(Bench &bench)
{
    std::vector<Event> events;
    for (std::uint64_t i = 1; i <= 12; i++)
        events.push_back(
            test::event_of(static_cast<ioasid_event_type>(1 + i % (IOASID_EVENT_DENY - 1)), i));
    events.push_back(test::sample_denial(13));
    bench.events(std::move(events));
    bench.system.mono_ns += 1'000'000'000;
    bench.system.wall_ns += 1'000'000'000;
    bench.system.system.denials += 1;
    bench.system.cgroups[2].denied_here += 1;
    bench.system.devices[0].dmas += 25;
    bench.refresh();
}

struct Size {
    int width;
    int height;
};

constexpr Size sizes[] = {{40, 24}, {80, 24}, {200, 24}};

} // namespace

TEST(TuiDraw, every_view_at_three_widths)
{
    for (const View &view : views()) {
        for (const Size &size : sizes) {
            Bench bench(size.width, size.height, view.name.data());
            live(bench);
            expect_golden(bench, std::string(view.name) + "-" + std::to_string(size.width));
        }
    }
}

TEST(TuiDraw, pages)
{
    for (const Size &size : sizes) {
        Bench bench(size.width, size.height, "pasids");
        live(bench);
        bench.press(key::end);
        bench.press(key::enter);
        expect_golden(bench, "page-pasid-" + std::to_string(size.width));
        bench.press(U'h');
        expect_golden(bench, "page-help-" + std::to_string(size.width));
    }
}

TEST(TuiDraw, a_long_name_is_whole_on_its_page)
{
    Bench bench(80, 24, "pasids");
    for (int i = 0; i < 4; i++)
        bench.press(key::down);
    bench.press(key::enter);
    EXPECT_TRUE(bench.draw().shows("/user.slice/user-1000.slice/session-with-a-long-name.scope"));
}

TEST(TuiDraw, a_terminal_without_utf8_gets_ascii)
{
    Bench bench(80, 24, "cgroups", ascii_glyphs());
    live(bench);
    for (const char byte : bench.draw().text())
        ASSERT_LT(static_cast<unsigned char>(byte), 0x80);
    expect_golden(bench, "cgroups-ascii");
}

TEST(TuiDraw, nothing_to_show_says_what_that_means)
{
    for (const View &view : views()) {
        Bench bench(80, 14, view.name.data());
        bench.system = test::idle_snapshot();
        bench.refresh();
        bench.now += std::chrono::minutes(1); // the message about the removed policy expires
        expect_golden(bench, "idle-" + std::string(view.name));
    }
}

TEST(TuiDraw, before_the_first_answer_and_when_there_is_none)
{
    Bench bench(80, 14);
    App app({}, unicode_glyphs()); // nothing has been read
    draw(app, bench.canvas(), bench.now);
    EXPECT_TRUE(bench.canvas().shows("reading"));
    app.fail({.what = "cannot read the state", .why = "no module", .remedy = "load it"});
    bench.canvas().clear();
    draw(app, bench.canvas(), bench.now);
    EXPECT_TRUE(bench.canvas().shows("cannot read the state: no module; load it"));
    EXPECT_FALSE(bench.canvas().shows("limits are")) << "the policy is unknown";
}

TEST(TuiDraw, full_is_red_nearly_full_is_yellow)
{
    Bench bench(120, 24);
    live(bench);
    bench.draw();
    EXPECT_EQ(bench.canvas().paint_of("█ 100%").role, Role::bad);
    EXPECT_EQ(bench.canvas().paint_of("░  81%").role, Role::caution);
    EXPECT_EQ(bench.canvas().paint_of("░  75%").role, Role::good);
    EXPECT_EQ(bench.canvas().paint_of("no limit").role, Role::dim);
    EXPECT_TRUE(bench.canvas().paint_of("▾ /").selected);
    EXPECT_FALSE(bench.canvas().paint_of("── web").selected);
}

TEST(TuiDraw, over_the_limit_is_shown_as_such)
{
    Bench bench(120, 24);
    bench.system.cgroups[5].max = 5;
    bench.system.cgroups[3].max = 0;
    bench.refresh();
    EXPECT_TRUE(bench.draw().shows("█ 180%"));
    EXPECT_TRUE(bench.canvas().shows("█ 100%"));
}

TEST(TuiDraw, names_from_outside_cannot_speak_to_the_terminal)
{
    Bench bench(120, 30, "pasids");
    bench.system.ioasids[0].comm = "\033[2J\x9b";
    bench.system.ioasids[0].cgroup = "/new\nline";
    bench.system.cgroups[5].cgroup = "/demo/\033]0;x\a";
    bench.system.devices[0].name = "\xff\xfe";
    bench.system.spaces[0].devices = {{"\x9b", 5}};
    bench.refresh();
    bench.draw(); // the canvas fails the test if it gets an unprintable character
    bench.press(key::enter);
    bench.draw();
    for (const Key code : {U'1', U'2', U'4', U'6'}) {
        bench.press(code);
        bench.draw();
        bench.press(key::enter);
        bench.draw();
    }
}

TEST(TuiDraw, any_size_is_survived)
{
    for (const View &view : views()) {
        Bench bench(80, 24, view.name.data());
        live(bench);
        for (int width = 1; width <= 300; width += width < 60 ? 1 : 13) {
            for (int height = 1; height <= 50; height += height < 16 ? 1 : 11) {
                bench.resize(width, height);
                bench.draw();
            }
        }
    }
}

TEST(TuiDraw, any_keys_at_any_time_are_survived)
{
    std::mt19937 random(4711);
    std::vector<Key> keys;
    for (const Command &command : commands())
        for (const Key code : command.keys)
            if (code != key::none)
                keys.push_back(code);
    for (const View &view : views())
        keys.push_back(view.key);

    Bench bench;
    std::uint64_t seq = 0;
    for (int step = 0; step < 6000; step++) {
        bench.press(keys[random() % keys.size()]);
        if (step % 3 == 0)
            bench.events({test::event_of(
                static_cast<ioasid_event_type>(random() % IOASID_NR_EVENTS), ++seq)});
        if (step % 7 == 0) {
            bench.system =
                random() % 5 ? test::sample_snapshot(random() % 40) : test::idle_snapshot();
            bench.system.mono_ns += seq * 1'000'000'000;
            if (!bench.app().frozen())
                bench.refresh();
        }
        if (step % 50 == 0)
            bench.resize(static_cast<int>(random() % 120 + 1), static_cast<int>(random() % 40 + 1));
        bench.draw();
        ASSERT_FALSE(::testing::Test::HasFailure()) << "step " << step;
    }
}

TEST(TuiDraw, a_frame_costs_the_same_however_many_rows_there_are)
{
    const auto cost = [](std::size_t rows) {
        Bench bench(200, 50, "pasids");
        bench.system = test::sample_snapshot(rows);
        bench.refresh();
        bench.draw();
        auto best = std::chrono::nanoseconds::max();
        for (int i = 0; i < 7; i++) {
            const auto begin = std::chrono::steady_clock::now();
            bench.press(key::down);
            bench.draw();
            best =
                std::min<std::chrono::nanoseconds>(best, std::chrono::steady_clock::now() - begin);
        }
        return best;
    };
    EXPECT_LT(cost(100'000), 5 * cost(1'000));
}

} // namespace pasid::tui
