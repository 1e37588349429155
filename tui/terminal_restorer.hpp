// SPDX-License-Identifier: GPL-2.0-only
// Restores the terminal even if the view is killed with SIGKILL: a child process waits for the view
// to end.
#pragma once

#include <string>

#include <termios.h>

#include "lib/fd.hpp"

namespace pasid::tui {

class TerminalRestorer {
  public:
    TerminalRestorer() = default;
    ~TerminalRestorer() { cancel(); }
    TerminalRestorer(const TerminalRestorer &) = delete;
    TerminalRestorer &operator=(const TerminalRestorer &) = delete;

    // Starts the child process. @before, @restore: the settings of the terminal @fd, and bytes that
    // restore its modes. If fork() fails, the view continues without it.
    void start(int fd, const termios &before, const std::string &restore);

    // Ends the child process after the terminal was restored.
    void cancel();

    // The same from a signal handler; does not wait.
    static void cancel_in_handler();

  private:
    Fd write_end_; // the child detects when it is closed
    int pid_ = 0;
};

} // namespace pasid::tui
