// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <map>

#include "tui/list.hpp"

namespace pasid::tui {

namespace {

// Rows with a name, an amount that may be missing, and a parent.
struct Row {
    std::uint64_t id;
    std::string name;
    std::optional<std::uint64_t> amount;
    std::uint32_t parent = no_row;
};

class FakeTable final : public Table {
  public:
    explicit FakeTable(std::vector<Row> rows) : rows_(std::move(rows)) {}

    std::span<const Column> columns() const override
    {
        static const std::vector<Column> all{
            {.key = "name", .title = "NAME", .help = "", .width = {}},
            {.key = "amount", .title = "AMOUNT", .help = "", .unit = Unit::count, .width = {}}};
        return all;
    }
    std::size_t size() const override { return rows_.size(); }
    Value value(std::size_t row, std::size_t column) const override
    {
        if (column == 0)
            return rows_[row].name;
        return rows_[row].amount ? Value{*rows_[row].amount} : Value{Null{}};
    }
    Role role(std::size_t, std::size_t) const override { return Role::normal; }
    RowId id(std::size_t row) const override { return {rows_[row].id, 0}; }
    bool is_tree() const override { return true; }
    std::uint32_t parent(std::size_t row) const override { return rows_[row].parent; }
    std::string tree_name(std::size_t row) const override { return rows_[row].name; }

