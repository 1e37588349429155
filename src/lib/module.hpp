// SPDX-License-Identifier: GPL-2.0
// Is the kernel module there?
#pragma once

#include "lib/result.hpp"

namespace pasid {

inline constexpr const char *module_name = "ioasid_shim";

bool module_loaded();

// An error that says what to do when it is not; @what failed because of that.
Result<void> need_module(std::string what);

} // namespace pasid
