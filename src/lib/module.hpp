// SPDX-License-Identifier: GPL-2.0-only
// Is the kernel module there?
#pragma once

#include <functional>
#include <string>

#include "lib/result.hpp"

namespace pasid {

inline constexpr const char *module_name = "ioasid_shim";

bool module_loaded();

// An error that says what to do when it is not; @what failed because of that.
Result<void> require_module(std::string what);

// Runs @start, for which it has to be there, and to stay. When @start fails and the
// module came or went meanwhile, that is the error: what @start saw of it is a riddle.
Result<void> with_module(const std::string &what, const std::function<Result<void>()> &start);

} // namespace pasid
