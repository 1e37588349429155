// SPDX-License-Identifier: GPL-2.0-only
// The terminal is given back even when the view is killed by a signal that nobody can handle: a
// small process waits for its end.
#pragma once

#include <string>

#include <termios.h>

#include "lib/fd.hpp"

namespace pasid::tui {

class Guardian {
  public:
    Guardian() = default;
    ~Guardian() { dismiss(); }
    Guardian(const Guardian &) = delete;
    Guardian &operator=(const Guardian &) = delete;

    // From now on. @before, @restore: the settings of the terminal @fd and what puts it back, as
    // bytes. Without a guardian, for want of processes, the view goes on.
    void post(int fd, const termios &before, const std::string &restore);

    // The terminal was given back in good order.
    void dismiss();

    // The same from a signal handler, which may not wait.
    static void dismiss_in_handler();

  private:
    Fd lifeline_; // the guardian sees it closed
    int pid_ = 0;
};

} // namespace pasid::tui
