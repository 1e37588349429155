// SPDX-License-Identifier: GPL-2.0
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/magic.h>

#include "fakes.hpp"
#include "render/json.hpp"

namespace pasid::test {

using testing::HasSubstr;
using testing::Not;

std::vector<Json> lines_of(const std::string &text)
{
    std::vector<Json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(Json::parse(line));
    return lines;
}

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

void check_rows(std::span<const CommandRow> rows, const std::string &before)
{
    for (const CommandRow &row : rows) {
        const std::string name = before + std::string(row.name);
        EXPECT_NE(row.setup == nullptr, row.children.empty()) << name;
        EXPECT_EQ(row.example.rfind("pasidctl " + name, 0), 0u) << row.example;
        check_rows(row.children, name + " ");
    }
}

TEST(Commands, EachHasCodeHelpAndExample)
{
    check_rows(command_table(), "");
    World world;
    for (const CommandRow &row : command_table()) {
        const std::string name(row.name);
        const auto run = world.run({name.c_str(), "--help"});
        EXPECT_EQ(run.status, 0);
        EXPECT_THAT(run.out, HasSubstr("Example: "));
    }
}

TEST(Commands, UsageErrorsAreOneLineAndStatus2)
{
    World world;
    for (const std::vector<const char *> &words :
         std::initializer_list<std::vector<const char *>>{{},
                                                          {"nothing"},
                                                          {"policy"},
                                                          {"policy", "nothing"},
                                                          {"list", "--nothing"},
                                                          {"list", "--sort", "nothing"},
                                                          {"list", "--state", "nothing"},
                                                          {"trace", "-e", "nothing"},
                                                          {"show"},
                                                          {"show", "x"},
                                                          {"top"}}) {
        const auto run = world.run(words);
        EXPECT_EQ(run.status, 2);
        EXPECT_EQ(run.out, "");
        EXPECT_EQ(std::count(run.messages.begin(), run.messages.end(), '\n'), 1) << run.messages;
    }
}

TEST(Commands, WhatTheKernelRefusesIsStatus3)
{
    World world;
    world.no_feed = Error{"cannot read the state", "the module is not loaded", "load it"};
    const auto run = world.run({"list"});
    EXPECT_EQ(run.status, 3);
    EXPECT_EQ(run.messages, "pasidctl: cannot read the state: the module is not loaded; load it\n");
}

TEST(List, FiltersAndSorts)
{
    World world = small_world();
    const auto pasids = [&](std::vector<const char *> words) {
        words.insert(words.begin(), "list");
        words.push_back("--json");
        std::vector<int> list;
        for (const Json &row : Json::parse(world.run(words).out))
            list.push_back(row["pasid"]);
        return list;
    };
    using testing::ElementsAre;
    EXPECT_THAT(pasids({}), ElementsAre(5, 6, 9));
    EXPECT_THAT(pasids({"--cgroup", "/vms"}), ElementsAre(5, 6));
    EXPECT_THAT(pasids({"--cgroup", "/sys/fs/cgroup/web/"}), ElementsAre(9));
    EXPECT_THAT(pasids({"--pid", "200"}), ElementsAre(9));
    EXPECT_THAT(pasids({"--state", "active"}), ElementsAre(5));
    EXPECT_THAT(pasids({"--device", "sim0"}), ElementsAre(5));
    EXPECT_THAT(pasids({"--device", "sim1"}), ElementsAre());
    EXPECT_THAT(pasids({"--sort", "-pasid"}), ElementsAre(9, 6, 5));
    EXPECT_THAT(pasids({"--sort", "comm"}), ElementsAre(9, 5, 6));
}

TEST(Show, OneOrNone)
{
    World world = small_world();
    const auto run = world.run({"show", "5", "--json"});
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(Json::parse(run.out)["bindings"][0]["device"], "sim0");
    EXPECT_THAT(world.run({"show", "5"}).out, HasSubstr("/vms/a"));
    EXPECT_EQ(world.run({"show", "4"}).status, 1);
}

TEST(Cgroup, SubtreeAndUnknown)
{
    World world = small_world();
    const Json rows = Json::parse(world.run({"cgroup", "vms", "--json"}).out);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0]["cgroup"], "/vms");
    EXPECT_EQ(rows[0]["max"], 3);
    EXPECT_EQ(rows[0]["mode"], "enforce");
    EXPECT_TRUE(rows[1]["max"].is_null());
    EXPECT_EQ(world.run({"cgroup", "/nowhere"}).status, 1);
    EXPECT_EQ(world.run({"cgroup"}).out,
              "CGROUP RULE  MODE    MAX CURRENT PEAK DENIED ASKED WOULD\n"
              "/      -     -         2       3    0      0     0     0\n"
              "/vms   vms   enforce   3       3    3      4     0     0\n"
              "/vms/a -     -         -       2    0      0     4     0\n"
              "/web   watch audit     1       0    0      0     0     0\n");
}

