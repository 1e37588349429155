// SPDX-License-Identifier: GPL-2.0
// What is made once for many events: it must be the same as if made for each.
#include <cstring>

#include <gtest/gtest.h>

#include "fakes.hpp"
#include "lib/known_events.hpp"

namespace pasid::test {

TEST(KnownEvents, DifferInNothingButTimeNumberPasidAndValue)
{
    KnownEvents known(4);
    const ioasid_event event = make_event(IOASID_EVENT_DENY, 5);
    const std::size_t place = known.place(event);
    EXPECT_FALSE(known.has(place, event));
    known.keep(place, event);

    ioasid_event like = event;
    like.ts_ns = like.seq = like.value = 99;
    like.pasid = 99;
    EXPECT_EQ(known.place(like), place);
    EXPECT_TRUE(known.has(place, like));

    const auto varies = [&](std::size_t byte) {
        ioasid_event other = event;
        reinterpret_cast<unsigned char *>(&other)[byte] ^= 1;
        return known.has(place, other);
    };
    const auto within = [](std::size_t byte, std::size_t at, std::size_t size) {
        return byte >= at && byte < at + size;
    };
    for (std::size_t byte = 0; byte < sizeof(event); byte++)
        EXPECT_EQ(varies(byte), within(byte, offsetof(ioasid_event, ts_ns), 8) ||
                                    within(byte, offsetof(ioasid_event, seq), 8) ||
                                    within(byte, offsetof(ioasid_event, value), 8) ||
                                    within(byte, offsetof(ioasid_event, pasid), 4))
            << byte;
    known.forget(place);
    EXPECT_FALSE(known.has(place, event));
}

} // namespace pasid::test
