// SPDX-License-Identifier: GPL-2.0-only
// What the terminal can do, by its entry in terminfo.
#pragma once

#include <string>

#include "lib/result.hpp"

namespace pasid::tui {

// Can the live view be shown on standard output? If not the error says why and what to do.
Result<void> check_terminal();

// What puts the terminal back, as bytes that a signal handler can write. After newterm().
std::string restore_sequence();

} // namespace pasid::tui
