// SPDX-License-Identifier: GPL-2.0-only
// Commands that call the device or access the buffer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "ioasid-io/script.hpp"
#include "lib/device.hpp"

namespace pasid::io {

// What a command prints after its name.
struct Answer {
    Answer(std::uint64_t number) : text(std::to_string(number)) {}
    Answer(std::string value) : text(std::move(value)) {}
    Answer(const Error &failure, std::string detail = {})
        : text(std::move(detail)), error(failure.err)
    {
    }
    Answer(const Result<void> &result) : Answer(result ? Answer(0) : Answer(result.error())) {}
    template <class Number>
    Answer(const Result<Number> &result)
        : Answer(result ? Answer(std::uint64_t{*result}) : Answer(result.error()))
    {
    }

    std::string text; // after an error: more about it; may be empty
    int error = 0;    // errno
};

struct Variables {
    std::optional<std::uint32_t> id;      // $
    std::optional<std::uint32_t> ioas;    // @
    std::optional<std::uint64_t> request; // last
    std::uint8_t pattern = 0;             // different for each DMA write
};

struct Call {
    IoasidDevice &device;
    std::span<std::byte> buffer; // "buf"
    std::span<std::byte> data;   // the device's end of a DMA
    Variables &variables;
    const Command &command;
};

// Whether call() knows the command, and the command needs an open device.
bool needs_device(Verb verb);

Answer call(Call &call);

} // namespace pasid::io
