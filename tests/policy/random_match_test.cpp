// SPDX-License-Identifier: GPL-2.0-only
//
// Compare the automaton with a simple matcher, on random rule sets over a small alphabet, so
// that patterns often overlap.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

#include "helpers.hpp"
#include "policy/pattern.hpp"

namespace pasid::policy {
namespace {

class Random {
  public:
    Random(unsigned seed, bool with_uuids) : engine_(seed), with_uuids_(with_uuids) {}

    unsigned below(unsigned n) { return static_cast<unsigned>(engine_() % n); }

    std::string name()
    {
        std::string out;
        for (unsigned i = 0, n = 1 + below(4); i < n; i++)
            out += "ab"[below(2)];
        return out;
    }

    // Contains at most one UUID, any number of times.
    std::string path()
    {
        std::string out;
        const std::string_view own = uuid();
        for (unsigned i = 0, n = below(5); i < n; i++) {
            out += "/" + name();
            for (unsigned more = with_uuids_ ? below(3) : 0; more; more--)
                out.append(own).append(below(2) ? name() : "");
        }
        return out.empty() ? "/" : out;
    }

    std::string pattern()
    {
        std::string out;
        bool deep = false;
        for (unsigned i = 0, n = 1 + below(4); i < n; i++) {
            unsigned kind = below(10);
            std::string part = kind < 4           ? name()
                               : kind < 8         ? glob()
                               : kind < 9 || deep ? "*"
                                                  : "**";
            deep = part == "**";
            out += "/" + part;
        }
        return out;
    }

  private:
    std::string glob()
    {
        std::string out;
        for (unsigned i = 0, n = 1 + below(4); i < n; i++)
            if (with_uuids_ && !below(3))
                out += uuid();
            else
                out += below(3) || out.ends_with('*') ? "ab"[below(2)] : '*';
        return out;
    }

    std::string_view uuid()
    {
        static constexpr std::string_view all[] = {"c1d2e3f4_0123_4567_89cd_ef0123456789",
                                                   "d1c2e3f4_0123_4567_89cd_ef0123456789",
                                                   "01234567-c1d2-e3f4-0123-456789cdef01"};
        return all[below(3)];
    }

    std::mt19937 engine_;
    bool with_uuids_;
};

// The matching patterns with the highest weight.
std::vector<std::uint32_t> winners(const std::vector<Pattern> &parsed,
                                   const std::vector<PatternMax> &rules, const std::string &path)
{
    std::vector<std::uint32_t> best;
    for (std::uint32_t i = 0; i < rules.size(); i++) {
        if (!naive_match(rules[i].cgroup, path))
            continue;
        if (!best.empty() && std::is_gt(parsed[i].compare_specificity(parsed[best[0]])))
            best.clear();
        if (best.empty() || std::is_eq(parsed[i].compare_specificity(parsed[best[0]])))
            best.push_back(i);
    }
    return best;
}

std::uint32_t nearest(const std::vector<Pattern> &parsed, const std::vector<PatternMax> &rules,
                      std::string path)
{
    while (!path.empty() && path != "/") {
        if (auto best = winners(parsed, rules, path); !best.empty())
            return best[0] + 1;
        path.erase(path.rfind('/'));
    }
    return 0;
}

void check(unsigned seed, bool with_uuids, unsigned &policies, unsigned &refused, unsigned &hits)
{
    Random random(seed, with_uuids);
    std::vector<PatternMax> rules;
    std::vector<Pattern> parsed;
    for (unsigned i = 0, n = 1 + random.below(12); i < n; i++)
        rules.push_back({random.pattern()});
    parsed.reserve(rules.size());
    for (const auto &rule : rules)
        parsed.push_back(parse_pattern(rule.cgroup).pattern);

    std::string text = policy_text(rules);
    Compiled compiled = compile(text, "random.yaml");
    for (unsigned i = 0; i < 200; i++) {
        std::string path = random.path();
        auto best = winners(parsed, rules, path);
        if (!compiled.ok())
            continue;
        Match found = match(*compiled.image, path);
        ASSERT_EQ(found.rule, best.empty() ? 0 : best[0] + 1) << text << path;
        ASSERT_EQ(found.governor, nearest(parsed, rules, path)) << text << path;
        hits += found.rule != 0;
    }
    if (compiled.ok()) {
        policies++;
        // The policy restored from the image is the same.
        Compiled again = compile(to_yaml(decompile(*compiled.image)), "again.yaml");
        ASSERT_TRUE(again.ok()) << text;
        EXPECT_TRUE(same(again.policy, compiled.policy)) << text;
    } else {
        refused++;
        // The only possible error is two patterns that match the same cgroups.
        for (const Diagnostic &d : compiled.diagnostics) {
            if (d.severity == Severity::warning)
                continue;
            ASSERT_NE(d.message.find("match the same cgroups"), std::string::npos) << d.message;
        }
    }
}

// Sanitizers make the test thirty times slower, and need fewer policies to find an error.
#if defined(__SANITIZE_ADDRESS__)
constexpr unsigned seeds = 600;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr unsigned seeds = 600;
#else
constexpr unsigned seeds = 4000;
#endif
#else
constexpr unsigned seeds = 4000;
#endif

class RandomMatch : public testing::TestWithParam<bool> {};

TEST_P(RandomMatch, TheAutomatonAgreesWithTheReference)
{
    unsigned policies = 0, refused = 0, hits = 0;
    const unsigned tried = GetParam() ? seeds / 8 : seeds; // patterns with UUIDs are long
    for (unsigned seed = 0; seed < tried && !HasFatalFailure(); seed++)
        check(seed, GetParam(), policies, refused, hits);
    // Make sure that the comparison covered enough cases.
    EXPECT_GT(policies, tried / 4);
    EXPECT_GT(refused, tried / (GetParam() ? 40 : 20));
    EXPECT_GT(hits, tried * 5);
}

INSTANTIATE_TEST_SUITE_P(, RandomMatch, testing::Bool(),
                         [](const auto &info) { return info.param ? "WithUuids" : "Plain"; });

} // namespace
} // namespace pasid::policy
