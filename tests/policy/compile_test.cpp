// SPDX-License-Identifier: GPL-2.0-only
//
// The passes of the compiler one by one, and properties of the whole compiler.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "helpers.hpp"
#include "policy/keys.hpp"
#include "policy/passes.hpp"
#include "policy/values.hpp"

namespace pasid::policy {
namespace {

// Runs the passes up to and with @last.
struct PassesUpTo {
    PassesUpTo(std::string_view text, Pass last) : source(text, "test.yaml")
    {
        for (const Pass pass : all_passes) {
            going = going && pass(context);
            if (pass == last)
                return;
        }
        ADD_FAILURE() << "not one of all_passes";
    }

    Source source;
    Diagnostics diagnostics{source, 100};
    Options options;
    Context context{.source = source, .diagnostics = diagnostics, .options = options};
    bool going = true;
};

constexpr std::string_view good = "version: 1\nrules:\n  - name: a\n    cgroup: /x/*\n    max: 3\n";

TEST(Passes, CheckText)
{
    EXPECT_TRUE(PassesUpTo(good, check_text).going);
    EXPECT_FALSE(PassesUpTo("version: 1\n\trules: []\n", check_text).going);
}

TEST(Passes, ParseYaml)
{
    PassesUpTo run(good, parse_yaml);
    ASSERT_TRUE(run.going);
    const TreeNode &rules = run.context.tree.entries.at(1).second;
    EXPECT_EQ(rules.kind, TreeNode::Kind::sequence);
    EXPECT_EQ(rules.items.at(0).entries.at(1).second.text, "/x/*");
    EXPECT_EQ(rules.items.at(0).entries.at(1).second.at, (Position{4, 13}));
}

TEST(Passes, ReadKeys)
{
    PassesUpTo run(good, read_keys);
    ASSERT_EQ(run.context.policy.rules.size(), 1u);
    const Rule &rule = run.context.policy.rules[0];
    EXPECT_EQ(rule.name, "a");
    EXPECT_EQ(rule.max, 3u);
    EXPECT_EQ(rule.max_at, (Position{5, 10}));
}

TEST(Passes, CheckNames)
{
    std::string twice = std::string(good) + "  - name: a\n    cgroup: /y\n    max: 1\n";
    EXPECT_FALSE(PassesUpTo(twice, read_keys).diagnostics.failed());
    EXPECT_TRUE(PassesUpTo(twice, check_names).diagnostics.failed());
}

TEST(Passes, ReadPatterns)
{
    PassesUpTo run(good, read_patterns);
    ASSERT_EQ(run.context.patterns.size(), 1u);
    EXPECT_EQ(run.context.patterns[0].components.size(), 2u);
}

TEST(Passes, MatchPatterns)
{
    PassesUpTo run(good, match_patterns);
    EXPECT_GT(run.context.automaton.states.size(), 2u);
    std::string same = std::string(good) + "  - name: b\n    cgroup: /x/*\n    max: 1\n";
    EXPECT_TRUE(PassesUpTo(same, match_patterns).diagnostics.failed());
    PassesUpTo tie(
        "version: 1\nrules:\n  - {name: a, cgroup: /x/a*}\n  - {name: b, cgroup: /x/*b}\n",
        match_patterns);
    EXPECT_FALSE(tie.diagnostics.failed());
    EXPECT_EQ(tie.diagnostics.take().size(), 1u);
}

TEST(Passes, CheckRuleSemantics)
{
    PassesUpTo run("version: 1\nrules: [{name: a, cgroup: /a, max: 0, mode: audit}]\n",
                   check_rule_semantics);
    EXPECT_FALSE(run.diagnostics.failed());
    EXPECT_EQ(run.diagnostics.take().size(), 1u);
}

TEST(Passes, FillImage)
{
    EXPECT_NE(PassesUpTo(good, fill_image).context.image, nullptr);
    EXPECT_EQ(PassesUpTo("version: 2\n", fill_image).context.image, nullptr);
}

TEST(Keys, EveryKeyIsReadOrRefused)
{
    // This value is invalid for every key, and no key ignores it.
    for (const Key *key : keys()) {
        std::string line = fmt::format("{}: {{no: thing}}\n", key->name);
        std::string text = key->where == Where::top    ? line
                           : key->where == Where::rule ? "rules:\n- " + line
                                                       : "defaults:\n  " + line;
        Compiled compiled = compile(text, "test.yaml");
        EXPECT_FALSE(compiled.ok());
        EXPECT_NE(summary(compiled.diagnostics).find(std::string(key->name)), std::string::npos)
            << text;
    }
}

TEST(Closest, CountsSwapsAndIgnoresCase)
{
    EXPECT_EQ(closest("cgruop", {"name", "cgroup", "max"}), "cgroup");
    EXPECT_EQ(closest("MAX", {"name", "cgroup", "max"}), "max");
    EXPECT_EQ(closest("banana", {"name", "cgroup", "max"}), "");
    EXPECT_EQ(closest("", {"name", "cgroup", "max"}), "");
}

TEST(Compile, OneByteTooLarge)
{
    std::string text = "version: 1\n#";
    text.resize(max_file_bytes, 'x');
    EXPECT_TRUE(compile(text, "test.yaml").ok());
    text += 'x';
    EXPECT_EQ(summary(compile(text, "test.yaml").diagnostics),
              "1:1: error: the file is too large: 1048577 bytes | at most 1048576 bytes\n");
    text.resize(10 << 20, 'x');
    EXPECT_FALSE(compile(text, "test.yaml").ok());
}

TEST(Compile, ManyErrorsAreCutOff)
{
    std::string text = "version: 1\nrules:\n";
    for (int i = 0; i < 1000; i++)
        text += fmt::format("  - name: r{}\n    cgroup: relative\n    max: x\n", i);
    Compiled compiled = compile(text, "test.yaml", {.max_diagnostics = 10});
    ASSERT_EQ(compiled.diagnostics.size(), 10u);
    EXPECT_NE(compiled.diagnostics.back().help.find("more not shown"), std::string::npos);
}

TEST(Compile, JsonSaysTheSame)
{
    Compiled compiled =
        compile("version: 1\nrules:\n  - name: a\n    cgroup: /a\n    mx: 1\n", "dir/\xFF.yaml");
    auto json = nlohmann::json::parse(to_json(compiled.diagnostics));
    ASSERT_EQ(json.size(), 1u);
    EXPECT_EQ(json[0]["file"], "dir/\uFFFD.yaml");
    EXPECT_EQ(json[0]["line"], 5);
    EXPECT_EQ(json[0]["column"], 5);
    EXPECT_EQ(json[0]["severity"], "error");
    EXPECT_EQ(json[0]["message"], "unknown key `mx` in a rule");
    EXPECT_EQ(json[0]["help"], compiled.diagnostics[0].help);
    EXPECT_EQ(json[0].size(), 6u);
    EXPECT_EQ(to_json({}), "[]");
}

TEST(Compile, TheCaretStandsUnderThePlace)
{
    Compiled compiled = compile("version: 1\nrules: [{name: \"é\", max: x}]\n", "test.yaml");
    std::string text = to_text(compiled.diagnostics);
    EXPECT_NE(text.find("    rules: [{name: \"é\", max: x}]\n                             ^\n"),
              std::string::npos)
        << text;
}

// The only permitted warnings are those about `inherit: false`.
TEST(Examples, AllCompileWithoutAWord)
{
    namespace fs = std::filesystem;
    std::set<std::string> names;
    for (const auto &entry : fs::directory_iterator(POLICY_EXAMPLES)) {
        std::stringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        Compiled compiled = compile(text.str(), entry.path().string());
        std::erase_if(compiled.diagnostics, [](const Diagnostic &said) {
            return said.message.starts_with("`inherit: false` lifts ");
        });
        EXPECT_TRUE(compiled.ok() && compiled.diagnostics.empty()) << to_text(compiled.diagnostics);
        EXPECT_NE(text.str().find("# When to use: "), std::string::npos) << entry.path();
        ASSERT_TRUE(compiled.ok());
        Compiled again = compile(to_yaml(decompile(*compiled.image)), "again.yaml");
        ASSERT_TRUE(again.ok());
        EXPECT_TRUE(same(again.policy, compiled.policy)) << entry.path();
        names.insert(entry.path().filename());
    }
    EXPECT_TRUE(names.contains("demo.yaml"));
    EXPECT_GE(names.size(), 4u);
}

TEST(Examples, DemoLimits)
{
    std::stringstream text;
    text << std::ifstream(POLICY_EXAMPLES "/demo.yaml").rdbuf();
    Compiled demo = compile(text.str(), "demo.yaml");
    ASSERT_TRUE(demo.ok());
    auto max_of = [&](const char *path) {
        auto rule = match(*demo.image, path).rule;
        return rule ? demo.image->rules[rule - 1].max : IOASID_UNLIMITED;
    };
    EXPECT_EQ(max_of("/demo/web"), 4u);
    EXPECT_EQ(max_of("/demo/vm"), 6u);
    EXPECT_EQ(max_of("/demo/vm/a"), 4u);
    EXPECT_EQ(max_of("/demo"), IOASID_UNLIMITED);
    EXPECT_EQ(demo.image->default_max, IOASID_UNLIMITED);
}

} // namespace
} // namespace pasid::policy
