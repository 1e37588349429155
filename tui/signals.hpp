// SPDX-License-Identifier: GPL-2.0
// Signals as something to poll for: they are handled by the loop, between two frames.
#pragma once

#include <csignal>
#include <optional>

namespace pasid::tui {

// While it lives the signals that end, stop, continue or resize the view are blocked and read
// from fd(); afterwards everything is as it was.
class Signals {
  public:
    Signals();
    ~Signals();
    Signals(const Signals &) = delete;
    Signals &operator=(const Signals &) = delete;

    bool ok() const { return fd_ >= 0; } // false: errno
    int fd() const { return fd_; }
    std::optional<int> next();

  private:
    int fd_ = -1;
    sigset_t before_{};
};

} // namespace pasid::tui
