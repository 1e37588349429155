// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <clocale>

#include "tui/key.hpp"
#include "tui/text.hpp"

namespace pasid::tui {

TEST(TuiText, fit_pads_and_cuts_to_the_width)
{
    std::setlocale(LC_CTYPE, "C.UTF-8");
    const Glyphs &glyphs = unicode_glyphs();
    EXPECT_EQ(fit("ab", 4, Align::left, Cut::end, glyphs), "ab  ");
    EXPECT_EQ(fit("ab", 4, Align::right, Cut::end, glyphs), "  ab");
    EXPECT_EQ(fit("abcdef", 4, Align::left, Cut::end, glyphs), "abc…");
    EXPECT_EQ(fit("abcdef", 4, Align::left, Cut::start, glyphs), "…def");
    EXPECT_EQ(fit("abcdef", 4, Align::left, Cut::end, ascii_glyphs()), "abc~");
    EXPECT_EQ(fit("ab", 0, Align::left, Cut::end, glyphs), "");
    for (int width = 1; width < 12; width++)
        EXPECT_EQ(display_width(fit("日本語bücher", width, Align::left, Cut::end, glyphs)), width);
}

TEST(TuiText, numbers_are_grouped)
{
    EXPECT_EQ(grouped(0), "0");
    EXPECT_EQ(grouped(999), "999");
    EXPECT_EQ(grouped(1000), "1,000");
    EXPECT_EQ(grouped(1048575), "1,048,575");
}

TEST(TuiText, a_bar_is_full_only_at_the_limit_and_empty_only_at_nothing)
{
    const Glyphs &glyphs = ascii_glyphs();
    EXPECT_EQ(bar_text(0, 4, glyphs), "....");
    EXPECT_EQ(bar_text(0.001, 4, glyphs), "#...");
    EXPECT_EQ(bar_text(0.5, 4, glyphs), "##..");
    EXPECT_EQ(bar_text(0.999, 4, glyphs), "###.");
    EXPECT_EQ(bar_text(1, 4, glyphs), "####");
    EXPECT_EQ(bar_text(7, 4, glyphs), "####");
    EXPECT_EQ(bar_text(0.0 / 0.0, 4, glyphs), "....");
    EXPECT_EQ(bar_text(1, 0, glyphs), "");
}

TEST(TuiText, keys_have_names)
{
    EXPECT_EQ(key_text(U'a'), "a");
    EXPECT_EQ(key_text(U' '), "Space");
    EXPECT_EQ(key_text(key::ctrl('C')), "Ctrl-C");
    EXPECT_EQ(key_text(key::page_up), "PgUp");
    EXPECT_EQ(key_text(key::f10), "F10");
}

} // namespace pasid::tui
