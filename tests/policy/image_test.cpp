// SPDX-License-Identifier: GPL-2.0-only
#include <gtest/gtest.h>

#include <cstring>

#include <fmt/format.h>
#include <ioasid/match.h>

#include "helpers.hpp"
#include "policy/fields.hpp"
#include "policy/layout.hpp"

namespace pasid::policy {
namespace {

Compiled compiled(const std::vector<PatternMax> &rules, Options options = {})
{
    Compiled out = compile(policy_text(rules), "test.yaml", options);
    EXPECT_TRUE(out.ok()) << to_text(out.diagnostics);
    return out;
}

TEST(Image, HoldsTheRules)
{
    Compiled policy = compile("version: 1\n"
                              "defaults: {max: 3}\n"
                              "rules: [{name: a, cgroup: /a, max: 7, mode: audit},"
                              " {name: b, cgroup: /b/*, max: max}]\n",
                              "test.yaml", {.generation = 5, .first_rule_id = 40});
    ASSERT_TRUE(policy.ok());
    const ioasid_policy_image &image = *policy.image;
    EXPECT_EQ(image.abi, IOASID_POLICY_ABI);
    EXPECT_EQ(image.generation, 5u);
    EXPECT_EQ(image.first_rule_id, 40u);
    EXPECT_EQ(image.nr_rules, 2u);
    EXPECT_EQ(image.default_max, 3u);
    EXPECT_STREQ(image.rules[0].name, "a");
    EXPECT_EQ(image.rules[0].max, 7u);
    EXPECT_EQ(image.rules[0].mode, std::uint32_t{IOASID_MODE_AUDIT});
    EXPECT_EQ(image.rules[0].id, 40u);
    EXPECT_EQ(image.rules[1].max, IOASID_UNLIMITED);
    EXPECT_EQ(image.rules[1].max_bindings, IOASID_UNLIMITED);
    EXPECT_EQ(image.rules[1].mode, std::uint32_t{IOASID_MODE_ENFORCE});
    EXPECT_EQ(image.rules[1].id, 41u);
    EXPECT_STREQ(image.strings + image.rules[1].pattern, "/b/*");
}

TEST(Image, IsStampedAgain)
{
    auto policy = compiled({{"/a"}, {"/b"}});
    stamp(*policy.image, 9, 100);
    EXPECT_EQ(policy.image->generation, 9u);
    EXPECT_EQ(policy.image->rules[1].id, 101u);
}

TEST(Image, TheSameTextGivesTheSameBytes)
{
    auto a = compiled({{"/a/*"}, {"/b/**/c"}}), b = compiled({{"/a/*"}, {"/b/**/c"}});
    EXPECT_EQ(std::memcmp(a.image.get(), b.image.get(), sizeof(*a.image)), 0);
}

TEST(Image, OfAnotherVersionIsNotReadable)
{
    auto policy = compiled({{"/a"}});
    EXPECT_TRUE(readable(*policy.image));
    policy.image->rules[0].mode = IOASID_NR_MODES;
    EXPECT_FALSE(readable(*policy.image));
    policy.image->rules[0].mode = IOASID_MODE_AUDIT;
    EXPECT_TRUE(readable(*policy.image));
    policy.image->abi++;
    EXPECT_FALSE(readable(*policy.image));
}

TEST(Image, DecompilingGarbageStaysInBounds)
{
    auto image = std::make_unique<ioasid_policy_image>();
    std::memset(static_cast<void *>(image.get()), 0xFF, sizeof(*image));
    EXPECT_EQ(decompile(*image).rules.size(), std::size_t{IOASID_MAX_RULES});
    EXPECT_FALSE(to_yaml(decompile(*image)).empty());
    EXPECT_LE(match(*image, "/a/b").rule, 65535u);
}

TEST(Same, ComparesWhatRestricts)
{
    auto policy = [](std::string_view text) { return compile(text, "test.yaml").policy; };
    Policy a =
        policy("version: 1\nrules: [{name: a, cgroup: /a, max: 1}, {name: b, cgroup: /b, max: 2}]");
    EXPECT_TRUE(same(a, policy("version: 1\n# comment\nrules:\n- {name: b, max: 2, cgroup: /b}\n"
                               "- {name: a, cgroup: /a, max: 1, mode: enforce}")));
    for (const char *other :
         {"version: 1\nrules: [{name: a, cgroup: /a, max: 1}]",
          "version: 1\nrules: [{name: a, cgroup: /a, max: 2}, {name: b, cgroup: /b, max: 2}]",
          "version: 1\nrules: [{name: a, cgroup: /c, max: 1}, {name: b, cgroup: /b, max: 2}]",
          "version: 1\nrules: [{name: c, cgroup: /a, max: 1}, {name: b, cgroup: /b, max: 2}]",
          "version: 1\nrules: [{name: a, cgroup: /a, max: 1, mode: audit}, {name: b, cgroup: /b, "
          "max: 2}]",
          "version: 1\ndefaults: {max: 1}\nrules: [{name: a, cgroup: /a, max: 1}, {name: b, "
          "cgroup: /b, max: 2}]"})
        EXPECT_FALSE(same(a, policy(other))) << other;
}

// A policy with the @wanted keys, each with the example of its row.
template <class Wanted> std::string policy_with(const Wanted &wanted)
{
    std::string text = "version: 1\ndefaults: {";
    for (const DefaultField &field : default_fields())
        if (wanted(field.key))
            text += fmt::format("{}: {}, ", field.key.name, field.key.example);
    text += "}\nrules:\n- name: a\n  cgroup: /a\n";
    for (const RuleField &field : rule_fields())
        if (!field.key.required && wanted(field.key))
            text += fmt::format("  {}: {}\n", field.key.name, field.key.example);
    return text;
}

Compiled compile_with(const auto &wanted)
{
    const std::string text = policy_with(wanted);
    Compiled policy = compile(text, "test.yaml");
    EXPECT_TRUE(policy.ok()) << text << to_text(policy.diagnostics);
    return policy;
}

TEST(Image, HoldsEveryKey)
{
    const Compiled policy = compile_with([](const Key &) { return true; });
    ASSERT_TRUE(policy.ok());
    const ioasid_policy_image &image = *policy.image;
    const ioasid_rule &rule = image.rules[0];
    EXPECT_EQ(image.distribution, std::uint32_t{IOASID_DISTRIBUTION_RESERVE});
    EXPECT_EQ(rule.max_bindings, 128u);
    EXPECT_EQ(rule.rate, 1000u);
    EXPECT_EQ(rule.rate_period_ns, 1'000'000'000u);
    EXPECT_EQ(rule.burst, 100u);
    EXPECT_EQ(rule.range_min, 0x100u);
    EXPECT_EQ(rule.range_max, 0xfffu);
    EXPECT_EQ(rule.warn_percent, 80u);
    EXPECT_EQ(rule.owner, std::uint32_t{IOASID_OWNER_USER});
    EXPECT_EQ(rule.no_inherit, 1u);
    EXPECT_EQ(rule.nr_devices, 2u);
    EXPECT_EQ(std::memcmp(image.strings + rule.devices, "sim0\0edu1", 10), 0);
}

// The images, the policies and the YAML differ with and without the key. It is omitted from a
// policy with all keys or, if another key requires it, added to a policy without keys.
void expect_counts(const Key &key)
{
    const auto all = [](const Key &) { return true; };
    const auto others = [&](const Key &other) { return &other != &key; };
    const auto alone = [&](const Key &other) { return &other == &key; };
    const auto none = [](const Key &) { return false; };
    const bool optional = compile(policy_with(others), "test.yaml").ok();
    const Compiled with = optional ? compile_with(all) : compile_with(alone);
    const Compiled without = optional ? compile_with(others) : compile_with(none);
    ASSERT_TRUE(with.ok() && without.ok()) << key.name;
    EXPECT_NE(std::memcmp(with.image.get(), without.image.get(), sizeof(*with.image)), 0)
        << key.name;
    EXPECT_FALSE(same(with.policy, without.policy)) << key.name;
    EXPECT_NE(to_yaml(with.policy), to_yaml(without.policy)) << key.name;
    for (const Compiled *policy : {&with, &without}) {
        const Compiled again = compile(to_yaml(decompile(*policy->image)), "again.yaml");
        ASSERT_TRUE(again.ok()) << key.name;
        EXPECT_TRUE(same(again.policy, policy->policy)) << key.name;
    }
}

TEST(Image, EveryKeyCounts)
{
    for (const DefaultField &field : default_fields())
        expect_counts(field.key);
    for (const RuleField &field : rule_fields())
        if (!field.key.required)
            expect_counts(field.key);
}

TEST(Same, TheOrderOfDevicesDoesNotCountNorABurstThatIsTheRate)
{
    auto policy = [](std::string_view keys) {
        return compile(fmt::format("version: 1\nrules: [{{name: a, cgroup: /a, {}}}]", keys), "t")
            .policy;
    };
    EXPECT_TRUE(same(policy("devices: [a, b]"), policy("devices: [b, a]")));
    EXPECT_TRUE(same(policy("rate: 5/s"), policy("rate: 5/s, burst: 5")));
    EXPECT_FALSE(same(policy("rate: 5/s"), policy("rate: 5/s, burst: 6")));
}

TEST(ToYaml, WhatMustBeQuotedIs)
{
    for (std::string name :
         {"\"yes\"", "\"null\"", "\"007\"", "\"1e3\"", "\"-\"", "\".\"", "\"~\"", "web"}) {
        if (name == "\"~\"")
            continue; // not a valid name
        std::string text =
            fmt::format("version: 1\nrules:\n- name: {}\n  cgroup: \"/a b: #c'd/é\\\\x2d,&\"\n"
                        "  max: 1\n",
                        name);
        Compiled first = compile(text, "a.yaml");
        ASSERT_TRUE(first.ok()) << to_text(first.diagnostics);
        Compiled second = compile(to_yaml(decompile(*first.image)), "b.yaml");
        ASSERT_TRUE(second.ok()) << to_yaml(first.policy) << to_text(second.diagnostics);
        EXPECT_TRUE(same(first.policy, second.policy)) << to_yaml(first.policy);
    }
}

TEST(Match, RootIsUnderNoRule)
{
    auto policy = compiled({{"/**"}});
    EXPECT_EQ(match(*policy.image, "/").rule, 0u);
    EXPECT_EQ(match(*policy.image, "/").state, std::uint32_t{IOASID_MATCH_START});
    EXPECT_EQ(ioasid_match_rule(policy.image.get(), IOASID_MATCH_START), 0u);
    EXPECT_EQ(match(*policy.image, "/a").rule, 1u);
    EXPECT_EQ(match(*policy.image, "/a/b/c").rule, 1u);
}

TEST(Match, GovernorIsTheNearestRule)
{
    auto policy = compiled({{"/demo"}, {"/demo/vm/*"}});
    EXPECT_EQ(match(*policy.image, "/other").governor, 0u);
    EXPECT_EQ(match(*policy.image, "/demo/web/x").governor, 1u);
    EXPECT_EQ(match(*policy.image, "/demo/vm").governor, 1u);
    EXPECT_EQ(match(*policy.image, "/demo/vm/a").rule, 2u);
    EXPECT_EQ(match(*policy.image, "/demo/vm/a/b").rule, 0u);
    EXPECT_EQ(match(*policy.image, "/demo/vm/a/b").governor, 2u);
}

TEST(Match, LongNames)
{
    auto policy = compiled({{"/" + std::string(255, 'n')}, {"/*/x"}});
    EXPECT_EQ(match(*policy.image, "/" + std::string(255, 'n')).rule, 1u);
    EXPECT_EQ(match(*policy.image, "/" + std::string(254, 'n')).rule, 0u);
    EXPECT_EQ(match(*policy.image, "/" + std::string(255, 'm') + "/x").rule, 2u);
    EXPECT_EQ(match(*policy.image, "/" + std::string(256, 'm') + "/x").rule, 0u);
}

TEST(Match, EveryByteIsAByte)
{
    auto policy = compiled({{"/*/x"}, {"\"/\\xFF\""}}); // U+00FF, two bytes
    EXPECT_EQ(match(*policy.image, "/\xC3\xBF").rule, 2u);
    for (int c = 1; c < 256; c++) {
        if (c == '/')
            continue;
        EXPECT_EQ(match(*policy.image, std::string("/") + char(c) + "/x").rule, 1u) << c;
    }
}

TEST(Match, AnUnterminatedNameMatchesNothing)
{
    auto policy = compiled({{"/**"}});
    std::string name(IOASID_CGROUP_NAME_LEN, 'a');
    EXPECT_EQ(ioasid_match_step(policy.image.get(), IOASID_MATCH_START, name.data()),
              std::uint32_t{IOASID_MATCH_NONE});
}

TEST(Match, AnyStateStaysInTheImage)
{
    auto policy = compiled({{"/a/*"}});
    for (std::uint32_t state : {0u, 7u, 65535u, 65536u, ~0u})
        EXPECT_LT(ioasid_match_step(policy.image.get(), state, "name"), IOASID_MATCH_STATES);
}

TEST(Limits, AThousandRulesOfManyKinds)
{
    std::vector<PatternMax> rules;
    for (unsigned i = 0; i < IOASID_MAX_RULES; i++)
        rules.push_back({i % 4 == 0   ? fmt::format("/kubepods.slice/kubepods-burstable.slice/"
                                                      "kubepods-burstable-pod{:08x}_4f1c_4d0e_9a5d_"
                                                      "{:012x}.slice",
                                                    i * 2654435761u, i)
                         : i % 4 == 1 ? fmt::format("/tenants/t{}-*", i)
                         : i % 4 == 2 ? fmt::format("/tenants/*/job{}/**", i)
                                      : fmt::format("/**/unit{}.service", i)});
    auto policy = compiled(rules);
    ASSERT_TRUE(policy.ok());
    EXPECT_EQ(match(*policy.image, "/tenants/t5-x").rule, 6u);
    EXPECT_EQ(match(*policy.image, "/tenants/x/job6/y").rule, 7u);
    EXPECT_EQ(match(*policy.image, "/x/y/unit7.service").rule, 8u);
    EXPECT_EQ(match(*policy.image, rules[1020].cgroup).rule, 1021u);
    RecordProperty("states", static_cast<int>(policy.image->nr_states));
    RecordProperty("edges", static_cast<int>(policy.image->nr_edges));
}

TEST(Limits, OneRuleTooMany)
{
    std::vector<PatternMax> rules;
    for (unsigned i = 0; i <= IOASID_MAX_RULES; i++)
        rules.push_back({fmt::format("/r{}", i)});
    Compiled policy = compile(policy_text(rules), "test.yaml");
    EXPECT_FALSE(policy.ok());
    EXPECT_NE(summary(policy.diagnostics).find("too many rules: 1025"), std::string::npos);
}

// A pseudo-random number of @digits hexadecimal digits.
std::string hex(unsigned number, unsigned digits)
{
    return fmt::format("{:016x}", number * 0x9e3779b97f4a7c15u + 0x123456789u).substr(0, digits);
}

std::string pod(unsigned number)
{
    return fmt::format("{}_{}_{}_{}_{}", hex(number, 8), hex(number + 1, 4), hex(number + 2, 4),
                       hex(number + 3, 4), hex(number + 4, 12));
}

TEST(Limits, HundredsOfPods)
{
    constexpr unsigned pods = 500;
    std::vector<PatternMax> rules{{"/kubepods.slice/**"}};
    for (unsigned i = 0; i < pods; i++)
        rules.push_back({fmt::format("/kubepods.slice/**/*pod{}*/**", pod(i))});
    const Compiled policy = compile(policy_text(rules), "test.yaml");
    ASSERT_TRUE(policy.ok()) << summary(policy.diagnostics).substr(0, 2000);
    EXPECT_TRUE(policy.diagnostics.empty()) << summary(policy.diagnostics).substr(0, 2000);
    for (unsigned i = 0; i < pods; i++) {
        const std::string slice = fmt::format(
            "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{}.slice", pod(i));
        EXPECT_EQ(match(*policy.image, slice).rule, i + 2) << slice;
        EXPECT_EQ(match(*policy.image, slice + "/crio-1.scope").rule, i + 2) << slice;
    }
    EXPECT_EQ(match(*policy.image, "/kubepods.slice/x").rule, 1u);
    EXPECT_EQ(match(*policy.image, "/other").rule, 0u);
}

TEST(Limits, TooManyStates)
{
    // Each `**/x*` doubles the number of states.
    std::vector<PatternMax> rules;
    for (unsigned i = 0; i < 40; i++)
        rules.push_back({fmt::format("/**/*{}*/**/*{}*/**/*{}*/x{}", char('a' + i % 26),
                                     char('a' + i * 7 % 26), char('a' + i * 11 % 26), i)});
    Compiled policy = compile(policy_text(rules), "test.yaml");
    EXPECT_FALSE(policy.ok());
    EXPECT_NE(summary(policy.diagnostics).find("policy too complex: "), std::string::npos)
        << summary(policy.diagnostics);
    EXPECT_NE(summary(policy.diagnostics).find("mainly because of "), std::string::npos)
        << summary(policy.diagnostics);
}

TEST(Limits, TooLongTogether)
{
    std::string tail;
    for (int i = 0; i < 2; i++)
        tail += "/" + std::string(250, 'x');
    std::vector<PatternMax> rules;
    for (unsigned i = 0; i < 600; i++)
        rules.push_back({fmt::format("/*/{:04}{}", i, tail)});
    Compiled policy = compile(policy_text(rules), "test.yaml");
    EXPECT_FALSE(policy.ok());
    EXPECT_NE(summary(policy.diagnostics).find("policy too complex: "), std::string::npos);
}

TEST(Layout, RefusesWhatDoesNotFit)
{
    Automaton automaton;
    automaton.states.resize(1200);
    for (auto &state : automaton.states)
        for (unsigned byte = 1; byte < 256; byte++)
            state.edges.emplace_back(byte, 1);
    auto image = std::make_unique<ioasid_policy_image>();
    EXPECT_FALSE(lay_out(automaton, *image));
}

} // namespace
} // namespace pasid::policy
