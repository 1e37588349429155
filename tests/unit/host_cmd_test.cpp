// SPDX-License-Identifier: GPL-2.0-only
// Commands on incomplete systems: doctor names the cause, the others report an error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/magic.h>

#include "fakes.hpp"
#include "render/json.hpp"

namespace pasid::test {

using testing::HasSubstr;
using testing::Not;

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

// A defect, the check that finds it, and a part of the remedy.
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
        {"kernel", "missing", "boot Linux", [](World &w) { w.host.release = "6.11.9-amd64"; }},
        {"kernel", "warning", "boot Linux", [](World &w) { w.host.release = "8.0.1-amd64"; }},
        {"module BTF", "warning", "libbpf 1.6", [](World &w) { w.host.own_type = "cgroup"; }},
        {"programs", "missing", "see the checks",
         [](World &w) {
        w.policy->refuses = Error{"cannot load", "rejected", "see pasidctl doctor"};
         }},
        {"rights", "missing", "as root", [](World &w) { w.host.root = false; }},
        {"kernel BTF", "missing", "CONFIG_DEBUG_INFO_BTF",
         [](World &w) { w.host.files.erase("/sys/kernel/btf/vmlinux"); }},
        {"bpf", "missing", "ausearch", [](World &w) { w.host.bpf_error = EPERM; }},
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
        {"device", "missing", "group ioasid", [](World &w) { w.host.device_error = EACCES; }},
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
        {"policy", "warning", "bpftool link", [](World &w) { w.raw->system.policy_attached = 1; }},
        {"policy", "warning", "policy apply",
         [](World &w) { w.host.files["/sys/module/ioasid_shim/parameters/fail_closed"] = "Y"; }},
        {"counting", "missing", "report this bug",
         [](World &w) { w.policy->engine.underflows = 1; }},
        {"counting", "warning", "top 32 levels", [](World &w) { w.policy->engine.uncounted = 1; }},
        {"counting", "warning", "unused cgroups", [](World &w) { w.policy->engine.used = 48000; }},
        {"history", "warning", "history stop",
         [](World &w) {
        w.history->broken = Error{"cannot read the history", "half of it", "history stop"};
         }},
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
    EXPECT_THAT(world.run({"doctor"}).out, HasSubstr("a policy is active"));
}

TEST(Command, cgroup_without_policy_or_without_module)
{
    World world = healthy_world();
    world.policy->installed.reset();
    const auto run = world.run({"cgroup"});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.messages, HasSubstr("no policy is active"));
    world.host.files.clear();
    const auto without = world.run({"cgroup"});
    EXPECT_EQ(without.status, 3);
    EXPECT_THAT(without.messages, HasSubstr("modprobe ioasid_shim"));
}

TEST(Status, WithModule)
{
    World world = healthy_world();
    const Json json = Json::parse(world.run({"status", "--json"}).out);
    EXPECT_EQ(json["module_loaded"], true);
    EXPECT_EQ(json["policy"]["rules"], 2);
    EXPECT_EQ(json["system"]["live"], 3);
    EXPECT_EQ(json["readers"], Json::array());
}

AttachedProgram program_of(std::uint32_t id, const char *type, const char *place)
{
    AttachedProgram program;
    program.id = id;
    program.name = "on_it";
    program.type = type;
    program.attached_to = place;
    return program;
}

TEST(Status, ProgramsAndReaders)
{
    World world = healthy_world();
    EXPECT_EQ(Json::parse(world.run({"status", "--json"}).out)["programs"], Json::array());
    for (const std::uint32_t id : {3u, 4u, 5u}) {
        AttachedProgram program =
            program_of(id, "tracing", id == 3 ? "ioasid_free" : "ioasid_bind");
        program.pid = 7;
        program.comm = "pasidctl";
        program.reader = id == 3 ? 90 : 91;
        program.lost = id == 3 ? 0 : 7;
        world.host.programs.push_back(program);
    }
    world.host.programs.push_back(program_of(6, "struct_ops", "ioasid_policy_ops"));
    world.host.programs[3].pinned = "/sys/fs/bpf/p/link";
    world.host.programs.push_back(program_of(8, "raw_tracepoint", "ioasid_free"));

    const std::string text = world.run({"status"}).out;
    EXPECT_THAT(text, HasSubstr("3 tracing on ioasid_bind and 1 more, held by pasidctl (7)\n"));
    EXPECT_THAT(text, HasSubstr("1 struct_ops on ioasid_policy_ops, pinned: /sys/fs/bpf/p/link\n"));
    EXPECT_THAT(text, HasSubstr("1 raw_tracepoint on ioasid_free, holder unknown"));
    EXPECT_THAT(text, HasSubstr("2 reading events, 7 lost\n"));
    const Json json = Json::parse(world.run({"status", "--json"}).out);
    EXPECT_EQ(json["readers"], Json::parse(R"([{"lost": 0, "pid": 7, "comm": "pasidctl"},
                                               {"lost": 7, "pid": 7, "comm": "pasidctl"}])"));
    EXPECT_EQ(json["programs"].size(), 5u);
    EXPECT_EQ(json["programs"][3], Json::parse(R"({"id": 6, "name": "on_it", "type": "struct_ops",
        "attached_to": "ioasid_policy_ops", "pinned": "/sys/fs/bpf/p/link", "pid": null,
        "comm": null})"));
}

// Without privileges, status shows what every user may read, and the rest as unknown.
TEST(Status, WithoutRights)
{
    World world = healthy_world();
    world.host.files["/sys/module/ioasid_shim/version"] = "0.1.0";
    world.host.files["/sys/module/ioasid_shim/parameters/fail_closed"] = "Y";
    world.host.root = false;
    const Error refused{"cannot read it", "Permission denied", "run it as root", EACCES};
    world.no_feed = world.policy->hidden = world.history->broken = refused;
    const auto run = world.run({"status"});
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, HasSubstr("module     ioasid_shim 0.1.0, fail_closed on\n"));
    EXPECT_THAT(run.out, HasSubstr("policy     unknown\n"));
    EXPECT_THAT(run.out, HasSubstr("history    unknown\n"));
    EXPECT_THAT(run.out, HasSubstr("programs   unknown\n"));
    EXPECT_THAT(run.out, Not(HasSubstr("none")));
    EXPECT_THAT(run.out, Not(HasSubstr("off")));
    const Json json = Json::parse(world.run({"status", "--json"}).out);
    for (const char *key : {"policy_known", "history_known", "programs_known"})
        EXPECT_EQ(json[key], false) << key;
    EXPECT_EQ(json["fail_closed"], true);

    const Json known = Json::parse(healthy_world().run({"status", "--json"}).out);
    for (const char *key : {"policy_known", "history_known", "programs_known"})
        EXPECT_EQ(known[key], true) << key;
    EXPECT_EQ(known["fail_closed"], false);
}

TEST(Status, WithoutModule)
{
    World world = healthy_world();
    world.host.files.clear();
    const auto run = world.run({"status"});
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, HasSubstr("modprobe ioasid_shim"));
}

} // namespace pasid::test
