// SPDX-License-Identifier: GPL-2.0-only
// Recordings return the recorded events, up to the place where the file was truncated.
#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "lib/recording.hpp"
#include "lib/symbols.hpp"
#include "render/json.hpp"

namespace pasid::test {

class FixedNames : public EventNames {
  public:
    const std::string &cgroup(std::uint64_t id) override
    {
        return text_ = id ? "/c" + std::to_string(id) : "";
    }
    const std::string &device(std::uint32_t id) override
    {
        return text_ = id ? "d" + std::to_string(id) : "";
    }
    std::optional<std::string> rule(std::uint32_t id) override
    {
        return rules_ + std::to_string(id);
    }
    void policy_changed() override { rules_ = "new"; }
    std::optional<std::uint32_t> device_id(const std::string &) override { return std::nullopt; }
    std::uint64_t wall_offset_ns() override { return 1'000; }

  private:
    std::string text_, rules_ = "r";
};

class File {
  public:
    explicit File(const std::string &content)
        : path_(testing::TempDir() + "pasidctl-test." + std::to_string(getpid()) + ".trace")
    {
        std::ofstream(path_, std::ios::binary) << content;
    }
    ~File() { unlink(path_.c_str()); }
    const char *path() const { return path_.c_str(); }

  private:
    std::string path_;
};

// Events of all types, with cgroups and devices to resolve.
std::vector<ioasid_event> many_events()
{
    std::vector<ioasid_event> events;
    for (unsigned i = 0; i < 40; i++) {
        ioasid_event event =
            make_event(static_cast<ioasid_event_type>(1 + i % (IOASID_NR_EVENTS - 1)), i);
        event.cgroup_id = i % 5 + 1;
        event.device = i % 3;
        event.value = i;
        event.length = i * 4096;
        event.ioas = i % 4;
        event.reason = i % 3;
        // Some are far apart, and some are out of order.
        event.ts_ns += i % 8 == 7 ? 0 : i / 3 * 9'000'000'000;
        event.seq = i % 9 == 8 ? 1 : std::uint64_t{i} << 31;
        events.push_back(event);
    }
    return events;
}

std::string recorded(const std::vector<ioasid_event> &events, std::size_t batch)
{
    FixedNames names;
    std::string bytes;
    Recorder recorder(bytes, names);
    for (std::size_t i = 0; i < events.size(); i += batch)
        recorder.add(std::span(events).subspan(i, std::min(batch, events.size() - i)), {});
    recorder.end();
    return bytes;
}

// A recording of a version that numbers events differently, or has other ones.
TEST(Recording, AnEventIsWhatItsNameSays)
{
    const std::string ours = recorded({make_event(IOASID_EVENT_BIND, 1)}, 1);
    const auto renamed = [&](const std::string &from, const std::string &to) {
        std::string bytes = ours;
        return bytes.replace(bytes.find(from), from.size(), to);
    };
    std::string swapped = renamed("bind", "warn");
    swapped.replace(swapped.rfind("warn"), 4, "bind");
    std::vector<ioasid_event> events;
    const File file(swapped);
    auto replay = open_recording(file.path());
    ASSERT_TRUE(replay);
    ASSERT_TRUE((*replay)->read(events, 10));
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].type, IOASID_EVENT_WARN);

    const File other(renamed("bind", "glue"));
    replay = open_recording(other.path());
    ASSERT_TRUE(replay);
    const auto read = (*replay)->read(events, 10);
    ASSERT_FALSE(read);
    EXPECT_THAT(describe(read.error()), testing::HasSubstr("does not support its events `glue`"));
}

TEST(Recording, CutOffAnywhereItIsWhatCameBefore)
{
    const auto events = many_events();
    const std::string whole = recorded(events, 10);
    std::size_t before = 0;
    for (std::size_t size = 0; size <= whole.size(); size++) {
        const File file(whole.substr(0, size));
        auto replay = open_recording(file.path());
        if (size < 24) {
            EXPECT_FALSE(replay) << size;
            continue;
        }
        ASSERT_TRUE(replay) << size;
        std::vector<ioasid_event> out;
        while (!(*replay)->at_end())
            ASSERT_TRUE((*replay)->read(out, 7)) << size;
        EXPECT_EQ((*replay)->cut_off(), size < whole.size()) << size;
        ASSERT_GE(out.size(), before);
        before = out.size();
        FixedNames names;
        for (std::size_t i = 0; i < out.size(); i++) {
            ASSERT_EQ(std::memcmp(&out[i], &events[i], sizeof(out[i])), 0) << size;
            EXPECT_EQ((*replay)->names().cgroup(out[i].cgroup_id), names.cgroup(out[i].cgroup_id));
            EXPECT_EQ((*replay)->names().device(out[i].device), names.device(out[i].device));
        }
    }
    EXPECT_EQ(before, events.size());
}

// A new policy has other rules, which may have the same numbers.
TEST(Recording, OfAPolicyThatIsReplaced)
{
    const File file(recorded({make_event(IOASID_EVENT_DENY, 1), make_event(IOASID_EVENT_DENY, 2),
                              make_event(IOASID_EVENT_POLICY, 3), make_event(IOASID_EVENT_DENY, 4)},
                             100));
    World world;
    const auto run = world.run({"trace", "--replay", file.path(), "--json"});
    std::vector<std::string> rules;
    std::istringstream lines(run.out);
    for (std::string line; std::getline(lines, line);)
        rules.push_back(Json::parse(line).value("rule", "-"));
    EXPECT_THAT(rules, testing::ElementsAre("r1", "r1", "-", "new1"));
}

