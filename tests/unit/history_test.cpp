// SPDX-License-Identifier: GPL-2.0-only
// The history: reading it while it is written, and its commands.
#include <cstring>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "render/json.hpp"

namespace pasid::test {

using testing::HasSubstr;
using testing::Not;

namespace {

// Each word of the event contains @number.
ioasid_event event_of(std::uint64_t number)
{
    std::array<std::uint64_t, sizeof(ioasid_event) / 8> words;
    words.fill(number);
    ioasid_event event;
    std::memcpy(&event, words.data(), sizeof(event));
    return event;
}

// As in the BPF program.
void keep(ioasid_history_slot *slot, std::uint64_t number, const ioasid_event *event,
          __u64 *dropped)
{
    if (!ioasid_history_claim(slot, number, dropped))
        return;
    slot->event = *event;
    ioasid_history_publish(slot, number);
}

void write(std::vector<ioasid_history_slot> &slots, std::uint64_t number)
{
    const ioasid_event event = event_of(number);
    __u64 dropped = 0;
    keep(&slots[number % slots.size()], number, &event, &dropped);
    EXPECT_EQ(dropped, 0u);
}

std::vector<std::uint64_t> numbers(const std::vector<ioasid_event> &events)
{
    std::vector<std::uint64_t> list;
    for (const ioasid_event &event : events)
        list.push_back(event.seq);
    return list;
}

} // namespace

TEST(History, OldestFirstAndOnlyWhatIsWhole)
{
    using testing::ElementsAre;
    std::vector<ioasid_history_slot> slots(4);
    EXPECT_THAT(numbers(complete_events(slots, 0)), ElementsAre());
    write(slots, 0);
    write(slots, 1);
    EXPECT_THAT(numbers(complete_events(slots, 2)), ElementsAre(0, 1));
    for (std::uint64_t number = 2; number < 7; number++)
        write(slots, number);
    EXPECT_THAT(numbers(complete_events(slots, 7)), ElementsAre(3, 4, 5, 6));
    EXPECT_THAT(numbers(complete_events(slots, 6)), ElementsAre(3, 4, 5)); // 6 was recorded later
    slots[0].version = IOASID_HISTORY_WRITING(8u);
    EXPECT_THAT(numbers(complete_events(slots, 9)), ElementsAre(3, 5, 6));
}

TEST(History, TheLaterOfTwoWritersWinsUnlessTheOtherCameFirst)
{
    ioasid_history_slot slot{};
    __u64 dropped = 0;
    ASSERT_TRUE(ioasid_history_claim(&slot, 4, &dropped));
    EXPECT_FALSE(ioasid_history_claim(&slot, 8, &dropped)); // the first is still writing
    EXPECT_EQ(dropped, 1u);
    slot.version = IOASID_HISTORY_WHOLE(8u);
    EXPECT_FALSE(ioasid_history_claim(&slot, 4, &dropped)); // overwritten before it was written
    EXPECT_EQ(dropped, 1u);
    EXPECT_TRUE(ioasid_history_claim(&slot, 12, &dropped));
    EXPECT_EQ(slot.version, IOASID_HISTORY_WRITING(12u));

    const ioasid_event event = event_of(16);
    keep(&slot, 16, &event, &dropped); // 12 is still being written
    EXPECT_EQ(slot.version, IOASID_HISTORY_WRITING(12u));
    EXPECT_EQ(slot.event.seq, 0u);
    EXPECT_EQ(dropped, 2u);
}

namespace {

void expect_whole(const std::vector<ioasid_event> &events, std::uint64_t end)
{
    for (std::size_t i = 0; i < events.size(); i++) {
        const ioasid_event whole = event_of(events[i].seq);
        ASSERT_EQ(std::memcmp(&events[i], &whole, sizeof(whole)), 0);
        ASSERT_LT(events[i].seq, end);
        ASSERT_TRUE(i == 0 || events[i - 1].seq < events[i].seq);
    }
}

// Read while two threads write, until @wanted events were seen.
void race(std::size_t size, std::uint64_t wanted)
{
    std::vector<ioasid_history_slot> slots(size);
    ioasid_history history{};
    const auto work = [&](const std::stop_token &enough) {
        while (!enough.stop_requested()) {
            const std::uint64_t number = __sync_fetch_and_add(&history.next, 1);
            const ioasid_event event = event_of(number);
            keep(&slots[number % size], number, &event, &history.dropped);
        }
    };
    std::jthread one(work), other(work);
    for (std::uint64_t seen = 0; seen < wanted;) {
        const std::uint64_t end = __atomic_load_n(&history.next, __ATOMIC_ACQUIRE);
        const auto events = complete_events(slots, end);
        seen += events.size();
        ASSERT_NO_FATAL_FAILURE(expect_whole(events, end));
    }
    for (std::jthread *writer : {&one, &other})
        writer->request_stop(), writer->join();
    const auto events = complete_events(slots, history.next);
    expect_whole(events, history.next);
    EXPECT_EQ(events.size(), size);
}

} // namespace

TEST(History, WhatIsReadBesideWritersIsWhole)
{
    race(64, 300'000);
    race(1, 30'000); // writers often use the same slot
}

TEST(History, StartsOnceAndStops)
{
    World world;
    EXPECT_EQ(Json::parse(world.run({"history", "start", "--size", "5000", "--json"}).out),
              Json({{"started", true}, {"size", 8192}}));
    EXPECT_EQ(Json::parse(world.run({"history", "start", "--size", "8192", "--json"}).out),
              Json({{"started", false}, {"size", 8192}}));
    const auto other = world.run({"history", "start"});
    EXPECT_EQ(other.status, 1);
    EXPECT_THAT(other.messages, HasSubstr("history stop"));
    EXPECT_EQ(Json::parse(world.run({"status", "--json"}).out)["history"]["size"], 8192);
    EXPECT_EQ(world.run({"history", "stop"}).out, "stopped\n");
    EXPECT_EQ(world.run({"history", "stop"}).out, "already off\n");
    EXPECT_TRUE(Json::parse(world.run({"status", "--json"}).out)["history"].is_null());
    for (const char *size : {"0", "1048577", "x"})
        EXPECT_EQ(world.run({"history", "start", "--size", size}).status, 2) << size;
}

TEST(History, IsShownAsATraceWouldBe)
{
    World world = small_world();
    EXPECT_EQ(world.run({"history", "show"}).status, 1);
    EXPECT_THAT(world.run({"history", "show"}).messages, HasSubstr("history start"));

    world.events = {make_event(IOASID_EVENT_ALLOC, 1), make_event(IOASID_EVENT_DENY, 2),
                    make_event(IOASID_EVENT_FREE, 3)};
    world.history->state = HistoryState{.size = 4, .events = 9, .kept = 3};
    world.history->history = {.events = world.events, .older = 6, .lost = 0};
    for (const std::vector<const char *> &options :
         std::initializer_list<std::vector<const char *>>{
             {}, {"--json"}, {"--failed"}, {"-e", "free,alloc"}, {"--cgroup", "/vms"}}) {
        auto show = options, trace = options;
        show.insert(show.begin(), {"history", "show"});
        trace.insert(trace.begin(), {"trace", "-n", options.empty() ? "3" : "9"});
        trace.insert(trace.end(), {"--duration", "0.1"});
        EXPECT_EQ(world.run(show).out, world.run(trace).out);
        EXPECT_NE(world.run(show).out, "");
        EXPECT_EQ(world.run(show).messages, "6 older events were overwritten\n");
    }
    const Json last = Json::parse(world.run({"history", "show", "--json", "-n", "1"}).out);
    EXPECT_EQ(last["seq"], 3);
    world.history->history.lost = 2;
    EXPECT_THAT(world.run({"history", "show", "--json"}).out,
                HasSubstr(R"("count":2,"where":"total")"));
}

TEST(History, OfOnePasid)
{
    World world = small_world();
    const auto events = [&] {
        return Json::parse(world.run({"show", "5", "--json"}).out)["events"];
    };
    EXPECT_TRUE(events().is_null());
    EXPECT_THAT(world.run({"show", "5"}).out, HasSubstr("history start"));
    world.history->state = HistoryState{.size = 64};
    for (std::uint64_t seq = 0; seq < 40; seq++) {
        ioasid_event event =
            make_event(seq == 10 ? IOASID_EVENT_ALLOC : IOASID_EVENT_SPID_ATTACH, seq);
        event.pasid = seq % 2 ? 6 : 5;
        world.history->history.events.push_back(event);
    }
    ASSERT_EQ(events().size(), 15u); // since it was allocated
    EXPECT_EQ(events()[0]["event"], "alloc");
    EXPECT_EQ(events()[14]["seq"], 38);
    const auto text = world.run({"show", "5"}).out;
    EXPECT_THAT(text, Not(HasSubstr("history start")));
    EXPECT_THAT(text, Not(HasSubstr("alloc ")));
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = text.find("spid_attach", at)) != std::string::npos; at++)
        lines++;
    EXPECT_EQ(lines, 10u); // only the latest
}

TEST(History, WhatIsLeftOfItIsSaid)
{
    World world = small_world();
    world.history->broken = Error{"cannot read the history", "half of it", "pasidctl history stop"};
    const auto show = world.run({"show", "5", "--json"});
    EXPECT_EQ(show.status, 0);
    EXPECT_TRUE(Json::parse(show.out)["events"].is_null());
    EXPECT_THAT(show.messages, HasSubstr("half of it; pasidctl history stop"));
    EXPECT_EQ(world.run({"history", "show"}).status, 3);
    EXPECT_THAT(world.run({"status"}).out, HasSubstr("half of it"));
    EXPECT_EQ(world.run({"history", "stop"}).out, "stopped\n");
    EXPECT_EQ(world.run({"history", "show"}).status, 1);
}

} // namespace pasid::test
