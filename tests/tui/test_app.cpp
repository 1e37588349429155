// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "bench.hpp"
#include "tui/keymap.hpp"

namespace pasid::tui {

using namespace std::chrono_literals;
using test::Bench;
using test::sample_denial;

namespace {

bool contains(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST(TuiApp, a_cgroup_opens_its_pasids_and_esc_comes_back_to_it)
{
    Bench bench;
    for (int i = 0; i < 3; i++)
        bench.press(key::down);
    EXPECT_TRUE(contains(bench.selected_line(), "── a"));
    bench.press(key::enter);
    EXPECT_EQ(bench.app().current_view().id, ViewId::pasids);
    EXPECT_EQ(bench.app().lines().size(), 3u);
    EXPECT_TRUE(bench.draw().shows("cgroup /demo/vm/a"));
    bench.press(key::escape);
    EXPECT_TRUE(contains(bench.selected_line(), "── a"));
}

TEST(TuiApp, a_parent_opens_the_pasids_of_all_below_it)
{
    Bench bench;
    bench.press(key::down); // /demo
    bench.press(key::enter);
    EXPECT_EQ(bench.app().lines().size(), 15u);
}

TEST(TuiApp, a_process_opens_its_pasids_and_each_of_those_a_page)
{
    Bench bench(80, 30, "processes");
    bench.press(key::enter);
    EXPECT_TRUE(bench.draw().shows("process 1201"));
    bench.press(key::down);
    bench.press(key::enter);
    EXPECT_TRUE(bench.draw().shows("> PASID 7"));
    EXPECT_TRUE(bench.canvas().shows("sim0    1m07s       0")) << bench.canvas().text();
    bench.press(key::backspace);
    bench.press(key::backspace);
    EXPECT_EQ(bench.app().current_view().id, ViewId::processes);
    EXPECT_FALSE(bench.app().drilled());
    EXPECT_EQ(bench.press(key::escape), unsigned{changed_nothing});
}

TEST(TuiApp, a_page_of_a_pasid_that_is_gone_says_so)
{
    Bench bench(80, 30, "pasids");
    bench.press(key::enter);
    bench.system.ioasids.erase(bench.system.ioasids.begin());
    bench.refresh();
    EXPECT_TRUE(bench.draw().shows("this PASID is free"));
}

TEST(TuiApp, a_view_is_found_again_as_it_was_left)
{
    Bench bench(80, 24, "pasids");
    bench.type("fnginx");
    bench.press(key::enter);
    bench.press(key::down);
    const std::string before = bench.selected_line();
    bench.press(U'4');
    bench.press(U'3');
    EXPECT_EQ(bench.selected_line(), before);
    EXPECT_TRUE(bench.draw().shows("filter: nginx"));
    bench.press(key::escape);
    EXPECT_EQ(bench.app().lines().size(), 18u);
}

TEST(TuiApp, keys_that_are_commands_can_be_typed_into_a_filter)
{
    Bench bench(80, 24, "pasids");
    bench.type("fq1 h");
    EXPECT_TRUE(bench.app().prompting());
    EXPECT_EQ(bench.app().here().filter, "q1 h");
    EXPECT_TRUE(bench.draw().has_cursor());
    bench.press(key::backspace);
    bench.press(U'ü');
    EXPECT_EQ(bench.app().here().filter, "q1 ü");
    bench.press(key::backspace);
    EXPECT_EQ(bench.app().here().filter, "q1 ");
    EXPECT_EQ(bench.press(key::ctrl('C')), unsigned{changed_quit});
    bench.press(key::escape);
    EXPECT_FALSE(bench.app().prompting());
    EXPECT_TRUE(bench.app().here().filter.empty());
}

TEST(TuiApp, sorting_starts_with_the_largest_amount_and_can_be_reversed)
{
    Bench bench(120, 24, "processes");
    bench.press(U'>'); // from PASIDS to ACTIVE
    EXPECT_TRUE(bench.draw().shows("ACTIVE▼"));
    EXPECT_EQ(bench.canvas().paint_of("ACTIVE▼").role, Role::heading_sorted);
    bench.press(U'r');
    EXPECT_TRUE(bench.draw().shows("ACTIVE▲"));
    bench.press(U'<');
    EXPECT_TRUE(bench.draw().shows("PASIDS▼"));
    for (std::size_t i = 0; i < bench.app().table().columns().size(); i++)
        bench.press(key::f6);
    EXPECT_TRUE(bench.draw().shows("PASIDS▼")) << "the first column again";
}

TEST(TuiApp, folding_climbs_and_unfolding_opens)
{
    Bench bench;
    for (int i = 0; i < 3; i++)
        bench.press(key::down); // /demo/vm/a
    bench.press(key::left);
    EXPECT_TRUE(contains(bench.selected_line(), "▾ vm"));
    bench.press(key::left);
    EXPECT_TRUE(contains(bench.selected_line(), "▸ vm"));
    EXPECT_FALSE(bench.draw().shows("── b"));
    bench.press(key::right);
    EXPECT_TRUE(bench.draw().shows("── b"));
    bench.press(U'z');
    EXPECT_TRUE(bench.draw().shows("▸ demo"));
    bench.press(U'z');
    EXPECT_TRUE(bench.draw().shows("── b"));
    bench.press(U't');
    EXPECT_TRUE(bench.draw().shows("/demo/vm/b"));
}

TEST(TuiApp, the_selection_follows_its_row_through_a_refresh)
{
    Bench bench(80, 24, "pasids");
    for (int i = 0; i < 5; i++)
        bench.press(key::down);
    const auto selected_row = [&] {
        App &app = bench.app();
        return app.table().id(app.lines()[app.cursor().selected()].row);
    };
    const RowId before = selected_row();
    bench.system.ioasids.erase(bench.system.ioasids.begin(), bench.system.ioasids.begin() + 3);
    bench.refresh();
    EXPECT_EQ(selected_row(), before);
    EXPECT_EQ(bench.app().cursor().selected(), 2u);
}

TEST(TuiApp, frozen_nothing_moves_but_every_view_can_be_looked_at)
{
    Bench bench;
    bench.press(U' ');
    EXPECT_TRUE(bench.app().frozen());
    EXPECT_TRUE(bench.draw().shows("FROZEN"));
    bench.system = test::idle_snapshot();
    bench.events({sample_denial(1)});
    for (const Key code : {U'1', U'2', U'3', U'4', U'6'}) {
        bench.press(code);
        EXPECT_FALSE(bench.app().lines().empty()) << static_cast<char>(code);
    }
    bench.press(U'5');
    EXPECT_TRUE(bench.app().lines().empty());
    EXPECT_TRUE(bench.draw().shows("alloc denied EDQUOT")) << "a denial is still reported";
    bench.now += 1min;
    EXPECT_TRUE(bench.draw().shows("1 newer event")) << bench.canvas().text();
    bench.press(U' ');
    EXPECT_EQ(bench.app().lines().size(), 1u);
    EXPECT_FALSE(bench.draw().shows("FROZEN"));
}

TEST(TuiApp, a_denial_is_said_for_a_while_and_stays_among_the_events)
{
    Bench bench;
    bench.events({sample_denial(1)});
    EXPECT_TRUE(bench.draw().shows("alloc denied EDQUOT: rule vms of /demo/vm"));
    EXPECT_EQ(bench.canvas().paint_of("alloc denied").role, Role::flash);
    bench.now += 1min;
    EXPECT_FALSE(bench.draw().shows("alloc denied"));
    bench.events({sample_denial(2), sample_denial(3), sample_denial(4)});
    EXPECT_TRUE(bench.draw().shows("3 denials, the last: alloc denied"));
    bench.press(U'5');
    EXPECT_TRUE(bench.draw().shows("EDQUOT alloc by vms at /demo/vm"));
    EXPECT_EQ(bench.canvas().paint_of("EDQUOT alloc").role, Role::bad);
}

TEST(TuiApp, newest_events_are_first_and_a_chosen_one_stays_chosen)
{
    Bench bench(80, 24, "events");
    bench.events({test::event_of(IOASID_EVENT_ALLOC, 1), test::event_of(IOASID_EVENT_BIND, 2)});
    EXPECT_TRUE(contains(bench.selected_line(), "bind"));
    bench.events({test::event_of(IOASID_EVENT_UNBIND, 3)});
    EXPECT_TRUE(contains(bench.selected_line(), "unbind"));
    bench.press(key::down);
    EXPECT_TRUE(contains(bench.selected_line(), " bind"));
    bench.events({test::event_of(IOASID_EVENT_FREE, 4)});
    EXPECT_TRUE(contains(bench.selected_line(), " bind"));
}

TEST(TuiApp, the_rate_has_steps_and_ends)
{
    Bench bench;
    EXPECT_EQ(bench.app().interval(), 1000ms);
    bench.press(U'+');
    EXPECT_EQ(bench.app().interval(), 500ms);
    for (int i = 0; i < 20; i++)
        bench.press(U'+');
    EXPECT_EQ(bench.app().interval(), 100ms);
    for (int i = 0; i < 20; i++)
        bench.press(U'-');
    EXPECT_EQ(bench.app().interval(), 60000ms);
}

TEST(TuiApp, an_odd_rate_goes_to_the_next_step)
{
    TuiOptions options;
    options.interval = 1500ms;
    App slower(options, unicode_glyphs());
    slower.change_interval(1);
    EXPECT_EQ(slower.interval(), 2000ms);
    App faster(options, unicode_glyphs());
    faster.change_interval(-1);
    EXPECT_EQ(faster.interval(), 1000ms);
    options.interval = 1ms;
    EXPECT_EQ(App(options, unicode_glyphs()).interval(), 100ms);
}

TEST(TuiApp, rates_are_measured_over_a_while)
{
    constexpr std::uint64_t ms = 1'000'000;
    Bench bench;
    const std::uint64_t begin = bench.system.mono_ns;
    bench.system.cgroups[2].denied_here += 4;
    bench.system.mono_ns = begin + 10 * ms;
    bench.refresh();
    EXPECT_EQ(bench.app().state().rates.seconds, 0) << "10 ms are not enough";
    bench.system.mono_ns = begin + 2000 * ms;
    bench.refresh();
    EXPECT_DOUBLE_EQ(bench.app().state().rates.cgroups.at(103).denied_here, 2.0);
    bench.system.mono_ns += 10 * ms;
    bench.press(U'3');
    bench.press(U'1'); // the rates survive two refreshes in a row
    EXPECT_DOUBLE_EQ(bench.app().state().rates.cgroups.at(103).denied_here, 2.0);
}

TEST(TuiApp, a_policy_that_goes_away_is_said)
{
    Bench bench;
    bench.system.system.policy_attached = false;
    bench.refresh();
    EXPECT_TRUE(bench.draw().shows("policy removed — limits are not enforced"));
    EXPECT_TRUE(bench.canvas().shows("Policy  none — limits are not enforced"));
}

TEST(TuiApp, a_failed_refresh_keeps_what_was_known_and_says_why)
{
    Bench bench;
    bench.app().fail({.what = "cannot read the state",
                      .why = "the module is not loaded",
                      .remedy = "modprobe ioasid_shim"});
    EXPECT_TRUE(bench.draw().shows("cannot read the state: the module is not loaded; modprobe"));
    EXPECT_TRUE(bench.canvas().shows("── web"));
    bench.refresh();
    EXPECT_FALSE(bench.draw().shows("cannot read"));
}

TEST(TuiApp, help_names_every_key_and_view_and_column)
{
    Bench bench(120, 100);
    bench.press(U'?');
    bench.draw();
    for (const Command &command : commands()) {
        if (command.where == in_replay)
            continue; // tested in test_replay.cpp
        EXPECT_TRUE(bench.canvas().shows(command.help)) << command.name;
        EXPECT_TRUE(bench.canvas().shows(keys_text(command, 3))) << command.name;
    }
    for (const View &view : views())
        EXPECT_TRUE(bench.canvas().shows(view.help)) << view.name;
    for (const Column &column : bench.app().table().columns())
        EXPECT_TRUE(bench.canvas().shows(column.help)) << column.key;
    bench.press(U'h');
    EXPECT_FALSE(bench.draw().shows("Columns of"));
}

TEST(TuiApp, no_command_takes_the_key_of_a_view)
{
    for (const View &view : views())
        for (const Command &command : commands())
            for (const Key code : command.keys)
                EXPECT_NE(code, view.key) << command.name << " " << view.name;
}

TEST(TuiApp, the_footer_shows_what_can_be_done_here)
{
    Bench bench(200, 24, "processes");
    EXPECT_FALSE(bench.draw().shows("Tree")) << "not a tree";
    EXPECT_FALSE(bench.canvas().shows("Back")) << "no previous page";
    bench.press(key::enter);
    EXPECT_TRUE(bench.draw().shows("Esc Back"));
    bench.press(U'1');
    EXPECT_TRUE(bench.draw().shows("t Tree"));
    bench.press(U'f');
    EXPECT_TRUE(bench.draw().shows("Enter Accept"));
    EXPECT_FALSE(bench.canvas().shows("q Quit")) << "q is a part of the filter";
}

} // namespace pasid::tui
