// SPDX-License-Identifier: GPL-2.0-only
// Whether the kernel module is loaded.
#pragma once

#include <functional>
#include <string>

#include "lib/result.hpp"

namespace pasid {

inline constexpr const char *module_name = "ioasid_shim";
// Exists while the module is loaded.
inline const std::string module_directory = std::string("/sys/module/") + module_name;

// The error that the module is not loaded, with a remedy. @what: the operation that failed.
Error module_missing(std::string what);

// Returns this error if the module is not loaded.
Result<void> require_module(std::string what);

// Runs @start, which needs the module. If @start fails and the module was loaded or unloaded in the
// meantime, returns an error that says so, because the error of @start would be misleading.
Result<void> with_module(const std::string &what, const std::function<Result<void>()> &start);

} // namespace pasid
