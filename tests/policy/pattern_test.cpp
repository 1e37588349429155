// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include "policy/pattern.hpp"

namespace pasid::policy {
namespace {

Pattern pattern(std::string_view text)
{
    PatternResult result = parse_pattern(text);
    EXPECT_TRUE(result.ok) << text << ": " << result.message;
    return result.pattern;
}

TEST(Pattern, KindsOfComponents)
{
    auto parts = pattern("/machine.slice/**/vm-*.scope/*").components;
    ASSERT_EQ(parts.size(), 4u);
    EXPECT_EQ(parts[0].kind, Component::Kind::literal);
    EXPECT_EQ(parts[1].kind, Component::Kind::any_depth);
    EXPECT_EQ(parts[2].kind, Component::Kind::glob);
    EXPECT_EQ(parts[2].literals, 9u);
    EXPECT_EQ(parts[3].kind, Component::Kind::any);
}

TEST(Pattern, ABackslashIsABackslash) { EXPECT_TRUE(pattern("/system-a\\x2db.slice").literal()); }

TEST(Pattern, MoreSpecificFromTheLeft)
{
    // Each is more specific than the next.
    const char *specific_first[] = {"/a/b/c",  "/a/b/ccc*", "/a/b/c*", "/a/b/*", "/a/b",
                                    "/a/b/**", "/a/bb*",    "/a/b*",   "/a/*/c", "/a/*",
                                    "/a",      "/a/**/b",   "/a/**",   "/*/b",   "/*",
                                    "/**/a/b", "/**/a",     "/**/*",   "/**"};
    for (std::size_t i = 0; i < std::size(specific_first); i++)
        for (std::size_t j = 0; j < std::size(specific_first); j++) {
            auto order = pattern(specific_first[i]).compare_specificity(pattern(specific_first[j]));
            EXPECT_EQ(std::is_gt(order), i < j) << specific_first[i] << " " << specific_first[j];
            EXPECT_EQ(std::is_eq(order), i == j) << specific_first[i] << " " << specific_first[j];
        }
}

TEST(Pattern, EqualWeightOfDifferentText)
{
    EXPECT_TRUE(std::is_eq(pattern("/a/b*").compare_specificity(pattern("/c/*d"))));
    EXPECT_TRUE(std::is_eq(pattern("/a").compare_specificity(pattern("/bbb"))));
}

TEST(Pattern, AllLevelsMayBeUsed)
{
    std::string deep;
    for (int i = 0; i < 32; i++)
        deep += "/a";
    EXPECT_TRUE(parse_pattern(deep).ok);
    EXPECT_TRUE(parse_pattern(deep + "/**").ok);
    EXPECT_FALSE(parse_pattern(deep + "/a").ok);
    EXPECT_TRUE(parse_pattern("/" + std::string(255, 'n')).ok);
}

TEST(Pattern, MatchesWholePaths)
{
    EXPECT_TRUE(pattern("/a/*.scope").matches("/a/x.scope"));
    EXPECT_FALSE(pattern("/a/*.scope").matches("/a/x.scope/y"));
    EXPECT_FALSE(pattern("/a").matches("/"));
    EXPECT_TRUE(pattern("/a/**").matches("/a/b/c"));
    EXPECT_TRUE(pattern("/**/b").matches("/b"));
    EXPECT_TRUE(pattern("/a\\x2d*").matches("/a\\x2db"));
}

TEST(Pattern, TheErrorsPlaceIsInTheText)
{
    EXPECT_EQ(parse_pattern("/ab/c?").offset, 5u);
    EXPECT_EQ(parse_pattern("/ab//c").offset, 4u);
    EXPECT_EQ(parse_pattern("/ab/x**y").offset, 5u);
}

} // namespace
} // namespace pasid::policy
