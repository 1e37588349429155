// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <set>

#include "bench.hpp"
#include "model/cgroup_path.hpp"
#include "tui/layout.hpp"
#include "tui/page.hpp"

namespace pasid::tui {

using test::Bench;

TEST(TuiViews, every_column_is_a_field_and_is_described)
{
    for (const View &view : views()) {
        Bench bench(80, 24, view.name.data());
        const Table &table = bench.app().table();
        std::set<std::string_view> keys;
        for (const Column &column : table.columns()) {
            EXPECT_FALSE(column.title.empty()) << view.name << " " << column.key;
            EXPECT_FALSE(column.help.empty()) << view.name << " " << column.key;
            EXPECT_TRUE(keys.insert(column.key).second) << view.name << " " << column.key;
        }
        EXPECT_TRUE(keys.contains(view.sort)) << view.name << " is sorted by " << view.sort;
    }
}

TEST(TuiViews, are_found_by_name_and_by_key)
{
    for (const View &view : views()) {
        EXPECT_EQ(find_view(view.name), &view);
        EXPECT_EQ(find_view(view.key), &view);
        EXPECT_EQ(&tui::view(view.id), &view);
    }
    EXPECT_EQ(find_view("nonsense"), nullptr);
    EXPECT_EQ(find_view(Key{U'x'}), nullptr);
}

TEST(TuiViews, ask_only_for_what_they_show)
{
    Bench bench;
    EXPECT_EQ(bench.app().parts_needed(), part_system | part_cgroups)
        << "a million IOASIDs are not walked to show cgroups";
    bench.press(U'3');
    EXPECT_EQ(bench.app().parts_needed(), part_system | part_ioasids);
    bench.press(key::enter);
    EXPECT_EQ(bench.app().parts_needed(), part_system | part_ioasids | part_bindings);
    bench.press(U'5');
    EXPECT_EQ(bench.app().parts_needed(), unsigned{part_system});
    bench.press(U'6');
    EXPECT_EQ(bench.app().parts_needed(), part_system | part_spaces);
}

TEST(TuiViews, spaces_lead_to_the_pasids_of_their_process)
{
    Bench bench(200, 24, "spaces");
    EXPECT_NE(bench.selected_line().find("4G"), std::string::npos) << "the largest first";
    EXPECT_TRUE(bench.draw().shows("0000:00:04.0,sim0:7"));
    bench.press(key::enter);
    EXPECT_TRUE(bench.draw().shows("process 1201"));
    EXPECT_EQ(bench.app().lines().size(), 3u);
}

TEST(TuiViews, a_cgroup_is_below_itself_and_its_ancestors_only)
{
    EXPECT_TRUE(is_within("/a/b", "/a"));
    EXPECT_TRUE(is_within("/a", "/a"));
    EXPECT_TRUE(is_within("/a", "/"));
    EXPECT_FALSE(is_within("/ab", "/a"));
    EXPECT_FALSE(is_within("/a", "/a/b"));
}

TEST(TuiViews, a_tree_hangs_a_cgroup_on_its_nearest_ancestor)
{
    Bench bench;
    bench.system.cgroups = {};
    for (const char *path : {"/a", "/a-b", "/a/b/c", "/a/d", "/z/y"}) {
        CgroupUsage row;
        row.cgroup_id = bench.system.cgroups.size() + 1;
        row.cgroup = path;
        bench.system.cgroups.push_back(row);
    }
    bench.refresh();
    const Table &table = bench.app().table();
    EXPECT_EQ(table.parent(0), no_row);
    EXPECT_EQ(table.parent(1), no_row);
    EXPECT_EQ(table.parent(2), 0u);
    EXPECT_EQ(table.tree_name(2), "b/c");
    EXPECT_EQ(table.parent(3), 0u);
    EXPECT_EQ(table.tree_name(4), "/z/y");
}

TEST(TuiViews, columns_fit_at_every_width)
{
    for (const View &view : views()) {
        Bench bench(80, 24, view.name.data());
        const auto columns = bench.app().table().columns();
        std::vector<int> wanted;
        for (const Column &column : columns)
            wanted.push_back(std::max<int>(static_cast<int>(column.title.size()), 9));
        std::size_t before = 0;
        for (int width = 40; width <= 300; width++) {
            const auto placed = lay_out(columns, wanted, width, 1);
            int used = -1;
            for (const ColumnWidth &each : placed)
                used += each.width + 1;
            EXPECT_LE(used, width) << view.name;
            before = placed.size();
        }
        EXPECT_EQ(before, columns.size()) << view.name;
    }
}

} // namespace pasid::tui
