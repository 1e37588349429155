// SPDX-License-Identifier: GPL-2.0-only
// Signals as a file descriptor to poll.
#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include "lib/fd.hpp"

namespace pasid {

// During its lifetime the signals are blocked and read from fd(); the destructor restores the
// previous mask. Create it before any thread.
class Signals {
  public:
    explicit Signals(std::initializer_list<int> handled = {SIGINT, SIGTERM, SIGHUP, SIGWINCH});
    ~Signals();
    Signals(const Signals &) = delete;
    Signals &operator=(const Signals &) = delete;

    bool ok() const { return static_cast<bool>(fd_); } // if false, see errno
    int fd() const { return fd_.get(); }

    // The next pending signal; never blocks.
    std::optional<int> next();

    struct Seen {
        bool stop = false;
        bool resized = false;
    };
    // All pending signals; never blocks.
    Seen take();

  private:
    Fd fd_;
    sigset_t before_{};
};

} // namespace pasid
