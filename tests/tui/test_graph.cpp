// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "bench.hpp"
#include "tui/graph.hpp"
#include "tui/history.hpp"

namespace pasid::tui {

using test::Bench;

namespace {

using Series = History::Series;

// The sample @second seconds later, with @current PASIDs in /demo/vm/a (ID 104).
Snapshot sample(std::uint64_t second, std::uint64_t current, std::uint64_t denied,
                unsigned parts = part_all)
{
    Snapshot snapshot = test::sample_snapshot();
    snapshot.mono_ns += second * 1'000'000'000;
    snapshot.cgroups[3].current = current;
    snapshot.cgroups[3].denied_here = denied;
    return test::only_parts(std::move(snapshot), parts);
}

double current(const CgroupSample &sample) { return sample.current; }
double denied(const CgroupSample &sample) { return static_cast<double>(sample.denied_here); }

} // namespace

TEST(TuiGraph, braille_has_two_moments_a_cell_and_four_steps_a_line)
{
    const Series values{0.0, 1.0, 2.0, 4.0};
    EXPECT_EQ(graph_text(values, 4, 2, 1, unicode_glyphs()), std::vector<std::string>{"⢀⣼"});
    EXPECT_EQ(graph_text(values, 4, 2, 2, unicode_glyphs()),
              (std::vector<std::string>{" ⢸", "⢠⣿"}));
}

TEST(TuiGraph, ascii_has_two_steps_a_line)
{
    const Series values{0.0, 1.0, 2.0, 4.0};
    EXPECT_EQ(graph_text(values, 4, 4, 2, ascii_glyphs()),
              (std::vector<std::string>{"   :", " .::"}));
}

TEST(TuiGraph, the_newest_is_at_the_right_edge_and_what_is_not_known_is_blank)
{
    const Series values{std::nullopt, 4.0};
    EXPECT_EQ(graph_text(values, 4, 4, 1, ascii_glyphs()), std::vector<std::string>{"   :"});
    const Series many(100, 4.0);
    EXPECT_EQ(graph_text(many, 4, 3, 1, ascii_glyphs()), std::vector<std::string>{":::"});
}

TEST(TuiGraph, a_little_is_not_nothing_and_too_much_stays_inside)
{
    const Series values{0.001, 1e9, -1.0};
    EXPECT_EQ(graph_text(values, 4, 3, 1, ascii_glyphs()), std::vector<std::string>{".: "});
    EXPECT_TRUE(graph_text(values, 4, 0, 2, unicode_glyphs())[0].empty());
}

TEST(TuiGraph, the_top_is_a_round_number)
{
    EXPECT_EQ(graph_top(Series{}), 1);
    EXPECT_EQ(graph_top(Series{2.0, std::nullopt}), 2);
    EXPECT_EQ(graph_top(Series{3.0}), 5);
    EXPECT_EQ(graph_top(Series{6.0}), 10);
    EXPECT_EQ(graph_top(Series{70.0}), 100);
}

TEST(TuiHistory, one_value_a_refresh_also_where_nothing_changed)
{
    History history;
    history.add(sample(1, 3, 0));
    history.add(sample(2, 3, 0));
    history.add(sample(3, 4, 0));
    history.add(sample(3, 5, 0)); // refreshed by a key at the same time
    EXPECT_EQ(history.cgroup(104, 10, current), (Series{3.0, 3.0, 5.0}));
    EXPECT_EQ(history.cgroup(104, 2, current), (Series{3.0, 5.0}));
    EXPECT_EQ(history.cgroup(999, 2, current), (Series{std::nullopt, std::nullopt}));
}

TEST(TuiHistory, rates_are_per_second_and_need_two_moments)
{
    History history;
    history.add(sample(0, 1, 10));
    history.add(sample(2, 1, 30));
    history.add(sample(3, 1, 5)); // the policy was replaced
    EXPECT_EQ(history.cgroup_rate(104, 3, denied), (Series{std::nullopt, 10.0, 0.0}));
    EXPECT_EQ(history.seconds_back(3), 3);
}

TEST(TuiHistory, what_was_not_read_is_not_known)
{
    History history;
    history.add(sample(0, 1, 0));
    history.add(sample(1, 2, 0, part_system | part_devices));
    history.add(sample(2, 2, 40));
    EXPECT_EQ(history.cgroup(104, 3, current), (Series{1.0, std::nullopt, 2.0}));
    EXPECT_EQ(history.cgroup_rate(104, 3, denied), (Series{std::nullopt, std::nullopt, 20.0}));
}

TEST(TuiHistory, an_older_moment_starts_it_anew)
{
    History history;
    history.add(sample(5, 1, 0));
    history.add(sample(6, 1, 0));
    history.add(sample(2, 7, 0));
    EXPECT_EQ(history.cgroup(104, 10, current), (Series{7.0}));
}

TEST(TuiHistory, it_ends_somewhere)
{
    History history;
    for (std::uint64_t i = 0; i < 3 * History::max_ticks; i++)
        history.add(sample(i, i % 7, i));
    EXPECT_EQ(history.cgroup(104, 1'000'000, current).size(), History::max_ticks);
    EXPECT_EQ(history.cgroup(104, 1, current), (Series{(3 * History::max_ticks - 1) % 7}));
}

TEST(TuiHistory, the_page_of_a_cgroup_shows_its_use_and_its_refusals)
{
    Bench bench(80, 40);
    for (int i = 0; i < 20; i++) {
        bench.system.mono_ns += 1'000'000'000;
        bench.system.cgroups[2].current = static_cast<std::uint64_t>(i % 7);
        bench.system.cgroups[2].denied_here += i == 10 ? 3 : 0;
        bench.refresh();
    }
    bench.press(key::down);
    bench.press(key::down);
    bench.press(U'i');
    EXPECT_TRUE(bench.draw().shows("> cgroup /demo/vm"));
    EXPECT_TRUE(bench.canvas().shows("PASIDs  5  of 6, last 20 s")) << bench.canvas().text();
    EXPECT_TRUE(bench.canvas().shows("Denied by its limit  0.0/s  of 5.0/s"));
    EXPECT_TRUE(bench.canvas().shows("⣀") || bench.canvas().shows("⣿")) << bench.canvas().text();
    bench.events({test::sample_denial(1)});
    EXPECT_TRUE(bench.draw().shows("EDQUOT")) << bench.canvas().text();

    bench.press(key::enter);
    EXPECT_EQ(bench.app().current_view().id, ViewId::pasids);
    EXPECT_TRUE(bench.draw().shows("> cgroup /demo/vm"));
    bench.press(key::enter);
    EXPECT_TRUE(bench.draw().shows("> PASID")) << bench.canvas().text();
    bench.press(key::enter);
    EXPECT_TRUE(bench.draw().shows("> cgroup /demo/vm/")) << "the cgroup of its holder";
    for (int i = 0; i < 4; i++)
        bench.press(key::escape);
    EXPECT_FALSE(bench.app().drilled());
}

} // namespace pasid::tui
