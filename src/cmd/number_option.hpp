// SPDX-License-Identifier: GPL-2.0-only
// Validators for numbers. CLI11's own checks accept a minus sign as a huge count, and "nan" as a
// number within any range.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include <CLI/CLI.hpp>

namespace pasid {

// Digits only, from @min to @max.
CLI::Validator whole_number(std::uint64_t min = 0,
                            std::uint64_t max = std::numeric_limits<std::uint64_t>::max());

// Seconds, with a decimal point in every locale, from @min to @max.
CLI::Validator seconds_between(double min, double max);

// A duration: 500ms, 1.5s, 10m; units ns us ms s m h d; without unit: seconds. Replaces the text
// with the number of nanoseconds.
CLI::Validator duration_in_ns();

} // namespace pasid
