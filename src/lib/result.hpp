// SPDX-License-Identifier: GPL-2.0-only
// A value, or an error that says why there is none. Exceptions are caught at the edges (library
// calls that throw, main); the code in between returns these.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace pasid {

// Exit status of every command.
enum class Exit : int {
    done = 0,
    negative = 1, // differences reported, not found, no such PASID
    usage = 2,    // usage or file error
    refused = 3,  // denied by the kernel or for lack of permission
};

struct Error {
    std::string what;   // the operation that failed: "cannot attach the policy"
    std::string why;    // the cause: "Operation not permitted"
    std::string remedy; // what to do: "run it as root"; may be empty
    int err = 0;        // positive errno; 0: not from the kernel
    Exit exit = Exit::refused;
};

// Error from the kernel, with the text of errno.
Error system_error(std::string what, int err, std::string remedy = {});

// Remedy if @err means missing permission, else empty. Root is not told to become root.
std::string rights_remedy(int err);

// One line of text: "what: why; remedy".
std::string describe(const Error &error);

template <class T> class [[nodiscard]] Result {
  public:
    using value_type = T;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T &value() & { return std::get<0>(state_); }
    const T &value() const & { return std::get<0>(state_); }
    T &&value() && { return std::get<0>(std::move(state_)); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(*this).value(); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }

    Error &error() & { return std::get<1>(state_); }
    const Error &error() const & { return std::get<1>(state_); }
    Error &&error() && { return std::get<1>(std::move(state_)); }

  private:
    std::variant<T, Error> state_;
};

template <> class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}

    bool has_value() const { return !failed_; }
    explicit operator bool() const { return has_value(); }

    Error &error() & { return error_; }
    const Error &error() const & { return error_; }
    Error &&error() && { return std::move(error_); }

  private:
    Error error_;
    bool failed_ = false;
};

} // namespace pasid
