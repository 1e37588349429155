// SPDX-License-Identifier: GPL-2.0-only
#include "lib/bpf_skeleton.hpp"

#include <bpf/bpf.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/module.hpp"

namespace pasid {

namespace {

const char *remedy_for(int err)
{
    switch (err) {
    case EPERM:
    case EACCES:
        return "run as root, or with CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN; see pasidctl "
               "doctor";
    case ENOSYS:
    case EOPNOTSUPP:
        return "this kernel does not support it; see pasidctl doctor";
    case ESRCH: // libbpf: the module lacks something that a program uses
        return "use the same version of the module and pasidctl";
    default:
        return "see pasidctl doctor; PASIDCTL_DEBUG=1 shows all libbpf messages";
    }
}

} // namespace

Result<void> require_btf(const char *what)
{
    const std::string directory = "/sys/kernel/btf/";
    if (access((directory + "vmlinux").c_str(), F_OK) != 0)
        return Error{what, "the kernel has no BTF",
                     "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y"};
    if (access((directory + module_name).c_str(), F_OK) != 0)
        return Error{what, std::string("the module ") + module_name + " has no BTF",
                     "see pasidctl doctor"};
    __u32 id = 0;
    if (bpf_btf_get_next_id(0, &id) != 0)
        return system_error(what, errno, rights_remedy(errno));
    return {};
}

void wait_for_programs()
{
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0)
        usleep(200'000); // nohz_full kernels do not support it; programs end within microseconds
}

Error bpf_error(std::string what, int err, const BpfLog &log)
{
    Error error = system_error(std::move(what), err, remedy_for(err));
    if (err == ESRCH)
        error.why =
            std::string("the module ") + module_name + " lacks symbols that the programs use";
    if (const std::string reason = log.reason(); !reason.empty())
        error.why += " (" + reason + ")";
    return error;
}

} // namespace pasid
