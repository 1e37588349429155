// SPDX-License-Identifier: GPL-2.0-only
// I/O address spaces and the devices attached to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

namespace pasid::test {

using testing::ElementsAre;
using testing::HasSubstr;

World world_with_spaces()
{
    World world = small_world();
    add_spaces(world);
    return world;
}

TEST(Spaces, HaveTheirDevicesAndOwners)
{
    World world = world_with_spaces();
    const auto snapshot = world.open_feed()->snapshot(part_spaces);
    ASSERT_TRUE(snapshot);
    EXPECT_TRUE(snapshot->ioasids.empty());
    ASSERT_EQ(snapshot->spaces.size(), 3u);
    const Space &guest = snapshot->spaces[0], &nested = snapshot->spaces[1];
    EXPECT_EQ(guest.cgroup, "/vms/a");
    EXPECT_EQ(guest.mapped, 0x4000u);
    EXPECT_EQ(guest.parent, std::nullopt);
    ASSERT_EQ(guest.devices.size(), 1u);
    EXPECT_EQ(guest.devices[0].device, "sim0");
    EXPECT_EQ(guest.devices[0].pasid, 0u);
    EXPECT_EQ(nested.parent, 1u);
    ASSERT_EQ(nested.devices.size(), 1u);
    EXPECT_EQ(nested.devices[0].pasid, 6u);
    // Another process's space of the same ID.
    EXPECT_EQ(snapshot->spaces[2].comm, "nginx");
    EXPECT_TRUE(snapshot->spaces[2].devices.empty());
}

// A window on the PASIDs leaves out none of the attachments.
TEST(Spaces, AreWholeInAnyWindow)
{
    World world = world_with_spaces();
    auto feed = world.open_feed();
    feed->set_window({.limit = 1, .start = 9});
    const auto snapshot = feed->snapshot(part_all);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->ioasids.size(), 1u);
    EXPECT_TRUE(snapshot->bindings.empty());
    EXPECT_EQ(snapshot->spaces[0].devices.size() + snapshot->spaces[1].devices.size(), 2u);
}

TEST(Spaces, OfBindings)
{
    World world = world_with_spaces();
    const auto snapshot = world.open_feed()->snapshot(part_ioasids | part_bindings);
    ASSERT_TRUE(snapshot);
    ASSERT_EQ(snapshot->bindings.size(), 3u);
    const Binding &without = snapshot->bindings[0], &bound = snapshot->bindings[1],
                  &tagged = snapshot->bindings[2];
    EXPECT_EQ(without.ioas, 1u);
    EXPECT_EQ(without.kind, IOASID_KIND_KERNEL);
    EXPECT_EQ(without.comm, "qemu");
    EXPECT_EQ(find_field<Binding>("pasid")->text(without), "-");
    EXPECT_EQ(by_title<Binding>({"PASID"})[0]->text(without), "none");
    EXPECT_EQ(by_title<Binding>({"PASID"})[0]->text(bound), "5");
    EXPECT_EQ(bound.ioas, std::nullopt);
    EXPECT_EQ(bound.kind, IOASID_KIND_PROCESS);
    EXPECT_EQ(tagged.ioas, 2u);
    EXPECT_EQ(tagged.kind, IOASID_KIND_USER);
    EXPECT_THAT(snapshot->ioasids[1].devices, ElementsAre("sim0"));

    world.raw->spaces.clear(); // freed between the two walks
    const auto later = world.open_feed()->snapshot(part_ioasids | part_bindings);
    EXPECT_EQ(later->bindings[2].kind, std::nullopt);
    EXPECT_EQ(later->bindings[2].ioas, 2u);
}

TEST(Spaces, AreListed)
{
    World world = world_with_spaces();
    const auto now = clocks_now().mono_ns;
    for (ioasid_space_row &row : world.raw->spaces)
        row.alloc_ns = now - 90'000'000'000;
    EXPECT_EQ(world.run({"list", "--spaces"}).out,
              "IOAS KIND    FORMAT PARENT MAPPED ATTACHED DEVICES PID COMM  CGROUP   AGE\n"
              "   1 kernel  none        -    16K        1 sim0    100 qemu  /vms/a 1m30s\n"
              "   2 user    x86_64      1      0        1 sim0:6  100 qemu  /vms/a 1m30s\n"
              "   1 process none        -      0        0 -       200 nginx /web   1m30s\n");
    const Json rows = Json::parse(world.run({"list", "--spaces", "--json"}).out);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[1]["number"], 4);
    EXPECT_EQ(rows[1]["kind"], "user");
    EXPECT_EQ(rows[1]["format"], "x86_64");
    EXPECT_EQ(rows[1]["parent"], 1);
    EXPECT_EQ(rows[1]["devices"], Json::array({"sim0:6"}));
    EXPECT_EQ(rows[1]["flags"], Json::array({"faults"}));
    EXPECT_EQ(rows[0]["devices"], Json::array({"sim0"}));
    EXPECT_EQ(rows[0]["mapped"], 0x4000);
    EXPECT_TRUE(rows[0]["parent"].is_null());
    world.raw->spaces.clear();
    EXPECT_EQ(world.run({"list", "--spaces", "--json"}).out, "[]\n");
}

