// SPDX-License-Identifier: GPL-2.0
#include "lib/bpf_skeleton.hpp"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pasid {

namespace {

const char *remedy_for(int err)
{
    switch (err) {
    case EPERM:
    case EACCES:
        return "run it as root, or with CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN; see pasidctl "
               "doctor";
    case ENOSYS:
    case EOPNOTSUPP:
        return "this kernel cannot do it; see pasidctl doctor";
    default:
        return "see pasidctl doctor; PASIDCTL_DEBUG=1 shows all of libbpf's messages";
    }
}

} // namespace

void wait_for_programs()
{
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0)
        usleep(200'000); // nohz_full kernels refuse it; a program ends in microseconds
}

Error bpf_error(std::string what, int err, const BpfLog &log)
{
    Error error = system_error(std::move(what), err, remedy_for(err));
    if (const std::string reason = log.reason(); !reason.empty())
        error.why += " (" + reason + ")";
    return error;
}

} // namespace pasid
