// SPDX-License-Identifier: GPL-2.0
// SIGINT, SIGTERM, SIGHUP and SIGWINCH as something to poll.
#pragma once

#include <csignal>

#include "lib/fd.hpp"

namespace pasid {

// While it lives, these signals interrupt nothing and kill nothing.
class Signals {
  public:
    Signals();
    ~Signals();
    Signals(const Signals &) = delete;
    Signals &operator=(const Signals &) = delete;

    int fd() const { return fd_.get(); }

    struct Seen {
        bool stop = false;
        bool resized = false;
    };
    // What arrived since; never blocks.
    Seen take();

  private:
    Fd fd_;
    sigset_t before_{};
};

} // namespace pasid
