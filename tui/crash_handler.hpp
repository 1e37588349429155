// SPDX-License-Identifier: GPL-2.0-only
// Restores the terminal when the process crashes.
#pragma once

#include <string>

namespace pasid::tui {

// Saves the settings of the terminal @fd. On SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT restores
// them, writes @restore and raises the signal again. Later calls only update @restore. Returns
// false with errno set if the settings of @fd cannot be read.
bool install_crash_handler(int fd, const std::string &restore);
void remove_crash_handler();

// Resumes output that Ctrl-S stopped. Otherwise restoring the terminal would block until Ctrl-Q,
// regardless of signals. Async-signal-safe.
void restart_output(int fd);

} // namespace pasid::tui
