// SPDX-License-Identifier: GPL-2.0-only
// Each requirement is one row of the table at the end: a name and a check function.
#include "cmd/doctor_checks.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <linux/capability.h>
#include <linux/magic.h>

#include "lib/device.hpp"
#include "lib/module.hpp"
#include "lib/pins.hpp"
#include "model/names.hpp"

namespace pasid {

namespace {

Finding good(std::string seen) { return {Verdict::good, std::move(seen), {}}; }
Finding bad(std::string seen, std::string remedy)
{
    return {Verdict::bad, std::move(seen), std::move(remedy)};
}
Finding warning(std::string seen, std::string remedy)
{
    return {Verdict::warning, std::move(seen), std::move(remedy)};
}

bool has_module(Host &host) { return host.exists(module_directory); }

bool has_admin_capability(Host &host) { return host.has_capability(CAP_SYS_ADMIN); }

std::pair<int, int> series_of(const char *release)
{
    std::pair<int, int> series;
    std::sscanf(release, "%d.%d", &series.first, &series.second);
    return series;
}

Finding check_kernel(const CheckInput &input)
{
    const std::string release = input.host.kernel_release();
    const auto series = series_of(release.c_str());
    if (series < series_of(KERNEL_OLDEST))
        return bad(release, "boot Linux " KERNEL_OLDEST " or later");
    if (series > series_of(KERNEL_NEWEST))
        return warning(release + ": newer than any tested kernel",
                       "boot Linux " KERNEL_NEWEST ", or check that all other checks pass");
    return good(release);
}

Finding check_rights(const CheckInput &input)
{
    std::string missing;
    const std::array wanted{std::pair{CAP_BPF, "CAP_BPF"}, std::pair{CAP_PERFMON, "CAP_PERFMON"},
                            std::pair{CAP_SYS_ADMIN, "CAP_SYS_ADMIN"}};
    for (const auto &[capability, name] : wanted)
        if (!input.host.has_capability(capability))
            missing.append(missing.empty() ? "" : ", ").append(name);
    if (!missing.empty())
        return bad("missing " + missing, "run it as root: sudo pasidctl doctor");
    return good("all required capabilities");
}

Finding check_btf(const CheckInput &input)
{
    if (!input.host.exists("/sys/kernel/btf/vmlinux"))
        return bad("the kernel has no BTF", "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y");
    return good("/sys/kernel/btf/vmlinux");
}

// The errno of bpf(2) does not tell what denied it.
Finding check_bpf(const CheckInput &input)
{
    Host &host = input.host;
    const int err = host.try_bpf();
    if (err == 0)
        return good("bpf(2) works");
    const std::string seen = fmt::format("bpf(2) fails: {}", errno_name(err));
    const auto status = host.read("/proc/self/status").value_or("");
    if (status.find("Seccomp:\t2") != std::string::npos)
        return bad(seen + "; this process has a seccomp filter",
                   "allow bpf(2) in the filter; for a container, in its seccomp profile");
    if (err == ENOSYS)
        return bad(seen, "boot a kernel built with CONFIG_BPF_SYSCALL=y");
    if ((err == EPERM || err == EACCES) && !has_admin_capability(host))
        return bad(seen, "run it as root; in a container, give it CAP_SYS_ADMIN");
    return bad(seen, "check dmesg or ausearch to see which security policy denied it");
}

Finding check_lockdown(const CheckInput &input)
{
    const auto modes = input.host.read("/sys/kernel/security/lockdown").value_or("");
    if (modes.find("[confidentiality]") != std::string::npos)
        return bad("confidentiality: BPF programs cannot read kernel memory",
                   "boot with lockdown=integrity, or without lockdown");
    return good(modes.empty() ? "none" : modes);
}

Finding check_jit(const CheckInput &input)
{
    const auto jit = input.host.read("/proc/sys/net/core/bpf_jit_enable");
    if (jit == "0")
        return bad("the BPF JIT is off", "enable it: sysctl net.core.bpf_jit_enable=1");
    if (!jit && input.host.exists("/proc/sys/net/core/bpf_jit_enable"))
        return warning("cannot read net.core.bpf_jit_enable", "run it as root");
    if (!jit)
        return bad("net.core.bpf_jit_enable does not exist here",
                   "run it outside the container, or boot a kernel built with CONFIG_BPF_JIT=y");
    return good("the BPF JIT is on");
}

Finding check_module(const CheckInput &input)
{
    Host &host = input.host;
    if (!has_module(host))
        return bad(
            std::string(module_name) + " is not loaded",
            host.exists("/proc/modules")
                ? std::string("load it: modprobe ") + module_name
                : "this kernel does not support modules: boot one built with CONFIG_MODULES=y");
    const std::string version = host.read(module_directory + "/version").value_or("(no version)");
    if (version != PASIDCTL_VERSION)
        return warning(
            fmt::format("{} {}, but pasidctl is {}", module_name, version, PASIDCTL_VERSION),
            "install the module and pasidctl in the same version");
    return good(fmt::format("{} {}", module_name, version));
}

Finding check_module_btf(const CheckInput &input)
{
    const std::string path = std::string("/sys/kernel/btf/") + module_name;
    if (!has_module(input.host))
        return bad("the module is not loaded", "see the module check");
    if (!input.host.exists(path))
        return bad("the module has no BTF, so programs cannot attach to it",
                   "build it against headers that include vmlinux, and reload it");
    // The copies are equal in what pasidctl's programs need; see kmod-shim/check-btf.
    if (input.host.module_has_own_type("cgroup"))
        return warning(path + " has its own copy of the kernel type cgroup: pasidctl's "
                              "programs work, but other policies' programs may be rejected",
                       "if you use such policies, build the module with a pahole that has "
                       "libbpf 1.6 or later");
    return good(path);
}

// Only running the programs shows that the requirements above suffice.
Finding check_programs(const CheckInput &input)
{
    if (input.system && input.programs)
        return good("BPF programs load and run");
    if (!has_module(input.host))
        return bad("the module is not loaded", "see the module check");
    // Errors elsewhere refer to doctor; here refer to the checks above.
    const Error &error = input.system ? input.programs.error() : input.system.error();
    const bool elsewhere =
        error.remedy.empty() || error.remedy.find("pasidctl doctor") != std::string::npos;
    return bad(fmt::format("{}: {}", error.what, error.why),
               elsewhere ? "see the checks above" : error.remedy);
}

Finding check_device(const CheckInput &input)
{
    const int err = input.host.try_open(ioasid_path);
    if (err == 0 || err == EBUSY)
        return good(ioasid_path);
    if (err == ENOENT)
        return bad(fmt::format("{} does not exist", ioasid_path),
                   has_module(input.host) ? "mount devtmpfs on /dev, or let udev create it"
                                          : "load the module");
    return bad(fmt::format("{}: {}", ioasid_path, errno_name(err)),
               "add your user to the group ioasid, or run as root");
}

Finding check_cgroups(const CheckInput &input)
{
    const std::string mount = CgroupFs::find_mount();
    if (input.host.file_system(mount) != CGROUP2_SUPER_MAGIC)
        return bad("cgroup v2 is not mounted",
                   "mount it: mount -t cgroup2 none /sys/fs/cgroup (with systemd, boot with "
                   "systemd.unified_cgroup_hierarchy=1)");
    return good(mount);
}

Finding check_bpffs(const CheckInput &input)
{
    if (input.host.file_system("/sys/fs/bpf") != BPF_FS_MAGIC)
        return bad("no BPF file system on /sys/fs/bpf", "mount it: mount -t bpf bpf /sys/fs/bpf");
    return good("/sys/fs/bpf");
}

Finding check_tracefs(const CheckInput &input)
{
    for (const char *path : {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"})
        if (input.host.file_system(path) == TRACEFS_MAGIC)
            return good(path);
    return warning("tracefs is not mounted; only other tools such as perf and trace-cmd need it",
                   "mount it: mount -t tracefs tracefs /sys/kernel/tracing");
}

// Only the module knows what is enforced; the pins say what should be.
Finding check_policy(const CheckInput &input)
{
    Host &host = input.host;
    const PinDirectory pins;
    const int err = host.try_list(pins.path());
    if (err && err != ENOENT)
        return warning(fmt::format("cannot list {}: {}", pins.path(), errno_name(err)),
                       "run it as root");
    const bool link = host.exists(pins.pin("link"));
    if (!link && !host.names_in(pins.path()).empty())
        return bad(fmt::format("{} was left behind by an interrupted apply or remove; nothing is "
                               "enforced",
                               pins.path()),
                   "clean up with pasidctl policy remove, then apply again");
    for (const char *name : {"image", "control", "nodes"})
        if (link && !host.exists(pins.pin(name)))
            return bad(fmt::format("{} is missing: the policy is enforced, but cannot be read or "
                                   "changed",
                                   pins.pin(name)),
                       "start over with pasidctl policy remove, then apply again");
    const bool attached = input.system && input.system->policy_attached;
    if (link && input.system && !attached)
        return bad(fmt::format("{} is pinned but detached; nothing is enforced", pins.path()),
                   "start over with pasidctl policy remove, then apply again");
    if (link && input.system && !input.policy)
        return bad(input.policy.error().why, input.policy.error().remedy);
    if (link)
        return good("a policy is active");
    if (attached)
        return warning(
            "a policy is active but not pinned here",
            "use the bpffs in which it was applied; to find another program's policy, use "
            "bpftool link");
    if (host.read(module_directory + "/parameters/fail_closed") == "Y")
        return warning("no policy is active, and the module was loaded fail-closed: users get no "
                       "PASIDs",
                       "apply one: pasidctl policy apply FILE");
    return good("no policy is active; nothing is limited");
}

// Counters of the policy programs themselves.
Finding check_nodes(const CheckInput &input)
{
    if (!input.engine)
        return warning("unknown: " + input.engine.error().why, "see the policy check");
    if (!*input.engine)
        return good("no policy is active");
    const ioasid_engine &engine = **input.engine;
    const std::string used =
        fmt::format("{} of {} nodes in use", engine.used, IOASID_MAX_NODES - 1);
    if (engine.underflows)
        return bad(fmt::format("{}; {} uncharges exceeded the charge", used, engine.underflows),
                   "please report this bug; to reset the counters, remove and apply the policy");
    if (engine.uncounted)
        return warning(fmt::format("{}; {} requests denied because a cgroup with a rule has no "
                                   "node: the cgroup is too deep, or no node is left",
                                   used, engine.uncounted),
                       fmt::format("use rules only for cgroups in the top {} levels; remove unused "
                                   "cgroups, then apply the policy again",
                                   IOASID_MAX_DEPTH));
    if (engine.used > (IOASID_MAX_NODES - IOASID_SPARE_NODES) / 8 * 7)
        return warning(used, "remove unused cgroups, then apply the policy again: this frees "
                             "their nodes");
    return good(used);
}

// The history is optional, but leftovers of it cost time and keep the module loaded.
Finding check_history(const CheckInput &input)
{
    if (!input.history)
        return warning(fmt::format("{}: {}", input.history.error().what, input.history.error().why),
                       input.history.error().remedy);
    const auto &history = *input.history;
    return good(
        history ? fmt::format("the latest {} events are recorded; the module stays loaded until "
                              "pasidctl history stop",
                              history->size)
                : "off");
}

std::uint64_t hex(const std::optional<std::string> &text)
{
    return text ? std::strtoull(text->c_str(), nullptr, 16) : 0;
}

struct IommuKind {
    const char *feature_file; // relative to the IOMMU unit's directory
    std::uint64_t needed;     // bits that PASID support requires
    const char *names;        // of those bits
};
constexpr std::array iommu_kinds{
    // ECAP.PASID (bit 40) and ECAP.SMTS (bit 43)
    IommuKind{"intel-iommu/ecap", 1ull << 40 | 1ull << 43, "PASIDs in scalable mode"},
    // GTSup (bit 4)
    IommuKind{"amd-iommu/features", 1ull << 4, "guest translation (GTSup)"},
};

Finding check_iommu(const CheckInput &input)
{
    Host &host = input.host;
    const std::string directory = "/sys/class/iommu";
    const auto units = host.names_in(directory);
    std::string without;
    for (const std::string &unit : units)
        for (const IommuKind &kind : iommu_kinds) {
            const auto features =
                host.read(fmt::format("{}/{}/{}", directory, unit, kind.feature_file));
            if (!features)
                continue;
            if ((hex(features) & kind.needed) == kind.needed)
                return good(fmt::format("{} supports PASIDs", unit));
            without =
                fmt::format("{} lacks {}: only simulated devices support PASIDs", unit, kind.names);
        }
    if (!without.empty())
        return warning(without, "use a machine whose IOMMU supports them; in QEMU: -device "
                                "intel-iommu,x-scalable-mode=on,x-pasid-mode=on");
    if (!units.empty())
        return good(fmt::format("{}: PASID support cannot be determined for this IOMMU", units[0]));
    const std::string tables = "/sys/firmware/acpi/tables/";
    const std::string none = "the kernel uses no IOMMU: only simulated devices support PASIDs";
    if (host.exists(tables + "DMAR"))
        return warning(none, "boot with intel_iommu=on,sm_on");
    if (host.exists(tables + "IVRS"))
        return warning(none, "boot without amd_iommu=off");
    return warning(none, "enable it in the firmware (VT-d, AMD-Vi), or add one to the virtual "
                         "machine");
}

constexpr std::array checks{
    DoctorCheck{"kernel", check_kernel},     DoctorCheck{"rights", check_rights},
    DoctorCheck{"kernel BTF", check_btf},    DoctorCheck{"bpf", check_bpf},
    DoctorCheck{"lockdown", check_lockdown}, DoctorCheck{"struct_ops", check_jit},
    DoctorCheck{"module", check_module},     DoctorCheck{"module BTF", check_module_btf},
    DoctorCheck{"programs", check_programs}, DoctorCheck{"device", check_device},
    DoctorCheck{"cgroup v2", check_cgroups}, DoctorCheck{"bpffs", check_bpffs},
    DoctorCheck{"tracefs", check_tracefs},   DoctorCheck{"policy", check_policy},
    DoctorCheck{"counting", check_nodes},    DoctorCheck{"history", check_history},
    DoctorCheck{"iommu", check_iommu},
};

} // namespace

std::span<const DoctorCheck> doctor_checks() { return checks; }

} // namespace pasid
