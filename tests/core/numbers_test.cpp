// SPDX-License-Identifier: GPL-2.0-only
// The complete ID space, compared with a set of free IDs: random ranges, blocks filled and emptied,
// and all IDs allocated.
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <vector>

#include "shim/core.h"

namespace {

#define EXPECT(saw, expected)                                                                      \
    do {                                                                                           \
        long saw_ = (saw), expected_ = (expected);                                                 \
        if (saw_ != expected_) {                                                                   \
            printf("FAIL: %s: expected %ld, saw %ld (line %d)\n", #saw, expected_, saw_,           \
                   __LINE__);                                                                      \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

std::mt19937_64 random_number(1);
std::set<u32> available;

void alloc(ioasid_set *set, u32 min, u32 max)
{
    auto lowest = available.lower_bound(min);
    bool there = lowest != available.end() && *lowest <= max;
    long expected = there ? static_cast<long>(*lowest) : -ENOSPC;
    EXPECT(ioasid_alloc(set, min, max, nullptr), expected);
    if (there)
        available.erase(lowest);
}

void free(ioasid_set *set, u32 id)
{
    bool taken = !available.count(id);
    EXPECT(ioasid_free(set, id), taken ? 0 : -ENOENT);
    available.insert(id);
}

// IDs close to the boundaries of leaves and middle nodes.
u32 somewhere()
{
    u32 id = static_cast<u32>(random_number() % IOASID_LIMIT) + 1;
    switch (random_number() % 4) {
    case 0:
        return id;
    case 1:
        id |= 63;
        break;
    case 2:
        id |= 4095;
        break;
    case 3:
        id = (id & 4095) | (static_cast<u32>(random_number() % 3) << 12);
        break;
    }
    id += static_cast<u32>(random_number() % 5) - 2;
    return id < 1 ? 1 : id > IOASID_LIMIT ? IOASID_LIMIT : id;
}

void random_ranges(ioasid_set *set, int steps)
{
    for (int i = 0; i < steps; i++) {
        u32 a = somewhere(), b = somewhere();
        if (a > b)
            std::swap(a, b);
        if (random_number() % 2)
            b = std::min(a + static_cast<u32>(random_number() % 200), u32{IOASID_LIMIT});
        if (random_number() % 16 == 0) {
            for (u32 id = a; id <= b && id < a + 300; id++)
                free(set, id);
        } else if (random_number() % 3) {
            for (u64 n = random_number() % 80; n; n--)
                alloc(set, a, b);
        } else {
            free(set, a);
        }
    }
}

} // namespace

extern "C" void core_emitted(int, u32, u32) {}

int main()
{
    EXPECT(core_start(), 0);
    ioasid_set *set = ioasid_set_alloc(nullptr, 0, IOASID_SET_TYPE_NULL);
    for (u32 id = 1; id <= IOASID_LIMIT; id++)
        available.insert(id);

    random_ranges(set, 20'000);
    while (!available.empty())
        alloc(set, 1, IOASID_LIMIT);
    EXPECT(core_live(), IOASID_LIMIT);
    alloc(set, 1, IOASID_LIMIT);
    random_ranges(set, 20'000);

    long memory = shim_allocated();
    ioasid_free_all_in_set(set);
    EXPECT(core_live(), 0);
    EXPECT(shim_allocated() <= memory, true);
    EXPECT(ioasid_set_free(set), 0);
    core_stop();
    EXPECT(shim_allocated(), 0);
    EXPECT(shim_warnings(), 0);
    printf("ok: complete ID space\n");
    return 0;
}
