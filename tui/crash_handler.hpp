// SPDX-License-Identifier: GPL-2.0-only
// The terminal is given back even when the process dies of a mistake.
#pragma once

#include <string>

namespace pasid::tui {

// Remembers how the terminal @fd is set now; on SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT sets
// it so again, writes @restore to it and lets the signal have its way. Called again it only takes
// the new @restore. False: @fd has no settings (errno).
bool install_crash_handler(int fd, const std::string &restore);
void remove_crash_handler();

// A terminal that was stopped with Ctrl-S takes output again: otherwise giving it back would wait
// for Ctrl-Q, deaf to every signal. Safe in a signal handler.
void restart_output(int fd);

} // namespace pasid::tui
