// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "sample.hpp"
#include "tui/event_log.hpp"

namespace pasid::tui {

using test::event_of;
using test::sample_denial;

TEST(TuiEventLog, keeps_the_last_and_counts_all)
{
    EventLog log(3);
    std::vector<Event> events;
    for (std::uint64_t i = 1; i <= 5; i++)
        events.push_back(event_of(IOASID_EVENT_ALLOC, i));
    log.add(std::move(events));
    ASSERT_EQ(log.events().size(), 3u);
    EXPECT_EQ(log.events().front().seq, 3u);
    EXPECT_EQ(log.count(IOASID_EVENT_ALLOC), 5u);
}

TEST(TuiEventLog, a_loss_counts_what_was_lost)
{
    EventLog log(3);
    Event lost;
    lost.type = IOASID_EVENT_LOST;
    lost.value = 41;
    log.add({lost, lost});
    EXPECT_EQ(log.lost(), 82u);
}

TEST(TuiEventLog, while_paused_events_wait)
{
    EventLog log(3);
    log.add({event_of(IOASID_EVENT_BIND, 1)});
    const auto version = log.version();
    log.pause(true);
    log.add({event_of(IOASID_EVENT_BIND, 2), sample_denial(3)});
    EXPECT_EQ(log.events().size(), 1u);
    EXPECT_EQ(log.waiting(), 2u);
    EXPECT_EQ(log.version(), version);
    ASSERT_TRUE(log.last_denial()) << "a denial is reported at once";
    log.pause(false);
    EXPECT_EQ(log.events().size(), 3u);
    EXPECT_NE(log.version(), version);
}

TEST(TuiEventLog, a_denial_says_first_why_then_who)
{
    EXPECT_EQ(denial_text(sample_denial(1)),
              "alloc denied EDQUOT: rule vms of /demo/vm; requested by qemu-system-x86 (1201) "
              "in /demo/vm/a");
    Event event = sample_denial(1);
    event.mode = IOASID_MODE_AUDIT;
    event.error = 0;
    EXPECT_EQ(denial_text(event).substr(0, 23), "alloc would be denied: ");
}

TEST(TuiEventLog, a_denial_of_the_core_has_no_rule)
{
    Event event = sample_denial(1);
    event.op = IOASID_OP_FREE;
    event.rule.reset();
    event.limit_cgroup.reset();
    event.error = -EPERM;
    EXPECT_EQ(denial_text(event), "free denied EPERM; requested by qemu-system-x86 (1201) in "
                                  "/demo/vm/a");
}

TEST(TuiEventLog, names_from_outside_cannot_speak_to_the_terminal)
{
    Event event = sample_denial(1);
    event.comm = "\033[2J";
    EXPECT_EQ(denial_text(event).find('\033'), std::string::npos);
}

TEST(TuiEventRates, need_two_moments_that_are_apart)
{
    constexpr std::uint64_t second = 1'000'000'000;
    EventLog log(10);
    EventRates rates;
    EXPECT_FALSE(rates.of(IOASID_EVENT_ALLOC));
    rates.update(log, 5 * second);
    EXPECT_FALSE(rates.of(IOASID_EVENT_ALLOC));
    log.add({event_of(IOASID_EVENT_ALLOC, 1), event_of(IOASID_EVENT_ALLOC, 2)});
    rates.update(log, 5 * second + second / 100);
    EXPECT_FALSE(rates.of(IOASID_EVENT_ALLOC));
    rates.update(log, 9 * second);
    ASSERT_TRUE(rates.of(IOASID_EVENT_ALLOC));
    EXPECT_DOUBLE_EQ(*rates.of(IOASID_EVENT_ALLOC), 0.5);
    EXPECT_DOUBLE_EQ(*rates.of(IOASID_EVENT_BIND), 0);
}

} // namespace pasid::tui
