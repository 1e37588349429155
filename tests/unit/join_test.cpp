// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "model/names.hpp"
#include "model/rates.hpp"

namespace pasid::test {

TEST(Join, RowsGetNames)
{
    World world = small_world();
    const auto snapshot = world.open_feed()->snapshot(part_all);
    ASSERT_TRUE(snapshot);
    ASSERT_EQ(snapshot->ioasids.size(), 3u);
    const Ioasid &first = snapshot->ioasids[0];
    EXPECT_EQ(first.cgroup, "/vms/a");
    EXPECT_EQ(first.spid, 1u);
    EXPECT_THAT(first.devices, testing::ElementsAre("sim0"));
    EXPECT_EQ(snapshot->ioasids[1].spid, std::nullopt);
    ASSERT_EQ(snapshot->bindings.size(), 1u);
    EXPECT_EQ(snapshot->bindings[0].comm, "qemu");
    EXPECT_EQ(snapshot->bindings[0].faults, 2u);
}

TEST(Join, CommOfFullLengthAndRemovedCgroup)
{
    World world = small_world();
    world.raw->ioasids = {make_row(5, 999, 100, "sixteen-chars-xx")};
    const auto snapshot = world.open_feed()->snapshot(part_ioasids);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->ioasids[0].comm, "sixteen-chars-xx");
    EXPECT_EQ(snapshot->ioasids[0].cgroup, "(removed:999)");
}

TEST(Join, BindingsInAnyOrderFindTheirHolders)
{
    World world = small_world();
    ioasid_binding_row late{}, lonely{};
    late.pasid = 9;
    late.device = 1;
    lonely.pasid = 7; // freed between the two walks
    lonely.device = 2;
    world.raw->bindings = {late, lonely, world.raw->bindings[0]};
    const auto snapshot = world.open_feed()->snapshot(part_ioasids | part_bindings);
    ASSERT_TRUE(snapshot);
    EXPECT_THAT(snapshot->ioasids[2].devices, testing::ElementsAre("sim0"));
    EXPECT_THAT(snapshot->ioasids[0].devices, testing::ElementsAre("sim0"));
    ASSERT_EQ(snapshot->bindings.size(), 3u);
    EXPECT_EQ(snapshot->bindings[1].device, "(removed:2)");
    EXPECT_EQ(snapshot->bindings[1].comm, "");
}

TEST(Join, CgroupsWithNodesAndThoseUnderARule)
{
    World world = small_world();
    const auto snapshot = world.open_feed()->snapshot(part_cgroups);
    ASSERT_TRUE(snapshot);
    std::vector<std::string> paths;
    for (const CgroupUsage &usage : snapshot->cgroups)
        paths.push_back(usage.cgroup);
    EXPECT_THAT(paths, testing::ElementsAre("/", "/vms", "/vms/a", "/web"));
    const CgroupUsage &vms = snapshot->cgroups[1];
    EXPECT_EQ(vms.rule, "vms");
    EXPECT_EQ(vms.max, 3u);
    EXPECT_EQ(vms.mode, IOASID_MODE_ENFORCE);
    EXPECT_EQ(vms.denied_here, 4u);
    const CgroupUsage &web = snapshot->cgroups[3];
    EXPECT_EQ(web.current, 0u);
    EXPECT_EQ(web.mode, IOASID_MODE_AUDIT);
    EXPECT_EQ(snapshot->cgroups[0].max, 2u) << "no rule governs it, so the defaults apply";
    EXPECT_EQ(snapshot->cgroups[2].max, std::nullopt) << "an ancestor's rule governs it";
    EXPECT_EQ(snapshot->cgroups[2].rule, std::nullopt) << "an ancestor's rule is not its own";
}

TEST(Join, ParentsComeBeforeTheirChildrenWhateverTheNames)
{
    World world = small_world();
    world.cgroups = {{1, "/"}, {2, "/a"}, {3, "/a-b"}, {4, "/a/c"}};
    for (std::uint64_t id = 1; id <= 4; id++) {
        ioasid_node node{};
        node.cgroup_id = id;
        world.policy->nodes.push_back(node);
    }
    world.policy->nodes.erase(world.policy->nodes.begin(), world.policy->nodes.begin() + 3);
    const auto snapshot = world.open_feed()->snapshot(part_cgroups);
    ASSERT_TRUE(snapshot);
    std::vector<std::string> paths;
    for (const CgroupUsage &usage : snapshot->cgroups)
        paths.push_back(usage.cgroup);
    EXPECT_THAT(paths, testing::ElementsAre("/", "/a", "/a/c", "/a-b"));
}

TEST(Join, EventsGetRuleLimitAndDevice)
{
    World world = small_world();
    world.events = {make_event(IOASID_EVENT_DENY, 1), make_event(IOASID_EVENT_BIND, 2)};
    world.events[1].device = 1;
    std::vector<Event> events;
    auto feed = world.open_feed();
    ASSERT_TRUE(feed->events(events, 10));
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].rule, "vms");
    EXPECT_EQ(events[0].limit_cgroup, "/vms");
    EXPECT_EQ(events[0].cgroup, "/vms/a");
    EXPECT_EQ(events[0].pasid, std::nullopt);
    EXPECT_TRUE(events[0].failed());
    EXPECT_EQ(events[1].device, "sim0");
}