TEST(Recording, WhatIsNoneIsRefused)
{
    const std::string whole = recorded(many_events(), 10);
    for (const std::string &content :
         {std::string(100, 'x'), std::string(), "pasidtrc" + std::string(30, '\xff')}) {
        const File file(content);
        EXPECT_FALSE(open_recording(file.path()));
    }
    std::string damaged = whole;
    damaged.replace(24 + 4, 4, "\xff\xff\xff\xff");
    const File file(damaged);
    auto replay = open_recording(file.path());
    ASSERT_TRUE(replay);
    std::vector<ioasid_event> out;
    EXPECT_FALSE((*replay)->read(out, 100));
    EXPECT_FALSE(open_recording("/nonexistent"));
}

// Filtering a complete recording gives the events that the filter in the kernel would pass.
TEST(Recording, BothWaysToFilterSayTheSame)
{
    World world = small_world();
    for (unsigned i = 0; i < 60; i++) {
        ioasid_event event =
            make_event(static_cast<ioasid_event_type>(1 + i % (IOASID_NR_EVENTS - 1)), i);
        event.cgroup_id = i % 3 == 0 ? 20 : i % 3 == 1 ? 11 : 10;
        event.device = i % 2;
        event.pid = 100 + i % 4;
        event.tid = 101 + i % 3;
        event.pasid = i % 5 ? i % 5 : IOASID_NO_ID;
        event.value = i * 100'000;
        event.length = i * 4096;
        event.ioas = i % 4;
        event.error = i % 7 == 0 ? -EPERM : 0;
        std::strcpy(event.comm, i % 4 == 0 ? "nginx" : i % 4 == 1 ? "qemu" : "fifteen-letters");
        world.events.push_back(event);
    }
    const std::string path = testing::TempDir() + "pasidctl-filter.trace";
    ASSERT_EQ(world.run({"trace", "-q", "-o", path.c_str(), "--duration", "0.05"}).status, 0);
    const std::vector<std::vector<const char *>> filters{
        {},
        {"-e", "alloc,deny"},
        {"--cgroup", "/vms"},
        {"--cgroup", "/"},
        {"--cgroup", "/nowhere"},
        {"--pid", "101"},
        {"--comm", "qemu"},
        {"--comm", "fifteen-letters"},
        {"--pasid", "3"},
        {"--device", "sim0"},
        {"--device", "sim9"},
        {"--failed"},
        {"--min-duration", "2ms"},
        {"--cgroup", "/vms", "--failed", "-e", "deny,fault"},
        {"--device", "sim0", "--comm", "nginx", "--time", "delta"},
    };
    std::vector<std::string> answers;
    for (const auto &filter : filters)
        for (const bool json : {true, false}) {
            std::vector<const char *> live{"trace", "-q", "--duration", "0.05"};
            std::vector<const char *> again{"trace", "-q", "--replay", path.c_str()};
            for (auto *words : {&live, &again}) {
                words->insert(words->end(), filter.begin(), filter.end());
                if (json)
                    words->push_back("--json");
            }
            const std::string seen = world.run(live).out;
            EXPECT_EQ(seen, world.run(again).out) << testing::PrintToString(filter);
            answers.push_back(seen);
        }
    EXPECT_GT(answers[2].size(), answers[24 + 2].size()) << "the filter excludes no event";
    EXPECT_NE(answers[0], answers[2]);
    unlink(path.c_str());
}

TEST(Symbols, KernelAndProcess)
{
    Symbols symbols;
    std::istringstream kallsyms("ffffffff81000000 T start\nffffffff81000100 t ioctl\n"
                                "ffffffffa0000000 t ioasid_bind\t[ioasid_shim]\n"
                                "ffffffffa0000200 t bpf_prog_1\n"
                                "ffffffff81000200 d data\n");
    symbols.read_kernel(kallsyms);
    std::istringstream maps(
        "7f0000001000-7f0000003000 r-xp 00002000 08:01 123  /usr/lib/libc.so.6\n"
        "7f0000003000-7f0000004000 rw-p 00000000 00:00 0\n");
    symbols.read_process(7, maps);
    ioasid_stacked_event event{};
    event.event.tid = 7;
    event.kernel[0] = 0xffffffffa0000210; // functions that emit the event
    event.kernel[1] = 0xffffffffa0000010;
    event.kernel[2] = 0xffffffff81000150;
    event.kernel_bytes = 24;
    event.user[0] = 0x7f0000001010;
    event.user[1] = 0x10;
    event.user_bytes = 16;
    const EventStack stack = symbols.name(event);
    EXPECT_THAT(stack.kernel, testing::ElementsAre("ioasid_bind+0x10 [ioasid_shim]", "ioctl+0x50"));
    EXPECT_THAT(stack.user, testing::ElementsAre("libc.so.6+0x2010", "0x10"));
    event.kernel_bytes = -14;
    event.user_bytes = 0;
    EXPECT_TRUE(symbols.name(event).kernel.empty());
}

} // namespace pasid::test
