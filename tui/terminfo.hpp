// SPDX-License-Identifier: GPL-2.0-only
// Terminal capabilities from terminfo.
#pragma once

#include <string>

#include "lib/result.hpp"

namespace pasid::tui {

// Checks that the live view can run on standard output; the error has a remedy.
Result<void> check_terminal();

// Bytes that restore the terminal, for use in a signal handler. Call after newterm().
std::string restore_sequence();

} // namespace pasid::tui
