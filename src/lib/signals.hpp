// SPDX-License-Identifier: GPL-2.0-only
// Signals as something to poll, handled between two pieces of work.
#pragma once

#include <csignal>
#include <initializer_list>
#include <optional>

#include "lib/fd.hpp"

namespace pasid {

// While it lives, these signals interrupt nothing and kill nothing; afterwards everything
// is as it was. Made before there are threads.
class Signals {
  public:
    explicit Signals(std::initializer_list<int> handled = {SIGINT, SIGTERM, SIGHUP, SIGWINCH});
    ~Signals();
    Signals(const Signals &) = delete;
    Signals &operator=(const Signals &) = delete;

    bool ok() const { return static_cast<bool>(fd_); } // false: errno
    int fd() const { return fd_.get(); }

    // The next that arrived; never blocks.
    std::optional<int> next();

    struct Seen {
        bool stop = false;
        bool resized = false;
    };
    // All that arrived since; never blocks.
    Seen take();

  private:
    Fd fd_;
    sigset_t before_{};
};

} // namespace pasid
