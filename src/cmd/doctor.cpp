// SPDX-License-Identifier: GPL-2.0
// Each requirement is one row: a name and a function that looks.
#include "cmd/command.hpp"
#include "lib/device.hpp"
#include "lib/module.hpp"
#include "model/names.hpp"
#include "render/json.hpp"

#include <array>

#include <fmt/format.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <unistd.h>

namespace pasid {

namespace {

enum class Verdict { good, warning, bad };

struct Finding {
    Verdict verdict = Verdict::good;
    std::string seen;   // what is so
    std::string remedy; // what to change; empty when good
};

Finding good(std::string seen) { return {Verdict::good, std::move(seen), {}}; }
Finding bad(std::string seen, std::string remedy)
{
    return {Verdict::bad, std::move(seen), std::move(remedy)};
}
Finding warning(std::string seen, std::string remedy)
{
    return {Verdict::warning, std::move(seen), std::move(remedy)};
}

const std::string module_directory = std::string("/sys/module/") + module_name;

Finding check_rights(Host &host)
{
    std::string missing;
    const std::array wanted{std::pair{CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
                            std::pair{CAP_DAC_READ_SEARCH, "CAP_DAC_READ_SEARCH"}};
    for (const auto &[capability, name] : wanted)
        if (!host.has_capability(capability))
            missing.append(missing.empty() ? "" : ", ").append(name);
    if (!missing.empty())
        return bad("missing " + missing, "run it as root: sudo pasidctl doctor");
    return good("all that is needed");
}

Finding check_kernel(Host &host)
{
    const std::string release = host.kernel_release();
    int major = 0, minor = 0;
    if (std::sscanf(release.c_str(), "%d.%d", &major, &minor) == 2 &&
        std::pair(major, minor) < std::pair(6, 9))
        return bad(release, "boot Linux 6.9 or later: modules can offer struct_ops since then");
    return good(release);
}

Finding check_btf(Host &host)
{
    if (!host.exists("/sys/kernel/btf/vmlinux"))
        return bad("the kernel has no BTF", "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y");
    return good("/sys/kernel/btf/vmlinux");
}

Finding check_bpf(Host &host)
{
    const int err = host.try_bpf();
    if (err == EPERM || err == EACCES)
        return bad("bpf(2) is refused: " + errno_name(err),
                   "run it as root; in a container, allow bpf(2) and CAP_BPF");
    if (err)
        return bad("bpf(2) fails: " + errno_name(err),
                   "boot a kernel built with CONFIG_BPF_SYSCALL=y");
    return good("bpf(2) works");
}

Finding check_struct_ops(Host &host)
{
    if (!host.exists("/proc/sys/net/core/bpf_jit_enable"))
        return bad("no BPF JIT", "boot a kernel built with CONFIG_BPF_JIT=y");
    if (host.read("/proc/sys/net/core/bpf_jit_enable") == "0")
        return bad("the BPF JIT is off", "turn it on: sysctl net.core.bpf_jit_enable=1");
    return good("the BPF JIT is on");
}

Finding check_module(Host &host)
{
    if (host.exists(module_directory)) {
        const auto version = host.read(module_directory + "/version");
        return good(fmt::format("{} {}", module_name, version.value_or("(no version)")));
    }
    const bool modules = host.exists("/proc/modules");
    return bad(std::string(module_name) + " is not loaded",
               modules ? std::string("load it: modprobe ") + module_name
                       : "this kernel takes no modules: boot one built with CONFIG_MODULES=y");
}

Finding check_module_btf(Host &host)
{
    const std::string path = std::string("/sys/kernel/btf/") + module_name;
    if (!host.exists(module_directory))
        return bad("the module is not loaded", "see the check of the module");
    if (!host.exists(path))
        return bad("the module has no BTF, so no program can attach to it",
                   "build it against headers that have vmlinux, and load it anew");
    return good(path);
}

Finding check_device(Host &host)
{
    const int err = host.try_open(ioasid_path);
    if (err == 0 || err == EBUSY)
        return good(ioasid_path);
    if (err == ENOENT)
        return bad(fmt::format("there is no {}", ioasid_path),
                   host.exists(module_directory) ? "is udev, or devtmpfs on /dev, there?"
                                                 : "load the module");
    return bad(fmt::format("{}: {}", ioasid_path, errno_name(err)),
               "give your user access to it, or run it as root");
}

Finding check_cgroups(Host &host)
{
    const std::string mount = CgroupFs::find_mount();
    if (host.file_system(mount) != CGROUP2_SUPER_MAGIC)
        return bad("cgroup v2 is not mounted",
                   "mount it: mount -t cgroup2 none /sys/fs/cgroup (with systemd, boot with "
                   "systemd.unified_cgroup_hierarchy=1)");
    return good(mount);
}

Finding check_bpffs(Host &host)
{
    if (host.file_system("/sys/fs/bpf") != BPF_FS_MAGIC)
        return bad("no bpf file system on /sys/fs/bpf", "mount it: mount -t bpf bpf /sys/fs/bpf");
    return good("/sys/fs/bpf");
}

Finding check_tracefs(Host &host)
{
    for (const char *path : {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"})
        if (host.file_system(path) == TRACEFS_MAGIC)
            return good(path);
    return warning("tracefs is not mounted; only other tools (perf, trace-cmd) need it",
                   "mount it: mount -t tracefs tracefs /sys/kernel/tracing");
}

Finding check_pins(Host &host)
{
    const std::string directory = "/sys/fs/bpf/pasidctl";
    const auto names = host.names_in(directory);
    if (names.empty())
        return good("no policy is installed");
    for (const char *name : {"link", "image", "control", "nodes"})
        if (!host.exists(directory + "/" + name))
            return bad(fmt::format("{}/{} is missing: an apply or remove was interrupted",
                                   directory, name),
                       "clean up: pasidctl policy remove; then apply again");
    return good("a policy is installed in " + directory);
}

struct Check {
    std::string_view name;
    Finding (*look)(Host &host);
};

constexpr std::array checks{
    Check{"kernel", check_kernel},         Check{"rights", check_rights},
    Check{"kernel BTF", check_btf},        Check{"bpf", check_bpf},
    Check{"struct_ops", check_struct_ops}, Check{"module", check_module},
    Check{"module BTF", check_module_btf}, Check{"device", check_device},
    Check{"cgroup v2", check_cgroups},     Check{"bpffs", check_bpffs},
    Check{"tracefs", check_tracefs},       Check{"pins", check_pins},
};

std::string_view verdict_name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::good:
        return "ok";
    case Verdict::warning:
        return "warning";
    case Verdict::bad:
        break;
    }
    return "missing";
}

Tone verdict_tone(Verdict verdict)
{
    return verdict == Verdict::good      ? Tone::good
           : verdict == Verdict::warning ? Tone::warning
                                         : Tone::bad;
}

void print_text(Context &context, std::string_view name, const Finding &finding)
{
    const Tone tone = verdict_tone(finding.verdict);
    context.out.line(fmt::format("{}{:<8}{}{:<11} {}", tone_on(context.terminal, tone),
                                 verdict_name(finding.verdict), tone_off(context.terminal, tone),
                                 name, finding.seen));
    if (!finding.remedy.empty())
        context.out.line(fmt::format("{:<20}-> {}", "", finding.remedy));
}

Result<Exit> doctor(Context &context)
{
    const auto host = context.environment.open_host();
    Json array = Json::array();
    bool fit = true;
    for (const Check &check : checks) {
        const Finding finding = check.look(*host);
        fit = fit && finding.verdict != Verdict::bad;
        if (!context.json())
            print_text(context, check.name, finding);
        array.push_back(
            {{"check", check.name},
             {"result", verdict_name(finding.verdict)},
             {"seen", finding.seen},
             {"remedy", finding.remedy.empty() ? Json(nullptr) : Json(finding.remedy)}});
    }
    if (context.json())
        context.out.line(json_text(array));
    return fit ? Exit::done : Exit::negative;
}

} // namespace

Action setup_doctor(CLI::App &) { return doctor; }

} // namespace pasid
