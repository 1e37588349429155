// SPDX-License-Identifier: GPL-2.0
#include "lib/module.hpp"

#include <unistd.h>

namespace pasid {

bool module_loaded()
{
    const std::string path = std::string("/sys/module/") + module_name;
    return access(path.c_str(), F_OK) == 0;
}

Result<void> need_module(std::string what)
{
    if (module_loaded())
        return {};
    return Error{std::move(what), std::string("the module ") + module_name + " is not loaded",
                 std::string("load it: modprobe ") + module_name, 0, Exit::refused};
}

} // namespace pasid
