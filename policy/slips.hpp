// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>

#include "policy/source.hpp"

namespace pasid::policy {

// What makes a line mean something else in YAML than its writer thinks.
struct Slip {
    Position at;
    std::string message;
    std::string help;
};

// The first one up to line @last; a parser notices it later, where it makes no sense any more.
std::optional<Slip> find_slip(const Source &source, std::uint32_t last);

} // namespace pasid::policy
