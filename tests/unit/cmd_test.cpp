// SPDX-License-Identifier: GPL-2.0-only
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "render/json.hpp"

namespace pasid::test {

using testing::HasSubstr;
using testing::Not;

std::vector<Json> lines_of(const std::string &text)
{
    std::vector<Json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(Json::parse(line));
    return lines;
}

void check_rows(std::span<const CommandRow> rows, const std::string &before)
{
    for (const CommandRow &row : rows) {
        const std::string name = before + std::string(row.name);
        EXPECT_NE(row.setup == nullptr, row.children.empty()) << name;
        EXPECT_EQ(row.example.rfind("pasidctl " + name, 0), 0u) << row.example;
        check_rows(row.children, name + " ");
    }
}

TEST(Commands, EachHasCodeHelpAndExample)
{
    check_rows(command_table(), "");
    World world;
    for (const CommandRow &row : command_table()) {
        const std::string name(row.name);
        const auto run = world.run({name.c_str(), "--help"});
        EXPECT_EQ(run.status, 0);
        EXPECT_THAT(run.out, HasSubstr("Example: "));
    }
}

TEST(Commands, UsageErrorsAreOneLineAndStatus2)
{
    World world;
    for (const std::vector<const char *> &words :
         std::initializer_list<std::vector<const char *>>{{},
                                                          {"nothing"},
                                                          {"policy"},
                                                          {"policy", "nothing"},
                                                          {"list", "--nothing"},
                                                          {"list", "--sort", "nothing"},
                                                          {"list", "--state", "nothing"},
                                                          {"list", "--sort", "mapped"},
                                                          {"list", "--spaces", "--sort", "spid"},
                                                          {"list", "--spaces", "--state", "idle"},
                                                          {"trace", "-e", "nothing"},
                                                          {"show"},
                                                          {"show", "x"},
                                                          {"top"}}) {
        const auto run = world.run(words);
        EXPECT_EQ(run.status, 2);
        EXPECT_EQ(run.out, "");
        EXPECT_EQ(std::count(run.messages.begin(), run.messages.end(), '\n'), 1) << run.messages;
    }
}

TEST(Commands, WhatTheKernelRefusesIsStatus3)
{
    World world;
    world.no_feed = Error{"cannot read the state", "the module is not loaded", "load it"};
    const auto run = world.run({"list"});
    EXPECT_EQ(run.status, 3);
    EXPECT_EQ(run.messages, "pasidctl: cannot read the state: the module is not loaded; load it\n");
}

TEST(List, FiltersAndSorts)
{
    World world = small_world();
    const auto pasids = [&](std::vector<const char *> words) {
        words.insert(words.begin(), "list");
        words.push_back("--json");
        std::vector<int> list;
        for (const Json &row : Json::parse(world.run(words).out))
            list.push_back(row["pasid"]);
        return list;
    };
    using testing::ElementsAre;
    EXPECT_THAT(pasids({}), ElementsAre(5, 6, 9));
    EXPECT_THAT(pasids({"--cgroup", "/vms"}), ElementsAre(5, 6));
    EXPECT_THAT(pasids({"--cgroup", "/sys/fs/cgroup/web/"}), ElementsAre(9));
    EXPECT_THAT(pasids({"--pid", "200"}), ElementsAre(9));
    EXPECT_THAT(pasids({"--state", "active"}), ElementsAre(5));
    EXPECT_THAT(pasids({"--device", "sim0"}), ElementsAre(5));
    EXPECT_THAT(pasids({"--device", "sim1"}), ElementsAre());
    EXPECT_THAT(pasids({"--sort", "-pasid"}), ElementsAre(9, 6, 5));
    EXPECT_THAT(pasids({"--sort", "comm"}), ElementsAre(9, 5, 6));
}

// More PASIDs than are read at once.
TEST(List, OfManyIsWhole)
{
    constexpr std::uint32_t count = 40'000;
    World world = small_world();
    world.raw->ioasids.clear();
    world.raw->bindings.clear();
    for (std::uint32_t pasid = 1; pasid <= count; pasid++)
        world.raw->ioasids.push_back(make_row(pasid, 20, 100 + pasid % 2, "x"));
    ioasid_binding_row binding{};
    binding.pasid = 39'999;
    binding.device = 1;
    world.raw->bindings.push_back(binding);

    const Json rows = Json::parse(world.run({"list", "--json"}).out);
    ASSERT_EQ(rows.size(), count);
    for (std::uint32_t i = 0; i < count; i++)
        ASSERT_EQ(rows[i]["pasid"], i + 1);
    EXPECT_EQ(rows[39'998]["devices"], Json::array({"sim0"}));
    EXPECT_EQ(Json::parse(world.run({"list", "--json", "--pid", "101"}).out).size(), count / 2);
    EXPECT_EQ(world.run({"list", "--json", "--state", "active"}).out, "[]\n");
    const std::string text = world.run({"list"}).out;
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), count + 1);
    EXPECT_EQ(text.rfind("PASID"), text.find("PASID")) << "one header";
}

TEST(Show, OneOrNone)
{
    World world = small_world();
    const auto run = world.run({"show", "5", "--json"});
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(Json::parse(run.out)["bindings"][0]["device"], "sim0");
    EXPECT_THAT(world.run({"show", "5"}).out, HasSubstr("/vms/a"));
    EXPECT_EQ(world.run({"show", "4"}).status, 1);
}

TEST(Cgroup, SubtreeAndUnknown)
{
    World world = small_world();
    const Json rows = Json::parse(world.run({"cgroup", "vms", "--json"}).out);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0]["cgroup"], "/vms");
    EXPECT_EQ(rows[0]["max"], 3);
    EXPECT_EQ(rows[0]["mode"], "enforce");
    EXPECT_TRUE(rows[1]["max"].is_null());
    EXPECT_EQ(world.run({"cgroup", "/nowhere"}).status, 1);
    EXPECT_EQ(world.run({"cgroup"}).out,
              "CGROUP RULE  MODE    MAX CURRENT PEAK DENIED ASKED WOULD\n"
              "/      -     -         2       3    0      0     0     0\n"
              "/vms   vms   enforce   3       3    3      4     0     0\n"
              "/vms/a -     -         -       2    0      0     4     0\n"
              "/web   watch audit     1       0    0      0     0     0\n");
}

