// SPDX-License-Identifier: GPL-2.0-only
// What options that are numbers accept: CLI11's own checks take a minus sign for a huge
// count, and "nan" for a number within every range.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include <CLI/CLI.hpp>

namespace pasid {

// Digits only, from @least to @most.
CLI::Validator whole_number(std::uint64_t min = 0,
                            std::uint64_t max = std::numeric_limits<std::uint64_t>::max());

// Seconds, with a decimal point in every locale, from @least to @most.
CLI::Validator seconds_between(double min, double max);

// A time: 500ms, 1.5s, 10m; units ns us ms s m h d, and a bare number is seconds.
// Replaces the text with the whole number of nanoseconds.
CLI::Validator duration_in_ns();

} // namespace pasid
