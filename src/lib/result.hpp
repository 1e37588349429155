// SPDX-License-Identifier: GPL-2.0-only
// A value or the reason why there is none. Exceptions stay at the edges
// (library calls that throw, main); everything between passes these.
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
    negative = 1, // differences, something missing, no such PASID
    usage = 2,    // usage or file error
    refused = 3,  // the kernel or a permission refused
};

struct Error {
    std::string what;   // what failed: "cannot attach the policy"
    std::string why;    // why: "Operation not permitted"
    std::string remedy; // what to do: "run it as root"; may be empty
    int err = 0;        // positive errno, 0: not from the kernel
    Exit exit = Exit::refused;
};

// An error that the kernel reported; the reason is errno's text.
Error system_error(std::string what, int err, std::string remedy = {});

// What to do when @err says that rights are missing; empty for all other errors, and
// what root is told is not to become root.
std::string rights_remedy(int err);

// What a person reads: "what: why; remedy", one line.
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
