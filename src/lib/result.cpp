// SPDX-License-Identifier: GPL-2.0
#include "lib/result.hpp"

#include <system_error>

namespace pasid {

Error system_error(std::string what, int err, std::string remedy)
{
    return Error{std::move(what), std::generic_category().message(err), std::move(remedy), err,
                 Exit::refused};
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
