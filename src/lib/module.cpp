// SPDX-License-Identifier: GPL-2.0-only
#include "lib/module.hpp"

#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

namespace pasid {

namespace {

// Identifies one load of the module; 0: it is not loaded, or is being loaded or unloaded.
ino_t loaded_instance()
{
    struct stat status {};
    if (stat(module_directory.c_str(), &status) != 0)
        return 0;
    std::string state;
    std::ifstream(module_directory + "/initstate") >> state;
    return state == "live" ? status.st_ino : 0;
}

} // namespace

Error module_missing(std::string what)
{
    return Error{std::move(what), std::string("the module ") + module_name + " is not loaded",
                 std::string("load it: modprobe ") + module_name, 0, Exit::refused};
}

Result<void> require_module(std::string what)
{
    if (access(module_directory.c_str(), F_OK) == 0)
        return {};
    return module_missing(std::move(what));
}

Result<void> with_module(const std::string &what, const std::function<Result<void>()> &start)
{
    if (auto module = require_module(what); !module)
        return module;
    const ino_t before = loaded_instance();
    auto started = start();
    if (started || (before && loaded_instance() == before))
        return started;
    return Error{
        what, std::string("the module ") + module_name + " was loaded or unloaded in the meantime",
        "try again", 0, Exit::refused};
}

} // namespace pasid
