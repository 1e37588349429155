// SPDX-License-Identifier: GPL-2.0-only
// Cgroups that would exceed their limit, and limits that cannot be reserved.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmd/policy_forecast.hpp"

namespace pasid {
namespace {

using testing::ElementsAre;
using testing::Pair;

Forecast of(const char *rules, std::vector<std::string> cgroups, std::vector<LocalUsage> holdings,
            const char *defaults = "{distribution: reserve}", std::uint64_t capacity = 100)
{
    const auto compiled = policy::compile(
        std::string("version: 1\ndefaults: ") + defaults + "\nrules: [" + rules + "]\n", "test");
    EXPECT_TRUE(compiled.ok()) << policy::to_text(compiled.diagnostics);
    return forecast(*compiled.image, cgroups, holdings, capacity);
}

TEST(Forecast, AncestorsCountWhatIsHeldBelow)
{
    const Forecast result = of("{name: a, cgroup: /a, max: 3}", {"/", "/a", "/a/b"},
                               {{"/a", 2, 0}, {"/a/b", 2, 0}}, "{max: max}");
    ASSERT_EQ(result.over.size(), 1u);
    EXPECT_EQ(to_text(result.over[0]), "/a: 4 pasids, max is 3 (rule a)");
    EXPECT_TRUE(result.overcommitted.empty());
}

TEST(Forecast, DefaultsLimitWhatACgroupHoldsItself)
{
    const Forecast result = of("{name: a, cgroup: /a, max: max}", {"/", "/a", "/b", "/b/c"},
                               {{"/a", 9, 0}, {"/b", 2, 0}, {"/b/c", 3, 0}}, "{max: 2}");
    ASSERT_EQ(result.over.size(), 1u);
    EXPECT_EQ(to_text(result.over[0]), "/b/c: 3 pasids, max is 2 (the defaults)");
}

TEST(Forecast, BindingsHaveALimitOfTheirOwn)
{
    const Forecast result =
        of("{name: a, cgroup: /a, max_bindings: 1}", {"/", "/a"}, {{"/a", 2, 2}}, "{max: max}");
    ASSERT_EQ(result.over.size(), 1u);
    EXPECT_EQ(to_text(result.over[0]), "/a: 2 bindings, max is 1 (rule a)");
}

TEST(Forecast, GrantsComeOutOfTheNextLimitAbove)
{
    const Forecast result =
        of("{name: all, cgroup: /a, max: 10}, {name: x, cgroup: /a/*/x*, max: 4}",
           {"/", "/a", "/a/b", "/a/b/x1", "/a/b/x2"}, {{"/a/b", 3, 0}});
    ASSERT_EQ(result.overcommitted.size(), 1u);
    EXPECT_EQ(result.overcommitted[0].cgroup, "/a");
    EXPECT_EQ(result.overcommitted[0].current, 11u);
    EXPECT_THAT(result.overcommitted[0].reserved,
                ElementsAre(Pair("/a/b/x1", 4u), Pair("/a/b/x2", 4u)));
}

TEST(Forecast, WhatFitsFits)
{
    EXPECT_TRUE(of("{name: all, cgroup: /a, max: 10}, {name: x, cgroup: /a/x*, max: 4}",
                   {"/", "/a", "/a/x1", "/a/x2"}, {{"/a", 2, 0}, {"/a/x1", 4, 0}})
                    .overcommitted.empty());
}

TEST(Forecast, TheSystemHasItsCapacity)
{
    const char *rules = "{name: x, cgroup: /x*, max: 40}";
    EXPECT_TRUE(of(rules, {"/", "/x1", "/x2"}, {{"/y", 20, 0}}).overcommitted.empty());
    const Forecast result = of(rules, {"/", "/x1", "/x2"}, {{"/y", 21, 0}});
    ASSERT_EQ(result.overcommitted.size(), 1u);
    EXPECT_EQ(to_text(result.overcommitted[0]),
              "/: 101 reserved or held, max is 100 (the system capacity): /x1 40, /x2 40");
}

TEST(Forecast, WhoIsOverTheirOwnLimitTakesMoreThanTheirGrant)
{
    const Forecast result =
        of("{name: x, cgroup: /x*, max: 40}", {"/", "/x1", "/x2"}, {{"/x1", 61, 0}});
    ASSERT_EQ(result.overcommitted.size(), 1u);
    EXPECT_EQ(result.overcommitted[0].current, 101u);
}

TEST(Forecast, AuditReservesNothingAndRefusesNothing)
{
    EXPECT_TRUE(of("{name: all, cgroup: /a, max: 1, mode: audit}, {name: x, cgroup: /a/x*, max: 4}",
                   {"/", "/a", "/a/x1"}, {})
                    .overcommitted.empty());
    EXPECT_TRUE(of("{name: all, cgroup: /a, max: 1}, {name: x, cgroup: /a/x*, max: 4, mode: audit}",
                   {"/", "/a", "/a/x1"}, {})
                    .overcommitted.empty());
}

} // namespace
} // namespace pasid
