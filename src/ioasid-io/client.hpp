// SPDX-License-Identifier: GPL-2.0-only
// Runs a script against the device.
#pragma once

#include <functional>
#include <optional>

#include "ioasid-io/script.hpp"
#include "lib/device.hpp"
#include "lib/mapping.hpp"
#include "render/output.hpp"

namespace pasid::io {

inline constexpr std::size_t buffer_size = 1u << 20;

struct Options {
    bool keep_going = false;
    bool quiet = false; // only failures are printed
};

class Client {
  public:
    static Result<Client> make(IoasidDevice &device, Output &out, Options options);

    // Returns false if a command failed.
    bool run(const std::vector<Command> &script);

    // For tests: the memory that devices access.
    std::span<std::byte> buffer() const { return buffer_.as<std::byte>(); }

  private:
    Client(IoasidDevice &device, Output &out, Options options)
        : device_(&device), out_(&out), options_(options)
    {
    }

    using Answer = Result<std::uint64_t>;

    bool run_one(const Command &command);
    bool run_fork(const Command &command);
    bool run_repeat(const Command &command);
    bool print(const Command &command, const Answer &answer);
    Answer execute(const Command &command);
    Answer execute_on_device(const Command &command);
    Answer dma(const Command &command);
    Answer checked_dma(const Command &command, std::uint64_t moved, std::uint32_t flags);
    Result<void> make_open();
    Result<std::uint32_t> id(const Argument &argument) const;

    IoasidDevice *device_;
    Output *out_;
    Options options_;
    Mapping buffer_; // accessed by devices as "buf"
    Mapping data_;   // the device's end of a DMA
    std::optional<std::uint32_t> last_id_;
    std::uint8_t pattern_ = 0; // different for each DMA write
    bool closed_ = false;      // by the script; only "open" opens it again
};

} // namespace pasid::io
