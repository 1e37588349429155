// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.hpp"

namespace pasid::policy {

struct PatternMax {
    std::string cgroup;
    std::uint64_t max = 1;
};

// A policy with rules r0, r1, …
std::string policy_text(const std::vector<PatternMax> &rules, std::string_view default_max = "max");

// "line:col: severity: message | help", one per line.
std::string summary(const std::vector<Diagnostic> &diagnostics);

// Reference implementation: does @pattern match @path? Recursive, on the text.
bool naive_match(std::string_view pattern, std::string_view path);

} // namespace pasid::policy
