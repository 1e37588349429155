// SPDX-License-Identifier: GPL-2.0-only
// Lines to a descriptor: whole ones only, whoever reads them or stops reading.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pasid {

class Output {
  public:
    explicit Output(int fd) : fd_(fd) {}
    ~Output() { flush(); }
    Output(const Output &) = delete;
    Output &operator=(const Output &) = delete;

    // One line; the newline is added. Kept back until flush() or until much waits.
    void line(std::string_view text);
    void flush();

    // What waits to be written: the beginning of a line may be put there.
    std::string &pending() { return pending_; }

    // False once a write failed; then nothing more is written. error() says
    // why: EPIPE means that the reader had enough, which is no failure.
    bool good() const { return error_ == 0; }
    int error() const { return error_; }
    int fd() const { return fd_; }

  private:
    void write_all(std::string_view bytes);
    void drop_half_line(std::string_view written) const;

    int fd_;
    int error_ = 0;
    std::string pending_;
};

} // namespace pasid