TEST(Trace, CountsFiltersAndTellsLosses)
{
    World world = small_world();
    for (std::uint64_t i = 0; i < 10; i++)
        world.events.push_back(make_event(i % 2 ? IOASID_EVENT_DENY : IOASID_EVENT_ALLOC, i));
    ioasid_event lost{};
    lost.type = IOASID_EVENT_LOST;
    lost.value = 42;
    std::strcpy(lost.comm, "ringbuf");
    world.events.insert(world.events.begin() + 3, lost);

    const auto run = world.run({"trace", "--json", "-e", "deny", "-n", "3"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.messages, HasSubstr("tracing"));
    const auto lines = lines_of(run.out);
    ASSERT_EQ(lines.size(), 5u);
    EXPECT_EQ(lines[0]["seq"], 1);
    EXPECT_EQ(lines[1]["event"], "lost");
    EXPECT_EQ(lines[1]["count"], 42);
    EXPECT_EQ(lines[1]["where"], "ringbuf");
    EXPECT_EQ(lines[3]["rule"], "vms");
    EXPECT_EQ(lines[4]["where"], "total");
    EXPECT_EQ(lines[4]["count"], 42);
}

TEST(Trace, EveryFilterFilters)
{
    World world = small_world();
    world.events = {make_event(IOASID_EVENT_ALLOC, 0), make_event(IOASID_EVENT_DENY, 1),
                    make_event(IOASID_EVENT_BIND, 2)};
    world.events[0].cgroup_id = 20;
    world.events[0].pid = 200;
    std::strcpy(world.events[0].comm, "nginx");
    world.events[2].device = 1;
    world.events[2].pasid = 8;
    const auto seqs = [&](std::vector<const char *> words) {
        words.insert(words.begin(), {"trace", "--json", "-q", "--duration", "0.05"});
        std::vector<int> list;
        for (const Json &line : lines_of(world.run(words).out))
            list.push_back(line["seq"]);
        return list;
    };
    using testing::ElementsAre;
    EXPECT_THAT(seqs({}), ElementsAre(0, 1, 2));
    EXPECT_THAT(seqs({"--cgroup", "/vms"}), ElementsAre(1, 2));
    EXPECT_THAT(seqs({"--pid", "200"}), ElementsAre(0));
    EXPECT_THAT(seqs({"--pid", "101"}), ElementsAre(0, 1, 2)) << "a thread";
    EXPECT_THAT(seqs({"--comm", "qemu"}), ElementsAre(1, 2));
    EXPECT_THAT(seqs({"--pasid", "8"}), ElementsAre(2));
    EXPECT_THAT(seqs({"--device", "sim0"}), ElementsAre(2));
    EXPECT_THAT(seqs({"--failed"}), ElementsAre(1));
    EXPECT_THAT(seqs({"-e", "alloc,bind"}), ElementsAre(0, 2));
}

TEST(Top, BatchFrames)
{
    World world = small_world();
    const auto run = world.run({"top", "-b", "-n", "2", "-d", "0.05"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.out, HasSubstr("PASIDs 3 of 1048576"));
    EXPECT_THAT(run.out, HasSubstr("/vms"));
    const auto frames = lines_of(world.run({"top", "-n", "2", "-d", "0.05", "--json"}).out);
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(frames[1]["system"]["live"], 3);
    EXPECT_EQ(frames[1]["cgroups"].size(), 4u);
    EXPECT_EQ(
        lines_of(world.run({"top", "-n1", "--json", "--view", "pasids"}).out)[0]["pasids"].size(),
        3u);
}

TEST(Command, top_batch_prints_no_more_pasids_than_are_wanted)
{
    World world = small_world();
    const auto pasids = [&](const char *rows) {
        return lines_of(
            world.run({"top", "-n1", "--json", "--view", "pasids", "--rows", rows}).out)[0];
    };
    EXPECT_EQ(pasids("2")["pasids"].size(), 2u);
    EXPECT_EQ(pasids("2")["pasids_cut"], true);
    EXPECT_EQ(pasids("3")["pasids"].size(), 3u);
    EXPECT_EQ(pasids("3")["pasids_cut"], false);
    EXPECT_EQ(pasids("0")["pasids"].size(), 3u);
    EXPECT_THAT(world.run({"top", "-bn1", "--view", "pasids", "--rows", "1"}).out,
                HasSubstr("use --rows 0"));
}

TEST(Command, cgroup_in_another_order_and_as_a_tree)
{
    World world = small_world();
    const auto first = [&](const char *sort) {
        return Json::parse(world.run({"cgroup", "--json", "--sort", sort}).out)[0]["cgroup"];
    };
    EXPECT_EQ(first("cgroup"), "/");
    EXPECT_EQ(first("-cgroup"), "/web");
    EXPECT_EQ(first("-denied_here"), "/vms");
    EXPECT_EQ(world.run({"cgroup", "--sort", "nothing"}).status, 2);
    EXPECT_EQ(world.run({"cgroup", "--tree", "--sort", "peak"}).status, 2);
    const std::string tree = world.run({"cgroup", "--tree"}).out;
    EXPECT_THAT(tree, HasSubstr("\n/ "));
    EXPECT_THAT(tree, HasSubstr("\n  vms "));
    EXPECT_THAT(tree, HasSubstr("\n    a "));
    EXPECT_THAT(tree, HasSubstr("\n  web "));
}

TEST(Command, top_records_and_replays)
{
    World world = small_world();
    add_spaces(world);
    const std::string path = testing::TempDir() + "top-" + std::to_string(getpid()) + ".rec";
    const auto recorded =
        world.run({"top", "-n", "3", "-d", "0.05", "--json", "--record", path.c_str()});
    EXPECT_EQ(recorded.status, 0) << recorded.messages;
    for (const char *view : {"cgroups", "processes", "pasids", "devices", "spaces"}) {
        const auto replayed =
            world.run({"top", "--json", "--replay", path.c_str(), "--view", view});
        EXPECT_EQ(replayed.status, 0) << replayed.messages;
        const auto frames = lines_of(replayed.out);
        ASSERT_EQ(frames.size(), 3u);
        EXPECT_FALSE(frames[2][view].empty()) << view;
    }
    EXPECT_EQ(world.run({"top", "--json", "--replay", path.c_str()}).out, recorded.out)
        << "the same as live";
    EXPECT_EQ(lines_of(world.run({"top", "-n1", "--json", "--replay", path.c_str()}).out).size(),
              1u);

    EXPECT_EQ(world.run({"top", "-b", "--replay", "/nowhere"}).status, 2);
    EXPECT_EQ(world.run({"top", "-b", "-n1", "--record", "/nowhere/x"}).status, 2);
    EXPECT_EQ(world.run({"top", "-b", "--record", "x", "--replay", path.c_str()}).status, 2);
    unlink(path.c_str());
}

TEST(Command, top_says_that_a_recording_has_only_the_first_pasids)
{
    World world = small_world();
    world.raw->ioasids.clear();
    for (std::uint32_t pasid = 1; pasid <= 8193; pasid++)
        world.raw->ioasids.push_back(make_row(pasid, 11, 100, "qemu"));
    const std::string path = testing::TempDir() + "top-" + std::to_string(getpid()) + ".rec";
    const auto check = [](const World::Run &run) {
        ASSERT_EQ(run.status, 0) << run.messages;
        const Json frame = lines_of(run.out).at(0);
        EXPECT_EQ(frame["pasids"].size(), 8192u);
        EXPECT_EQ(frame["pasids_cut"], true);
    };
    check(world.run(
        {"top", "-n1", "--json", "--view", "pasids", "--rows", "0", "--record", path.c_str()}));
    check(world.run(
        {"top", "-n1", "--json", "--view", "pasids", "--rows", "0", "--replay", path.c_str()}));
    EXPECT_THAT(
        world.run({"top", "-bn1", "--view", "pasids", "--rows", "0", "--replay", path.c_str()}).out,
        HasSubstr("more: a recording has only the first PASIDs"));
    EXPECT_THAT(world.run({"top", "-bn1", "--replay", path.c_str()}).out,
                Not(HasSubstr("... more")))
        << "a view without PASIDs";
    unlink(path.c_str());
}

TEST(Command, top_names_its_views_and_themes)
{
    World world = small_world();
    const auto help = world.run({"top", "--help"});
    for (const char *name : {"events", "pasids", "high-contrast", "--record", "--replay"})
        EXPECT_NE(help.out.find(name), std::string::npos) << name;
    EXPECT_EQ(world.run({"top", "-b", "-n1", "--view", "moon"}).status, 2);
    const auto events = world.run({"top", "-b", "-n1", "--view", "events"});
    EXPECT_EQ(events.status, 2);
    EXPECT_NE(events.messages.find("--view events cannot be used with -b"), std::string::npos);
}

} // namespace pasid::test
