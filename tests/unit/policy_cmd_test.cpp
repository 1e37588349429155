// SPDX-License-Identifier: GPL-2.0-only
// The policy commands.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes.hpp"
#include "render/json.hpp"

namespace pasid::test {

using testing::HasSubstr;
using testing::Not;

class PolicyFile {
  public:
    explicit PolicyFile(const char *text)
        : path_(testing::TempDir() + "pasidctl-test." + std::to_string(getpid()) + ".yaml")
    {
        std::ofstream(path_) << text;
    }
    ~PolicyFile() { unlink(path_.c_str()); }
    const char *path() const { return path_.c_str(); }

  private:
    std::string path_;
};

TEST(Policy, CheckSaysWhere)
{
    World world;
    const PolicyFile bad("version: 1\nrules:\n  - {name: a, cgroup: /a, maxx: 1}\n");
    const auto run = world.run({"policy", "check", bad.path(), "--json"});
    EXPECT_EQ(run.status, 2);
    const Json json = Json::parse(run.out);
    EXPECT_EQ(json["result"], "errors");
    EXPECT_EQ(json["diagnostics"][0]["line"], 3);
    const auto text = world.run({"policy", "check", bad.path()});
    EXPECT_THAT(text.messages, HasSubstr(":3:"));
    EXPECT_EQ(world.run({"policy", "check", "/nonexistent"}).status, 2);
    EXPECT_EQ(world.run({"policy", "check", "/"}).status, 2) << "a directory";
    const PolicyFile good(small_policy);
    EXPECT_EQ(world.run({"policy", "check", good.path()}).status, 0);
}

TEST(Policy, ApplyShowDiffRemove)
{
    World world;
    const PolicyFile file(small_policy);
    EXPECT_EQ(world.run({"policy", "show"}).status, 1);
    EXPECT_EQ(world.run({"policy", "diff", file.path()}).status, 1);
    EXPECT_EQ(world.run({"policy", "apply", file.path()}).status, 0);
    EXPECT_EQ(world.run({"policy", "diff", file.path()}).status, 0);
    const std::string yaml = world.run({"policy", "show"}).out;
    const PolicyFile shown(yaml.c_str());
    EXPECT_EQ(world.run({"policy", "diff", shown.path()}).status, 0) << yaml;
    const PolicyFile other("version: 1\ndefaults: {max: 2}\nrules:\n"
                           "  - {name: vms, cgroup: /vms, max: 4}\n");
    const auto diff = world.run({"policy", "diff", other.path()});
    EXPECT_EQ(diff.status, 1);
    EXPECT_THAT(diff.out,
                HasSubstr("   - name: vms\n     cgroup: /vms\n-    max: 3\n+    max: 4\n"));
    EXPECT_THAT(diff.out, HasSubstr("-  - name: watch\n"));
    EXPECT_THAT(diff.out, Not(HasSubstr("version")));
    EXPECT_EQ(world.run({"policy", "diff", "/nonexistent"}).status, 2);
    EXPECT_EQ(world.run({"policy", "remove"}).out, "removed\n");
    EXPECT_FALSE(world.policy->installed);
}

TEST(Policy, AFileWithErrorsChangesNothing)
{
    World world = small_world();
    const PolicyFile bad("version: 2\n");
    EXPECT_EQ(world.run({"policy", "apply", bad.path()}).status, 2);
    EXPECT_EQ(world.policy->installed->generation, 1u);
    const PolicyFile good("version: 1\nrules:\n  - {name: vms, cgroup: /vms, max: 7}\n");
    world.policy->refuses = system_error("cannot apply", EPERM, "run it as root");
    EXPECT_EQ(world.run({"policy", "apply", good.path()}).status, 3);
}

TEST(Policy, DryRunTellsWhoWouldBeOver)
{
    World world = small_world();
    const PolicyFile file("version: 1\nrules:\n  - {name: vms, cgroup: /vms, max: 1}\n");
    const Json json =
        Json::parse(world.run({"policy", "apply", "--dry-run", "--json", file.path()}).out);
    ASSERT_EQ(json["over"].size(), 1u);
    EXPECT_EQ(json["over"][0]["cgroup"], "/vms");
    EXPECT_EQ(world.policy->installed->generation, 1u);
}

TEST(Policy, SetModeOfAllRulesOrOne)
{
    World world = small_world();
    const auto mode = [&](unsigned rule) {
        return world.policy->installed->image->rules[rule].mode;
    };
    EXPECT_EQ(world.run({"policy", "set-mode", "audit"}).status, 0);
    EXPECT_EQ(mode(0), std::uint32_t{IOASID_MODE_AUDIT});
    EXPECT_EQ(world.policy->installed->generation, 2u);
    const std::string name = world.policy->installed->image->rules[0].name;
    EXPECT_EQ(world.run({"policy", "set-mode", "enforce", "--rule", name.c_str()}).status, 0);
    EXPECT_EQ(mode(0), std::uint32_t{IOASID_MODE_ENFORCE});
    EXPECT_EQ(mode(1), std::uint32_t{IOASID_MODE_AUDIT});
    EXPECT_EQ(world.run({"policy", "set-mode", "enforce", "--rule", name.c_str()}).status, 0);
    EXPECT_EQ(world.policy->installed->generation, 3u) << "nothing to change";
    EXPECT_EQ(world.run({"policy", "set-mode", "audit", "--rule", "nobody"}).status, 1);
    EXPECT_EQ(world.run({"policy", "set-mode", "lenient"}).status, 2);
    world.policy->installed.reset();
    EXPECT_EQ(world.run({"policy", "set-mode", "audit"}).status, 1);
}

TEST(Policy, SetModeUndoesNothingThatHappensMeanwhile)
{
    World world = small_world();
    const char *other = "version: 1\nrules:\n  - {name: other, cgroup: /x, max: 1}\n";
    world.policy->meanwhile = [&] { install(world, other); };
    EXPECT_EQ(world.run({"policy", "set-mode", "audit"}).status, 0);
    EXPECT_STREQ(world.policy->installed->image->rules[0].name, "other");
    EXPECT_EQ(world.policy->installed->image->rules[0].mode, std::uint32_t{IOASID_MODE_AUDIT});

    world.policy->meanwhile = [&] { world.policy->installed.reset(); };
    EXPECT_EQ(world.run({"policy", "set-mode", "enforce"}).status, 1);
    EXPECT_FALSE(world.policy->installed) << "a policy that was removed stays removed";
}

TEST(Policy, ApplyingTheSameAgainChangesNothing)
{
    World world = small_world();
    const std::string file = ::testing::TempDir() + "same.yaml";
    std::ofstream(file) << "version: 1\nrules:\n  - {name: one, cgroup: /x, max: 1}\n";
    EXPECT_EQ(world.run({"policy", "apply", file.c_str()}).status, 0);
    const auto generation = world.policy->installed->generation;
    const auto again = world.run({"policy", "apply", file.c_str()});
    EXPECT_EQ(again.status, 0);
    EXPECT_NE(again.out.find("unchanged"), std::string::npos) << again.out;
    EXPECT_EQ(world.policy->installed->generation, generation);
}

TEST(Policy, SeveralFilesAreChecked)
{
    World world = small_world();
    const std::string good = ::testing::TempDir() + "good.yaml",
                      bad = ::testing::TempDir() + "bad.yaml";
    std::ofstream(good) << "version: 1\n";
    std::ofstream(bad) << "version: 2\n";
    const auto both = world.run({"policy", "check", bad.c_str(), good.c_str(), "--json"});
    EXPECT_EQ(both.status, 2);
    const Json json = Json::parse(both.out);
    ASSERT_EQ(json.size(), 2u);
    EXPECT_EQ(json[0]["result"], "errors");
    EXPECT_EQ(json[1]["file"], good);
}

TEST(Options, NumbersThatAreNone)
{
    World world = small_world();
    for (const char *wrong : {"-1", "1.5", "x", ""})
        EXPECT_EQ(world.run({"top", "-b", "-n", wrong}).status, 2) << wrong;
    for (const char *wrong : {"nan", "inf", "-1", "0,5", "1s"})
        EXPECT_EQ(world.run({"top", "-b", "-n", "1", "-d", wrong}).status, 2) << wrong;
    for (const char *wrong : {"nan", "-1s", "99999999999999d", "1y"}) {
        const auto run = world.run({"stats", "--unused", wrong});
        EXPECT_EQ(run.status, 2) << wrong;
        EXPECT_EQ(run.messages.find("factor"), std::string::npos) << run.messages;
    }
}

// Nodes exist for the root and 31 levels below it.
TEST(Policy, ExplainKnowsWhatIsTooDeep)
{
    World world = small_world();
    install(world, "version: 1\n"
                   "rules:\n"
                   "  - {name: deep, cgroup: '/t/**/leaf', max: 1}\n"
                   "  - {name: heard, cgroup: '/t/**/audit', max: 1, mode: audit}\n");
    const auto next = [&](const std::string &top, unsigned levels, const std::string &last) {
        std::string path = top;
        for (unsigned level = 2; level < levels; level++)
            path += "/x";
        path += last;
        const Json json =
            Json::parse(world.run({"policy", "explain", "--cgroup", path.c_str(), "--json"}).out);
        EXPECT_EQ(json["next_alloc"], json["next_bind"]);
        return json["next_alloc"].get<std::string>();
    };
    EXPECT_EQ(next("/t", 31, "/leaf"), "ok");
    EXPECT_EQ(next("/t", 32, "/leaf"), "EPERM");
    EXPECT_EQ(next("/t", 32, "/leaf/below"), "EPERM");
    EXPECT_EQ(next("/t", 31, "/leaf/below"), "ok");
    EXPECT_EQ(next("/t", 40, "/audit"), "ok");
    EXPECT_EQ(next("/t", 40, "/none"), "ok");
    EXPECT_EQ(next("/t", 94, "/none"), "ok");
    EXPECT_EQ(next("/t", 95, "/none"), "EPERM") << "not all levels are searched for a rule";
    EXPECT_EQ(next("/u", 300, "/leaf"), "ok") << "no rule can match";
}

TEST(Policy, ExplainNamesEveryLevel)
{
    World world = small_world();
    Json json = Json::parse(world.run({"policy", "explain", "--pid", "100", "--json"}).out);
    EXPECT_EQ(json["cgroup"], "/vms/a");
    EXPECT_EQ(json["rule"], "vms");
    ASSERT_EQ(json["levels"].size(), 3u);
    EXPECT_EQ(json["levels"][0]["current"], 2);
    EXPECT_TRUE(json["levels"][0]["max"].is_null());
    EXPECT_EQ(json["levels"][1]["max"], 3);
    EXPECT_EQ(json["next_alloc"], "EDQUOT");
    json = Json::parse(world.run({"policy", "explain", "--cgroup", "/new/one", "--json"}).out);
    EXPECT_TRUE(json["rule"].is_null());
    EXPECT_EQ(json["levels"][0]["max"], 2) << "the defaults";
    EXPECT_EQ(json["next_alloc"], "ok");
    EXPECT_EQ(world.run({"policy", "explain", "--pid", "1"}).status, 1);
    EXPECT_EQ(world.run({"policy", "explain", "--cgroup", "/vms/../a"}).status, 2);
    world.partial = Error{"cannot identify cgroups", "a namespace", "elsewhere"};
    EXPECT_EQ(world.run({"policy", "explain", "--cgroup", "/vms/a"}).status, 3);
}

TEST(Policy, ExplainPutsRestrictionsTogether)
{
    World world = small_world();
    install(world,
            "version: 1\n"
            "rules:\n"
            "  - {name: all, cgroup: /vms/**, range: 1-100, devices: [sim0, sim1], owner: user}\n"
            "  - {name: a, cgroup: /vms/a, range: 50-200, devices: [sim1], max: 9}\n"
            "  - {name: alone, cgroup: /vms/b, max: 9, inherit: false}\n");
    Json json = Json::parse(world.run({"policy", "explain", "--cgroup", "/vms/a", "--json"}).out);
    EXPECT_EQ(json["range"], "0x32-0x64");
    EXPECT_EQ(json["devices"], Json::array({"sim1"}));
    EXPECT_EQ(json["owner"], "user");
    EXPECT_EQ(json["governors"].size(), 2u);
    EXPECT_EQ(json["exists"], true);
    json = Json::parse(world.run({"policy", "explain", "--cgroup", "/vms/b", "--json"}).out);
    EXPECT_TRUE(json["range"].is_null());
    EXPECT_EQ(json["governors"].size(), 1u);
    EXPECT_EQ(json["exists"], false);
}

// A grant is already charged to the ancestors: a full ancestor denies nothing within it.
TEST(Policy, ExplainKnowsGrants)
{
    World world = small_world();
    install(world, "version: 1\n"
                   "defaults: {distribution: reserve}\n"
                   "rules:\n"
                   "  - {name: all, cgroup: /vms, max: 4}\n"
                   "  - {name: a, cgroup: /vms/a, max: 4}\n");
    for (ioasid_node &node : world.policy->nodes)
        if (world.cgroups[node.cgroup_id] == "/vms/a") {
            node.pasids.current = 1;
            node.pasids.granted = 4;
        } else {
            node.pasids.current = 4;
        }
    Json json = Json::parse(world.run({"policy", "explain", "--cgroup", "/vms/a", "--json"}).out);
    EXPECT_EQ(json["next_alloc"], "ok");
    json = Json::parse(world.run({"policy", "explain", "--cgroup", "/vms", "--json"}).out);
    EXPECT_EQ(json["next_alloc"], "EDQUOT");
}

} // namespace pasid::test