  private:
    std::vector<Row> rows_;
};

FakeTable family()
{
    return FakeTable({{1, "root", 9},
                      {2, "beta", 5, 0},
                      {3, "alpha", std::nullopt, 0},
                      {4, "leaf", 7, 1},
                      {5, "Twig", 1, 1}});
}

std::string names(const Table &table, const std::vector<Line> &lines)
{
    std::string out;
    for (const Line &line : lines)
        out += (out.empty() ? "" : " ") + table.tree_name(line.row);
    return out;
}

ListSettings by(const char *key, bool reverse, bool tree)
{
    return {.sort_key = key, .reverse = reverse, .tree = tree, .folded = {}};
}

} // namespace

TEST(TuiList, flat_lists_are_sorted_and_nothing_comes_before_numbers)
{
    const FakeTable table = family();
    EXPECT_EQ(names(table, arrange(table, by("name", false, false), "")),
              "Twig alpha beta leaf root");
    EXPECT_EQ(names(table, arrange(table, by("amount", false, false), "")),
              "alpha Twig beta leaf root");
    EXPECT_EQ(names(table, arrange(table, by("amount", true, false), "")),
              "root leaf beta Twig alpha");
    EXPECT_EQ(names(table, arrange(table, by("no such column", true, false), "")),
              "Twig leaf alpha beta root");
}

TEST(TuiList, siblings_of_a_tree_are_sorted_below_their_parent)
{
    const FakeTable table = family();
    const auto lines = arrange(table, by("name", false, true), "");
    EXPECT_EQ(names(table, lines), "root alpha beta Twig leaf");
    EXPECT_EQ(lines[0].depth, 0);
    EXPECT_EQ(lines[3].depth, 2);
    EXPECT_FALSE(lines[1].last);
    EXPECT_TRUE(lines[2].last);
    EXPECT_TRUE(lines[2].parent);
    EXPECT_FALSE(lines[4].parent);
    EXPECT_EQ(lines[4].through, 0u); // beta is the last child: no line continues below
    const auto reversed = arrange(table, by("name", true, true), "");
    EXPECT_EQ(names(table, reversed), "root beta leaf Twig alpha");
    EXPECT_EQ(reversed[2].through, 1u << 1);
}

TEST(TuiList, a_folded_row_hides_its_descendants)
{
    const FakeTable table = family();
    ListSettings settings = by("name", false, true);
    settings.folded.insert(RowId{2, 0});
    const auto lines = arrange(table, settings, "");
    EXPECT_EQ(names(table, lines), "root alpha beta");
    EXPECT_TRUE(lines[2].folded);
}

TEST(TuiList, a_filter_finds_every_word_in_any_case_and_keeps_ancestors)
{
    const FakeTable table = family();
    EXPECT_EQ(names(table, arrange(table, by("name", false, false), "LEA")), "leaf");
    EXPECT_EQ(names(table, arrange(table, by("name", false, false), "l a")), "alpha leaf");
    EXPECT_EQ(names(table, arrange(table, by("name", false, false), "zzz")), "");
    EXPECT_EQ(names(table, arrange(table, by("name", false, false), "7")), "")
        << "amounts are not searched";

    ListSettings settings = by("name", false, true);
    settings.folded.insert(RowId{1, 0});
    const auto lines = arrange(table, settings, "twig");
    EXPECT_EQ(names(table, lines), "root beta Twig");
    EXPECT_FALSE(lines[0].matches);
    EXPECT_TRUE(lines[2].matches);
}

TEST(TuiList, the_selection_stays_on_its_row)
{
    const FakeTable table = family();
    const auto up = arrange(table, by("name", false, false), "");
    Cursor cursor;
    cursor.move_to(table, up, 2); // beta
    const auto down = arrange(table, by("name", true, false), "");
    cursor.restore(table, down, false);
    EXPECT_EQ(table.tree_name(down[cursor.selected()].row), "beta");
}

TEST(TuiList, before_anything_was_selected_the_first_line_is)
{
    const FakeTable table = family();
    Cursor cursor;
    const auto some = arrange(table, by("name", false, false), "beta");
    cursor.restore(table, some, false);
    const auto all = arrange(table, by("name", false, false), "");
    cursor.restore(table, all, false);
    EXPECT_EQ(cursor.selected(), 0u);
}

TEST(TuiList, the_selection_stays_in_place_when_its_row_is_gone)
{
    const FakeTable table = family();
    const auto all = arrange(table, by("name", false, false), "");
    Cursor cursor;
    cursor.move_to(table, all, 4);
    const auto some = arrange(table, by("name", false, false), "a");
    cursor.restore(table, some, false);
    EXPECT_EQ(cursor.selected(), some.size() - 1);
    const auto none = arrange(table, by("name", false, false), "zzz");
    cursor.restore(table, none, false);
    EXPECT_EQ(cursor.selected(), 0u);
    cursor.restore(table, all, false);
    EXPECT_LT(cursor.selected(), all.size());
}

TEST(TuiList, a_sticky_selection_on_the_first_line_follows_what_is_new)
{
    const FakeTable table = family();
    const auto up = arrange(table, by("name", false, false), "");
    const auto down = arrange(table, by("name", true, false), "");
    Cursor cursor;
    cursor.move_to(table, up, 0);
    cursor.restore(table, down, true);
    EXPECT_EQ(cursor.selected(), 0u);
    cursor.move_to(table, up, 1);
    cursor.restore(table, down, true);
    EXPECT_EQ(cursor.selected(), 3u);
}

TEST(TuiList, scrolling_moves_as_little_as_needed)
{
    const FakeTable table = family();
    const auto lines = arrange(table, by("name", false, false), "");
    Cursor cursor;
    cursor.move_to(table, lines, 3);
    cursor.scroll(lines.size(), 3);
    EXPECT_EQ(cursor.top(), 1u);
    cursor.move_by(table, lines, -1);
    cursor.scroll(lines.size(), 3);
    EXPECT_EQ(cursor.top(), 1u);
    cursor.move_by(table, lines, -100);
    cursor.scroll(lines.size(), 3);
    EXPECT_EQ(cursor.top(), 0u);
    cursor.move_by(table, lines, 100);
    cursor.scroll(lines.size(), 3);
    EXPECT_EQ(cursor.top(), 2u);
    cursor.scroll(lines.size(), 100);
    EXPECT_EQ(cursor.top(), 0u) << "no empty lines below while there are rows above";
}

} // namespace pasid::tui
