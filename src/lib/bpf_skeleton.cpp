// SPDX-License-Identifier: GPL-2.0
#include "lib/bpf_skeleton.hpp"

#include <cstdarg>
#include <cstdio>
#include <sstream>

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pasid {

namespace {

std::string collected; // libbpf's hook has no context argument
constexpr std::size_t most_collected = 1u << 20;

__attribute__((format(printf, 2, 0))) int collect(libbpf_print_level level, const char *format,
                                                  va_list arguments)
{
    if (level == LIBBPF_DEBUG)
        return 0;
    char line[4096];
    const int length = vsnprintf(line, sizeof(line), format, arguments);
    if (collected.size() < most_collected)
        collected += line;
    if (std::getenv("PASIDCTL_DEBUG"))
        std::fputs(line, stderr);
    return length;
}

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

BpfLog::BpfLog()
{
    collected.clear();
    libbpf_set_print(collect);
}

BpfLog::~BpfLog() { libbpf_set_print(nullptr); }

std::string BpfLog::reason() const
{
    std::istringstream lines(collected);
    std::string best;
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("libbpf: ", 0) == 0)
            line.erase(0, 8);
        // The first complaint is the cause, later ones follow from it.
        if (best.empty() && (line.find("failed") != std::string::npos ||
                             line.find("not found") != std::string::npos ||
                             line.find("ailed to find") != std::string::npos))
            best = line;
    }
    return best;
}

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
