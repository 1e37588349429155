// SPDX-License-Identifier: GPL-2.0-only
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "render/json.hpp"

namespace pasid::test {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, TextAndFile)
{
    World world = small_world();
    const auto run = world.run({"metrics"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.out, HasSubstr("# TYPE ioasid_live gauge\nioasid_live 3\n"));
    EXPECT_THAT(run.out, HasSubstr("ioasid_cgroup_current{cgroup=\"/vms\"} 3\n"));
    EXPECT_THAT(run.out, HasSubstr("ioasid_cgroup_denied_here_total{cgroup=\"/vms\"} 4\n"));
    EXPECT_THAT(run.out, Not(HasSubstr("ioasid_cgroup_max{cgroup=\"/vms/a\"")));

    const std::string path = testing::TempDir() + "pasidctl-test.prom";
    EXPECT_EQ(world.run({"metrics", "--textfile", path.c_str()}).status, 0);
    std::ifstream file(path);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), run.out);
    unlink(path.c_str());
    EXPECT_EQ(world.run({"metrics", "--textfile", "/nonexistent/x.prom"}).status, 2);
    EXPECT_EQ(world.run({"metrics", "--listen", "nowhere"}).status, 2);
    EXPECT_EQ(world.run({"metrics", "--listen", "1.2.3.4.5:80"}).status, 2);
}

TEST(Metrics, WhatAnOperatorAsks)
{
    World world = small_world();
    world.raw->system.policy_attached = 1;
    world.policy->engine.used = 4;
    world.policy->engine.nodes_full = 2;
    world.history->state = HistoryState{.size = 8, .events = 20, .kept = 8, .lost = 3};
    AttachedProgram program;
    program.reader = 9;
    program.lost = 5;
    world.host.programs = {program, program};
    const auto lines = [&](const char *unused) {
        return world.run({"metrics", "--unused", unused}).out;
    };
    const std::string out = lines("1s");
    for (const char *line :
         {"ioasid_build_info{pasidctl=\"", "ioasid_policy_attached 1\n", "ioasid_fail_closed 0\n",
          "ioasid_policy_generation 1\n", "ioasid_policy_rules{mode=\"enforce\"} 1\n",
          "ioasid_policy_rules{mode=\"audit\"} 1\n",
          "ioasid_cgroup_rule_info{cgroup=\"/vms\",rule=\"vms\",mode=\"enforce\"} 1\n",
          "ioasid_cgroup_rule_info{cgroup=\"/web\",rule=\"watch\",mode=\"audit\"} 1\n",
          "ioasid_policy_nodes 4\n", "ioasid_policy_nodes_limit 65535\n",
          "ioasid_policy_nodes_full_total 2\n", "ioasid_event_readers 1\n",
          "ioasid_events_lost_total{by=\"readers\"} 5\n",
          "ioasid_events_lost_total{by=\"history\"} 3\n", "ioasid_history_enabled 1\n",
          "ioasid_unused_pasids "})
        EXPECT_THAT(out, HasSubstr(line));
    EXPECT_THAT(lines("0s"), Not(HasSubstr("ioasid_unused_pasids")));
    world.policy->installed.reset();
    world.raw->system.policy_attached = 0;
    EXPECT_THAT(lines("0s"), HasSubstr("ioasid_policy_attached 0\n"));
    EXPECT_THAT(lines("0s"), HasSubstr("ioasid_policy_generation 0\n"));
    EXPECT_THAT(lines("0s"), Not(HasSubstr("ioasid_policy_nodes")));
}

TEST(Metrics, StatesAndUnused)
{
    World world = small_world();
    world.raw->sets = {make_set(1, 11, 100, "one", 5), make_set(2, 20, 200, "two", 2)};
    world.raw->sets[0].active = 2;
    world.raw->sets[0].bindings = 3;
    world.raw->sets[1].free_pending = 1;
    for (ioasid_row &row : world.raw->ioasids)
        row.used_ns = clocks_now().mono_ns;
    world.raw->ioasids[0].used_ns -= 60'000'000'000;
    world.raw->ioasids[0].state = IOASID_STATE_IDLE;
    const std::string out = world.run({"metrics", "--unused", "30s"}).out;
    for (const char *line :
         {"ioasid_pasids{state=\"idle\"} 4\n", "ioasid_pasids{state=\"active\"} 2\n",
          "ioasid_pasids{state=\"free_pending\"} 1\n", "ioasid_bindings 3\n",
          "ioasid_unused_pasids 1\n"})
        EXPECT_THAT(out, HasSubstr(line));
    EXPECT_THAT(world.run({"metrics", "--unused", "2m"}).out,
                HasSubstr("ioasid_unused_pasids 0\n"));
}

TEST(Metrics, Spaces)
{
    World world = small_world();
    EXPECT_THAT(world.run({"metrics"}).out, HasSubstr("ioasid_ioas{kind=\"kernel\"} 0\n"));
    add_spaces(world);
    world.raw->spaces[1].mapped = 0x1000;
    const std::string out = world.run({"metrics"}).out;
    for (const char *line : {"ioasid_ioas{kind=\"kernel\"} 1\n", "ioasid_ioas{kind=\"user\"} 1\n",
                             "ioasid_ioas{kind=\"process\"} 1\n",
                             "ioasid_cgroup_mapped_bytes{cgroup=\"/vms/a\"} 20480\n",
                             "ioasid_cgroup_mapped_bytes{cgroup=\"/web\"} 0\n"})
        EXPECT_THAT(out, HasSubstr(line));
}

TEST(Metrics, NamesOfOthersCannotEndALabel)
{
    World world = small_world();
    world.cgroups[10] = "/a\"} 1\n\\b";
    EXPECT_THAT(world.run({"metrics"}).out,
                HasSubstr("ioasid_cgroup_current{cgroup=\"$'/a\\\"} 1\\\\x0a\\\\\\\\b'\"} 3\n"));
}

TEST(Stats, LatenciesAndSuspects)
{
    World world = small_world();
    ioasid_latency &alloc = world.latencies[IOASID_LATENCY_alloc];
    alloc.count = 10;
    alloc.total_ns = 20'000;
    alloc.slots[10] = 9;
    alloc.slots[14] = 1;
    world.raw->ioasids[2].state = IOASID_STATE_FREE_PENDING;
    const Json json = Json::parse(
        world.run({"stats", "-q", "--json", "--duration", "0.01", "--unused", "1s"}).out);
    EXPECT_EQ(json["latencies"][0]["op"], "alloc");
    EXPECT_EQ(json["latencies"][0]["buckets"][0]["below_ns"], 1024);
    EXPECT_EQ(json["latencies"][0]["buckets"][0]["count"], 9);
    ASSERT_EQ(json["suspects"].size(), 2u) << json;
    EXPECT_EQ(json["suspects"][0]["pasid"], 6);
    EXPECT_EQ(json["suspects"][0]["reason"], "unused");
    EXPECT_EQ(json["suspects"][1]["reason"], "free_pending");
    const auto run = world.run({"stats", "--duration", "0.01"});
    EXPECT_THAT(run.out, HasSubstr("alloc: 10 ("));
    EXPECT_THAT(run.out, HasSubstr("mean 2us, 99% below 16us"));
    EXPECT_THAT(run.out, HasSubstr("#"));
}

} // namespace pasid::test
