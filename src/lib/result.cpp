// SPDX-License-Identifier: GPL-2.0-only
#include "lib/result.hpp"

#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace pasid {

Error system_error(std::string what, int err, std::string remedy)
{
    return Error{std::move(what), std::generic_category().message(err), std::move(remedy), err,
                 Exit::refused};
}

std::string rights_remedy(int err)
{
    if (err != EPERM && err != EACCES)
        return {};
    return geteuid() == 0 ? "CAP_BPF, CAP_PERFMON and CAP_SYS_ADMIN are required in the initial "
                            "user namespace; see "
                            "pasidctl doctor"
                          : "run it as root";
}

std::string describe(const Error &error)
{
    std::string line = error.what;
    if (!error.why.empty())
        line += (line.empty() ? "" : ": ") + error.why;
    if (!error.remedy.empty())
        line += (line.empty() ? "" : "; ") + error.remedy;
    return line;
}

} // namespace pasid
