// SPDX-License-Identifier: GPL-2.0-only
#include "model/names.hpp"

#include <cstring>

namespace pasid {

std::string errno_name(int error)
{
    const int number = error < 0 ? -error : error;
    if (number == 0)
        return "ok";
    const char *name = strerrorname_np(number);
    return name ? name : "E" + std::to_string(number);
}

} // namespace pasid
