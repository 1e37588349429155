// SPDX-License-Identifier: GPL-2.0-only
// Writes complete lines to a file descriptor.
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

    // Appends one line and its newline. Buffered until flush() or until the buffer is large.
    void line(std::string_view text);
    void flush();

    // The buffered output; callers may append to it, even an incomplete line.
    std::string &pending() { return pending_; }

    // False after a write failed; then nothing more is written. error() is the reason: EPIPE means
    // that the reader is gone, which is not a failure.
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
