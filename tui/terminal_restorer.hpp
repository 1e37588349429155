// SPDX-License-Identifier: GPL-2.0-only
// The terminal is given back even when the view is killed by a signal that nobody can handle: a
// small process waits for its end.
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

    // From now on. @before, @restore: the settings of the terminal @fd and what puts it back, as
    // bytes. Without a guardian, for want of processes, the view goes on.
    void start(int fd, const termios &before, const std::string &restore);

    // The terminal was given back in good order.
    void cancel();

    // The same from a signal handler, which may not wait.
    static void cancel_in_handler();

  private:
    Fd write_end_; // the guardian sees it closed
    int pid_ = 0;
};

} // namespace pasid::tui