TEST(Join, RulesOfThePolicyThatWasReplacedKeepTheirNames)
{
    World world = small_world();
    install(world, "version: 1\nrules:\n  - {name: other, cgroup: /x, max: 1}\n");
    ASSERT_TRUE(world.policy->installed);
    EXPECT_EQ(rule_name(*world.policy->installed, 1), "vms");
    EXPECT_EQ(rule_name(*world.policy->installed, 2), "watch");
    EXPECT_EQ(rule_name(*world.policy->installed, 3), "other");
    EXPECT_EQ(rule_name(*world.policy->installed, 4), std::nullopt);
    EXPECT_EQ(rule_name(*world.policy->installed, 0), std::nullopt);
}

TEST(Feed, ImageIsReadOnlyWhenItChanged)
{
    World world = small_world();
    auto feed = world.open_feed();
    ASSERT_TRUE(feed->snapshot(part_cgroups));
    ASSERT_TRUE(feed->snapshot(part_cgroups));
    EXPECT_EQ(world.policy->images_read, 1);
    install(world, small_policy);
    const auto snapshot = feed->snapshot(part_cgroups);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(world.policy->images_read, 2);
    EXPECT_EQ(snapshot->policy_generation, 2u);
}

TEST(Feed, PolicyRemovedWhileLooking)
{
    World world = small_world();
    auto feed = world.open_feed();
    ASSERT_TRUE(feed->snapshot(part_cgroups));
    world.policy->installed.reset();
    world.policy->nodes.clear();
    const auto snapshot = feed->snapshot(part_cgroups);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->policy_generation, 0u);
    // The cgroups with PASIDs are still shown: /, /vms, /vms/a, /web.
    ASSERT_EQ(snapshot->cgroups.size(), 4u);
    EXPECT_EQ(snapshot->cgroups[0].current, 3u);
    EXPECT_EQ(snapshot->cgroups[2].cgroup, "/vms/a");
    EXPECT_EQ(snapshot->cgroups[2].current, 2u);
    EXPECT_FALSE(snapshot->cgroups[2].rule);
}

TEST(Join, ProcessesAreSummedFromSets)
{
    World world = small_world();
    const auto snapshot = world.open_feed()->snapshot(part_processes);
    ASSERT_TRUE(snapshot);
    EXPECT_TRUE(snapshot->ioasids.empty());
    const auto &rows = snapshot->processes;
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].pid, 100u);
    EXPECT_EQ(rows[0].comm, "qemu");
    EXPECT_EQ(rows[0].cgroup, "/vms/a");
    EXPECT_EQ(rows[0].pasids, 2u);
    EXPECT_EQ(rows[0].active, 1u);
    EXPECT_EQ(rows[0].bindings, 1u);
}

TEST(Join, ProcessOfSeveralSetsHasTheNamesOfTheLast)
{
    FakeCgroups cgroups;
    cgroups.known = {{11, "/vms/a"}, {20, "/web"}};
    const std::vector<ioasid_set_row> sets{
        make_set(9, 20, 100, "after", 3), make_set(2, 20, 200, "empty", 0),
        make_set(4, 11, 100, "before", 1), make_set(10, 20, 100, "later", 0)};
    const auto rows = join_processes(sets, cgroups, 1'000);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].comm, "after");
    EXPECT_EQ(rows[0].cgroup, "/web");
    EXPECT_EQ(rows[0].pasids, 4u);
    EXPECT_EQ(rows[0].oldest_ns, 996u) << "the oldest of all sets of the process";
}

TEST(Model, RatesPerSecond)
{
    Snapshot before, after;
    before.mono_ns = 1'000'000'000;
    after.mono_ns = 3'000'000'000;
    before.system.events = 10;
    after.system.events = 30;
    before.system.denials = 5;
    after.system.denials = 3; // the module was reloaded
    CgroupUsage usage;
    usage.cgroup_id = 7;
    usage.current = 8;
    before.cgroups = {usage};
    usage.current = 4;
    after.cgroups = {usage};
    const Rates rates = rates_between(before, after);
    EXPECT_DOUBLE_EQ(rates.events, 10);
    EXPECT_DOUBLE_EQ(rates.denials, 0);
    EXPECT_DOUBLE_EQ(rates.cgroups.at(7).current, -2);
    EXPECT_EQ(rates_between(Snapshot{}, after).seconds, 0);
}

TEST(Names, ErrnoAndUnknownNumbers)
{
    EXPECT_EQ(errno_name(0), "ok");
    EXPECT_EQ(errno_name(-EDQUOT), "EDQUOT");
    EXPECT_EQ(errno_name(4000), "E4000");
    EXPECT_EQ(event_name(IOASID_NR_EVENTS), "?");
    EXPECT_EQ(event_type("free_pending"), IOASID_EVENT_FREE_PENDING);
    EXPECT_EQ(event_type("nothing"), std::nullopt);
}

TEST(Cgroups, Paths)
{
    EXPECT_TRUE(is_within("/a/b", "/a"));
    EXPECT_TRUE(is_within("/a", "/a"));
    EXPECT_TRUE(is_within("/a", "/"));
    EXPECT_FALSE(is_within("/ab", "/a"));
    EXPECT_FALSE(is_within("/a", "/a/b"));
    EXPECT_EQ(normal_cgroup_path("a//b/"), "/a/b");
    EXPECT_EQ(normal_cgroup_path("/sys/fs/cgroup/a"), "/a");
    EXPECT_EQ(normal_cgroup_path("/sys/fs/cgroup"), "/");
    EXPECT_EQ(normal_cgroup_path(""), "/");
}

} // namespace pasid::test