TEST(Trace, CountsFiltersAndTellsLosses)
{
    World world = small_world();
    for (std::uint64_t i = 0; i < 10; i++)
        world.events.push_back(make_event(i % 2 ? IOASID_EVENT_DENY : IOASID_EVENT_ALLOC, i));
    ioasid_event lost{};
    lost.type = IOASID_EVENT_LOST;
    lost.value = 42;
    std::strcpy(lost.comm, "ringbuf");
    world.events.insert(world.events.begin() + 3, lost);

    const auto run = world.run({"trace", "--json", "-e", "deny", "-n", "3"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.messages, HasSubstr("tracing"));
    const auto lines = lines_of(run.out);
    ASSERT_EQ(lines.size(), 5u);
    EXPECT_EQ(lines[0]["seq"], 1);
    EXPECT_EQ(lines[1]["event"], "lost");
    EXPECT_EQ(lines[1]["count"], 42);
    EXPECT_EQ(lines[1]["where"], "ringbuf");
    EXPECT_EQ(lines[3]["rule"], "vms");
    EXPECT_EQ(lines[4]["where"], "total");
    EXPECT_EQ(lines[4]["count"], 42);
}

TEST(Trace, EveryFilterFilters)
{
    World world = small_world();
    world.events = {make_event(IOASID_EVENT_ALLOC, 0), make_event(IOASID_EVENT_DENY, 1),
                    make_event(IOASID_EVENT_BIND, 2)};
    world.events[0].cgroup_id = 20;
    world.events[0].pid = 200;
    std::strcpy(world.events[0].comm, "nginx");
    world.events[2].device = 1;
    world.events[2].pasid = 8;
    const auto seqs = [&](std::vector<const char *> words) {
        words.insert(words.begin(), {"trace", "--json", "-q", "--duration", "0.05"});
        std::vector<int> list;
        for (const Json &line : lines_of(world.run(words).out))
            list.push_back(line["seq"]);
        return list;
    };
    using testing::ElementsAre;
    EXPECT_THAT(seqs({}), ElementsAre(0, 1, 2));
    EXPECT_THAT(seqs({"--cgroup", "/vms"}), ElementsAre(1, 2));
    EXPECT_THAT(seqs({"--pid", "200"}), ElementsAre(0));
    EXPECT_THAT(seqs({"--pid", "101"}), ElementsAre(0, 1, 2)) << "a thread";
    EXPECT_THAT(seqs({"--comm", "qemu"}), ElementsAre(1, 2));
    EXPECT_THAT(seqs({"--pasid", "8"}), ElementsAre(2));
    EXPECT_THAT(seqs({"--device", "sim0"}), ElementsAre(2));
    EXPECT_THAT(seqs({"--failed"}), ElementsAre(1));
    EXPECT_THAT(seqs({"-e", "alloc,bind"}), ElementsAre(0, 2));
}

TEST(Top, BatchFrames)
{
    World world = small_world();
    const auto run = world.run({"top", "-b", "-n", "2", "-d", "0.05"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.out, HasSubstr("PASIDs 3 of 1048576"));
    EXPECT_THAT(run.out, HasSubstr("/vms"));
    const auto frames = lines_of(world.run({"top", "-n", "2", "-d", "0.05", "--json"}).out);
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(frames[1]["system"]["live"], 3);
    EXPECT_EQ(frames[1]["cgroups"].size(), 4u);
    EXPECT_EQ(
        lines_of(world.run({"top", "-n1", "--json", "--view", "pasids"}).out)[0]["pasids"].size(),
        3u);
}

TEST(Command, top_batch_prints_no_more_pasids_than_are_wanted)
{
    World world = small_world();
    const auto pasids = [&](const char *rows) {
        return lines_of(
            world.run({"top", "-n1", "--json", "--view", "pasids", "--rows", rows}).out)[0];
    };
    EXPECT_EQ(pasids("2")["pasids"].size(), 2u);
    EXPECT_EQ(pasids("2")["pasids_cut"], true);
    EXPECT_EQ(pasids("3")["pasids"].size(), 3u);
    EXPECT_EQ(pasids("3")["pasids_cut"], false);
    EXPECT_EQ(pasids("0")["pasids"].size(), 3u);
    EXPECT_THAT(world.run({"top", "-bn1", "--view", "pasids", "--rows", "1"}).out,
                HasSubstr("--rows 0 prints all"));
}

TEST(Command, cgroup_in_another_order_and_as_a_tree)
{
    World world = small_world();
    const auto first = [&](const char *sort) {
        return Json::parse(world.run({"cgroup", "--json", "--sort", sort}).out)[0]["cgroup"];
    };
    EXPECT_EQ(first("cgroup"), "/");
    EXPECT_EQ(first("-cgroup"), "/web");
    EXPECT_EQ(first("-denied_here"), "/vms");
    EXPECT_EQ(world.run({"cgroup", "--sort", "nothing"}).status, 2);
    EXPECT_EQ(world.run({"cgroup", "--tree", "--sort", "peak"}).status, 2);
    const std::string tree = world.run({"cgroup", "--tree"}).out;
    EXPECT_THAT(tree, HasSubstr("\n/ "));
    EXPECT_THAT(tree, HasSubstr("\n  vms "));
    EXPECT_THAT(tree, HasSubstr("\n    a "));
    EXPECT_THAT(tree, HasSubstr("\n  web "));
}

TEST(Command, top_records_and_replays)
{
    World world = small_world();
    const std::string path = testing::TempDir() + "top-" + std::to_string(getpid()) + ".rec";
    const auto recorded =
        world.run({"top", "-n", "3", "-d", "0.05", "--json", "--record", path.c_str()});
    EXPECT_EQ(recorded.status, 0) << recorded.messages;
    for (const char *view : {"cgroups", "processes", "pasids", "devices"}) {
        const auto replayed =
            world.run({"top", "--json", "--replay", path.c_str(), "--view", view});
        EXPECT_EQ(replayed.status, 0) << replayed.messages;
        const auto frames = lines_of(replayed.out);
        ASSERT_EQ(frames.size(), 3u);
        EXPECT_FALSE(frames[2][view].empty()) << view;
    }
    EXPECT_EQ(world.run({"top", "--json", "--replay", path.c_str()}).out, recorded.out)
        << "the same as it was live";
    EXPECT_EQ(lines_of(world.run({"top", "-n1", "--json", "--replay", path.c_str()}).out).size(),
              1u);

    EXPECT_EQ(world.run({"top", "-b", "--replay", "/nowhere"}).status, 2);
    EXPECT_EQ(world.run({"top", "-b", "-n1", "--record", "/nowhere/x"}).status, 2);
    EXPECT_EQ(world.run({"top", "-b", "--record", "x", "--replay", path.c_str()}).status, 2);
    unlink(path.c_str());
}

TEST(Command, top_names_its_views_and_themes)
{
    World world = small_world();
    const auto help = world.run({"top", "--help"});
    for (const char *name : {"events", "pasids", "high-contrast", "--record", "--replay"})
        EXPECT_NE(help.out.find(name), std::string::npos) << name;
    EXPECT_EQ(world.run({"top", "-b", "-n1", "--view", "moon"}).status, 2);
    const auto events = world.run({"top", "-b", "-n1", "--view", "events"});
    EXPECT_EQ(events.status, 2);
    EXPECT_NE(events.messages.find("--view events is not for -b"), std::string::npos);
}

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
    const PolicyFile good(small_policy);
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
}

World healthy_world()
{
    World world = small_world();
    const std::string version = world.run({"--version"}).out; // "pasidctl 1.2.3\n"
    world.host.files = {{"/sys/kernel/btf/vmlinux", ""},
                        {"/sys/kernel/btf/ioasid_shim", ""},
                        {"/proc/modules", ""},
                        {"/proc/sys/net/core/bpf_jit_enable", "1"},
                        {"/sys/module/ioasid_shim", ""},
                        {"/sys/module/ioasid_shim/version", version.substr(9, version.size() - 10)},
                        {"/sys/module/ioasid_shim/parameters/fail_closed", "N"},
                        {"/sys/kernel/security/lockdown", "[none] integrity confidentiality"},
                        {"/sys/class/iommu/dmar0", ""},
                        {"/sys/class/iommu/dmar0/intel-iommu/ecap", "90000f00f5a"}};
    world.host.file_systems = {{CgroupFs::find_mount(), CGROUP2_SUPER_MAGIC},
                               {"/sys/fs/bpf", BPF_FS_MAGIC},
                               {"/sys/kernel/tracing", TRACEFS_MAGIC}};
    world.host.list_error = ENOENT;
    return world;
}

void add_pins(FakeHost &host)
{
    host.list_error = 0;
    for (const char *name : {"link", "image", "control", "nodes"})
        host.files[std::string("/sys/fs/bpf/pasidctl/") + name] = "";
}

// What is wrong, and a word of what to change.
struct Defect {
    const char *check;
    const char *result;
    const char *remedy;
    void (*damage)(World &world);
};

TEST(Doctor, EachDefectIsFoundAndHasARemedy)
{
    const auto whole = healthy_world().run({"doctor", "--json"});
    EXPECT_EQ(whole.status, 0);
    for (const Json &row : Json::parse(whole.out))
        EXPECT_EQ(row["result"], "ok") << row;

    const Defect defects[]{
        {"kernel", "missing", "boot Linux", [](World &w) { w.host.release = "6.1.0-30-amd64"; }},
        {"rights", "missing", "as root", [](World &w) { w.host.root = false; }},
        {"kernel BTF", "missing", "CONFIG_DEBUG_INFO_BTF",
         [](World &w) { w.host.files.erase("/sys/kernel/btf/vmlinux"); }},
        {"bpf", "missing", "security module", [](World &w) { w.host.bpf_error = EPERM; }},
        {"bpf", "missing", "CAP_SYS_ADMIN",
         [](World &w) {
        w.host.bpf_error = EPERM;
        w.host.root = false;
         }},
        {"bpf", "missing", "CONFIG_BPF_SYSCALL", [](World &w) { w.host.bpf_error = ENOSYS; }},
        {"bpf", "missing", "seccomp",
         [](World &w) {
        w.host.bpf_error = EPERM;
        w.host.files["/proc/self/status"] = "Name:\tx\nSeccomp:\t2\n";
         }},
        {"lockdown", "missing", "lockdown=integrity",
         [](World &w) {
        w.host.files["/sys/kernel/security/lockdown"] = "none integrity [confidentiality]";
         }},
        {"struct_ops", "missing", "sysctl",
         [](World &w) { w.host.files["/proc/sys/net/core/bpf_jit_enable"] = "0"; }},
        {"struct_ops", "missing", "CONFIG_BPF_JIT",
         [](World &w) { w.host.files.erase("/proc/sys/net/core/bpf_jit_enable"); }},
        {"module", "missing", "modprobe",
         [](World &w) { w.host.files.erase("/sys/module/ioasid_shim"); }},
        {"module", "missing", "CONFIG_MODULES",
         [](World &w) {
        w.host.files.erase("/sys/module/ioasid_shim");
        w.host.files.erase("/proc/modules");
         }},
        {"module", "warning", "same version",
         [](World &w) { w.host.files["/sys/module/ioasid_shim/version"] = "0.0.1"; }},
        {"module BTF", "missing", "headers",
         [](World &w) { w.host.files.erase("/sys/kernel/btf/ioasid_shim"); }},
        {"programs", "missing", "do this",
         [](World &w) {
        w.no_feed = Error{"cannot read the state", "the verifier", "do this"};
         }},
        {"device", "missing", "access", [](World &w) { w.host.device_error = EACCES; }},
        {"device", "missing", "devtmpfs", [](World &w) { w.host.device_error = ENOENT; }},
        {"cgroup v2", "missing", "mount -t cgroup2",
         [](World &w) { w.host.file_systems.erase(CgroupFs::find_mount()); }},
        {"bpffs", "missing", "mount -t bpf",
         [](World &w) { w.host.file_systems.erase("/sys/fs/bpf"); }},
        {"tracefs", "warning", "mount -t tracefs",
         [](World &w) { w.host.file_systems.erase("/sys/kernel/tracing"); }},
        {"policy", "warning", "as root", [](World &w) { w.host.list_error = EACCES; }},
        {"policy", "missing", "policy remove",
         [](World &w) {
        w.host.list_error = 0;
        w.host.files["/sys/fs/bpf/pasidctl/image"] = "";
         }},
        {"policy", "missing", "policy remove",
         [](World &w) {
        add_pins(w.host);
        w.raw->system.policy_attached = 1;
        w.host.files.erase("/sys/fs/bpf/pasidctl/nodes");
         }},
        {"policy", "missing", "policy remove", [](World &w) { add_pins(w.host); }},
        {"policy", "warning", "cannot show", [](World &w) { w.raw->system.policy_attached = 1; }},
        {"policy", "warning", "policy apply",
         [](World &w) { w.host.files["/sys/module/ioasid_shim/parameters/fail_closed"] = "Y"; }},
        {"iommu", "warning", "x-scalable-mode",
         [](World &w) { w.host.files["/sys/class/iommu/dmar0/intel-iommu/ecap"] = "f00f5a"; }},
        {"iommu", "warning", "firmware",
         [](World &w) {
        w.host.files.erase("/sys/class/iommu/dmar0");
        w.host.files.erase("/sys/class/iommu/dmar0/intel-iommu/ecap");
         }},
        };
    for (const Defect &defect : defects) {
        World world = healthy_world();
        defect.damage(world);
        const auto run = world.run({"doctor", "--json"});
        EXPECT_EQ(run.status, defect.result == std::string("missing")) << defect.check;
        for (const Json &row : Json::parse(run.out))
            if (row["check"] == defect.check) {
                EXPECT_EQ(row["result"], defect.result) << row;
                EXPECT_THAT(row["remedy"].is_string() ? row["remedy"].get<std::string>() : "none",
                            HasSubstr(defect.remedy))
                    << row;
            }
    }

    World world = healthy_world();
    add_pins(world.host);
    world.raw->system.policy_attached = 1;
    EXPECT_THAT(world.run({"doctor"}).out, HasSubstr("a policy is in force"));
}

TEST(Command, cgroup_without_policy_or_without_module)
{
    World world = healthy_world();
    world.policy->installed.reset();
    const auto run = world.run({"cgroup"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.messages, HasSubstr("no policy is in force"));
    world.host.files.clear();
    const auto without = world.run({"cgroup"});
    EXPECT_EQ(without.status, 3);
    EXPECT_THAT(without.messages, HasSubstr("modprobe ioasid_shim"));
}

TEST(Status, WithAndWithoutModule)
{
    World world = healthy_world();
    const Json json = Json::parse(world.run({"status", "--json"}).out);
    EXPECT_EQ(json["module_loaded"], true);
    EXPECT_EQ(json["policy"]["rules"], 2);
    EXPECT_EQ(json["system"]["live"], 3);
    EXPECT_EQ(json["readers"], Json::array());
    world.host.losses = {0, 7};
    EXPECT_THAT(world.run({"status"}).out, HasSubstr("2 of events, 7 lost"));
    EXPECT_EQ(Json::parse(world.run({"status", "--json"}).out)["readers"][1]["lost"], 7);
    world.host.files.clear();
    const auto run = world.run({"status"});
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, HasSubstr("modprobe ioasid_shim"));
}

} // namespace pasid::test
