// SPDX-License-Identifier: GPL-2.0
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

TEST(Metrics, NamesOfOthersCannotEndALabel)
{
    World world = small_world();
    world.cgroups[10] = "/a\"} 1\n\\b";
    EXPECT_THAT(world.run({"metrics"}).out,
                HasSubstr("ioasid_cgroup_current{cgroup=\"/a\\\"} 1?\\\\b\"} 3\n"));
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
