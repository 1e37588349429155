// SPDX-License-Identifier: GPL-2.0-only
// A screen reads only the first rows, in the order of the view.
#include <algorithm>

#include <gtest/gtest.h>

#include "fakes.hpp"
#include "lib/window.hpp"

namespace pasid {

namespace {

using Numbers = std::vector<std::uint32_t>;

// Returns rows page by page, as the kernel does, and counts them.
class Counting : public test::RowsInMemory {
  public:
    RawSnapshot raw;
    std::size_t rows = 0;

    Result<RawSnapshot> read(unsigned) override { return raw; }
    Result<void> walk_ioasids(std::uint32_t start, std::uint32_t page,
                              const TakeIoasids &take) override
    {
        return RowsInMemory::walk_ioasids(start, page, [&](std::span<const ioasid_row> some) {
            rows += some.size();
            return take(some);
        });
    }
    Result<void> walk_bindings(std::uint64_t start, std::uint32_t page,
                               const TakeBindings &take) override
    {
        return RowsInMemory::walk_bindings(start, page,
                                           [&](std::span<const ioasid_binding_row> some) {
            rows += some.size();
            return take(some);
        });
    }
};

// PASIDs 1 to @count of processes 100 to 109, which are alternately in /vms/a and /web. Each is
// bound to device 1, and every tenth also to device 2.
Counting system_of(std::uint32_t count)
{
    Counting source;
    for (std::uint32_t pasid = 1; pasid <= count; pasid++) {
        const std::uint32_t pid = 100 + pasid % 10;
        ioasid_row row = test::make_row(pasid, pid % 2 ? 11 : 20, pid, "x",
                                        pasid % 5 ? IOASID_STATE_ACTIVE : IOASID_STATE_IDLE);
        row.alloc_ns = 1'000'000 - pasid * 7 % 1000;
        source.raw.ioasids.push_back(row);
    }
    for (std::uint32_t device = 1; device <= 2; device++)
        for (std::uint32_t pasid = 1; pasid <= count; pasid++)
            if (device == 1 || pasid % 10 == 0) {
                ioasid_binding_row row{};
                row.pasid = pasid;
                row.device = device;
                source.raw.bindings.push_back(row);
            }
    return source;
}

test::FakeCgroups cgroups()
{
    test::FakeCgroups known;
    known.known = {{1, "/"}, {10, "/vms"}, {11, "/vms/a"}, {20, "/web"}};
    return known;
}

WindowRows rows_of(SnapshotSource &source, const IoasidWindow &window, std::uint32_t device = 0)
{
    auto known = cgroups();
    auto rows = read_window(source, window, device, known);
    EXPECT_TRUE(rows);
    return rows ? std::move(*rows) : WindowRows{};
}

Numbers numbers(const WindowRows &rows)
{
    Numbers all;
    for (const ioasid_row &row : rows.ioasids)
        all.push_back(row.pasid);
    return all;
}

} // namespace

TEST(Window, the_first_by_number_cost_the_same_however_many_there_are)
{
    Counting small = system_of(100), large = system_of(100'000);
    const IoasidWindow window{.limit = 50};
    EXPECT_EQ(numbers(rows_of(small, window)), numbers(rows_of(large, window)));
    EXPECT_EQ(rows_of(small, window).ioasids.size(), 50u);
    EXPECT_TRUE(rows_of(large, window).cut);
    small.rows = large.rows = 0;
    rows_of(small, window);
    rows_of(large, window);
    EXPECT_LE(large.rows, small.rows + 200);
}

TEST(Window, goes_on_where_the_last_one_ended)
{
    Counting source = system_of(1000);
    const auto rows = rows_of(source, {.limit = 3, .start = 500, .pid = 103});
    EXPECT_EQ(numbers(rows), (Numbers{503, 513, 523}));
    EXPECT_TRUE(rows.cut);
    EXPECT_FALSE(rows_of(source, {.limit = 3, .start = 980}).ioasids.empty());
    EXPECT_FALSE(rows_of(source, {.limit = 3, .start = 998}).cut);
    EXPECT_TRUE(rows_of(source, {.limit = 3, .start = 1001}).ioasids.empty());
}

TEST(Window, an_order_takes_the_first_of_all)
{
    Counting source = system_of(1000);
    const auto last = rows_of(source, {.limit = 3, .reverse = true});
    EXPECT_EQ(numbers(last), (Numbers{998, 999, 1000}));
    // The oldest is the one with the smallest alloc_ns: pasid * 7 % 1000 is largest.
    const auto oldest = rows_of(source, {.limit = 2, .sort = "age_ns", .reverse = true});
    EXPECT_EQ(numbers(oldest), (Numbers{714, 857}));
    const auto by_pid = rows_of(source, {.limit = 2, .sort = "pid", .reverse = true});
    EXPECT_EQ(numbers(by_pid), (Numbers{9, 19}));
    const auto by_cgroup = rows_of(source, {.limit = 2, .sort = "cgroup", .reverse = true});
    EXPECT_EQ(numbers(by_cgroup), (Numbers{2, 4})) << "/web comes after /vms/a";
}

TEST(Window, only_what_is_asked_for)
{
    Counting source = system_of(40);
    EXPECT_EQ(numbers(rows_of(source, {.limit = 100, .pid = 103})), (Numbers{3, 13, 23, 33}));
    EXPECT_EQ(numbers(rows_of(source, {.limit = 100, .pasid = 17})), (Numbers{17}));
    EXPECT_EQ(numbers(rows_of(source, {.limit = 100, .pasid = 99})), Numbers{});
    EXPECT_EQ(numbers(rows_of(source, {.limit = 100, .device = "second"}, 2)),
              (Numbers{10, 20, 30, 40}));
    EXPECT_EQ(rows_of(source, {.limit = 100, .cgroup = "/vms"}).ioasids.size(), 20u);
    EXPECT_EQ(rows_of(source, {.limit = 100, .cgroup = "/"}).ioasids.size(), 40u);
    EXPECT_FALSE(rows_of(source, {.limit = 40}).cut);
    EXPECT_EQ(rows_of(source, {.sort = "comm"}).ioasids.size(), 40u) << "no limit";
}

TEST(Window, its_bindings_and_no_others)
{
    Counting source = system_of(1000);
    const auto rows = rows_of(source, {.limit = 20});
    EXPECT_EQ(rows.bindings.size(), 22u);
    for (const ioasid_binding_row &row : rows.bindings)
        EXPECT_LE(row.pasid, 20u);
    EXPECT_EQ(
        rows_of(source, {.limit = 20, .sort = "age_ns", .reverse = true}).bindings.size() / 20, 1u);
    Counting none;
    EXPECT_TRUE(rows_of(none, {.limit = 20}).ioasids.empty());
}

TEST(Window, a_feed_gives_what_is_looked_at)
{
    test::World world = test::small_world();
    const auto feed = world.open_feed();
    feed->set_window({.limit = 1});
    const auto snapshot = feed->snapshot(part_all);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->ioasids.size(), 1u);
    EXPECT_TRUE(snapshot->ioasids_cut);
    EXPECT_EQ(snapshot->policy.rules, (std::vector<std::string>{"vms", "watch"}));
    EXPECT_EQ(snapshot->policy.audit, 1u);
    std::uint64_t held = 0;
    for (const Process &process : snapshot->processes)
        held += process.pasids;
    EXPECT_EQ(held, 3u) << "the processes count all PASIDs";
    feed->set_window({});
    EXPECT_EQ(feed->snapshot(part_ioasids)->ioasids.size(), 3u);
}

TEST(Window, rows_are_left_out_only_if_there_are_more_than_the_limit)
{
    test::World world = test::small_world();
    const auto feed = world.open_feed();
    for (const bool reverse : {false, true})
        for (const std::size_t limit : {2u, 3u, 4u}) {
            feed->set_window({.limit = limit, .reverse = reverse});
            const auto snapshot = feed->snapshot(part_ioasids);
            ASSERT_TRUE(snapshot);
            EXPECT_EQ(snapshot->ioasids.size(), std::min<std::size_t>(limit, 3));
            EXPECT_EQ(snapshot->ioasids_cut, limit < 3) << limit;
            const auto without = feed->snapshot(part_cgroups);
            ASSERT_TRUE(without);
            EXPECT_FALSE(without->ioasids_cut);
        }
}

} // namespace pasid