TEST(Spaces, AreFilteredAndSorted)
{
    World world = world_with_spaces();
    const auto numbers = [&](std::vector<const char *> words) {
        words.insert(words.begin(), {"list", "--json"});
        words.push_back("--spaces"); // also after --sort
        std::vector<int> list;
        const auto run = world.run(words);
        EXPECT_EQ(run.status, 0) << run.messages;
        for (const Json &row : Json::parse(run.out))
            list.push_back(row["number"]);
        return list;
    };
    EXPECT_THAT(numbers({}), ElementsAre(1, 4, 5));
    EXPECT_THAT(numbers({"--pid", "200"}), ElementsAre(5));
    EXPECT_THAT(numbers({"--cgroup", "/vms"}), ElementsAre(1, 4));
    EXPECT_THAT(numbers({"--device", "sim0"}), ElementsAre(1, 4));
    EXPECT_THAT(numbers({"--device", "sim"}), ElementsAre());
    EXPECT_THAT(numbers({"--sort", "-mapped"}), ElementsAre(1, 4, 5));
    EXPECT_THAT(numbers({"--sort", "comm"}), ElementsAre(5, 1, 4));
}

TEST(Spaces, AreNamedByShow)
{
    World world = world_with_spaces();
    const Json bound = Json::parse(world.run({"show", "5", "--json"}).out)["bindings"][0];
    EXPECT_EQ(bound["kind"], "process");
    EXPECT_TRUE(bound["ioas"].is_null());
    const Json tagged = Json::parse(world.run({"show", "6", "--json"}).out)["bindings"][0];
    EXPECT_EQ(tagged["kind"], "user");
    EXPECT_EQ(tagged["ioas"], 2);
    EXPECT_THAT(world.run({"show", "6"}).out, HasSubstr("DEVICE FAULTS"));
    EXPECT_THAT(world.run({"show", "6"}).out, HasSubstr(" user    2\n"));
}

TEST(Spaces, AreInTheBatchView)
{
    World world = world_with_spaces();
    const auto run = world.run({"top", "-b", "-n1", "--view", "spaces"});
    EXPECT_THAT(run.out, HasSubstr("IOAS KIND    MAPPED ATTACHED DEVICES"));
    const Json frame = Json::parse(world.run({"top", "-n1", "--json", "--view", "spaces"}).out);
    EXPECT_EQ(frame["spaces"].size(), 3u);
}

TEST(Spaces, EventsAreFilteredByTheirDevice)
{
    World world = small_world();
    world.events = {make_event(IOASID_EVENT_ATTACH, 1), make_event(IOASID_EVENT_MAP, 2),
                    make_event(IOASID_EVENT_DETACH, 3)};
    for (ioasid_event &event : world.events) {
        event.pasid = IOASID_NO_ID; // requests without PASID
        event.ioas = 3;
    }
    world.events[0].device = world.events[2].device = 1;
    world.events[2].value = 5'000'000;
    const auto seqs = [&](std::vector<const char *> words) {
        words.insert(words.begin(), {"trace", "--json", "-q", "--duration", "0.05"});
        std::istringstream lines(world.run(words).out);
        std::vector<int> list;
        for (std::string line; std::getline(lines, line);) {
            const Json event = Json::parse(line);
            EXPECT_TRUE(event["pasid"].is_null());
            EXPECT_EQ(event["ioas"], 3);
            list.push_back(event["seq"]);
        }
        return list;
    };
    EXPECT_THAT(seqs({}), ElementsAre(1, 2, 3));
    EXPECT_THAT(seqs({"--device", "sim0"}), ElementsAre(1, 3));
    EXPECT_THAT(seqs({"--cgroup", "/vms"}), ElementsAre(1, 2, 3));
    EXPECT_THAT(seqs({"--pasid", "0"}), ElementsAre());
    EXPECT_THAT(seqs({"-e", "map,page_request"}), ElementsAre(2));
    EXPECT_THAT(seqs({"--min-duration", "1ms"}), ElementsAre(3));
}

} // namespace pasid::test
