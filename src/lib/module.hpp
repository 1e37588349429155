// SPDX-License-Identifier: GPL-2.0-only
// Whether the kernel module is loaded.
#pragma once

#include <functional>
#include <string>

#include "lib/result.hpp"

namespace pasid {

inline constexpr const char *module_name = "ioasid_shim";

bool module_loaded();

// Returns an error with a remedy if the module is not loaded. @what: the operation that failed.
Result<void> require_module(std::string what);

// Runs @start, which needs the module. If @start fails and the module was loaded or unloaded in the
// meantime, returns an error that says so, because the error of @start would be misleading.
Result<void> with_module(const std::string &what, const std::function<Result<void>()> &start);

} // namespace pasid
