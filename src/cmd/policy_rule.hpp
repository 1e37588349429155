// SPDX-License-Identifier: GPL-2.0-only
// A rule as JSON and as text.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "policy/policy.hpp"
#include "render/json.hpp"

namespace pasid {

// All keys, in the order of the policy language; null for keys that are not set.
Json rule_json(const policy::Rule &rule);

// The keys that are set and are not counts: {"rate", "1000/s, burst 10"}, …
std::vector<std::pair<std::string, std::string>> rule_details(const policy::Rule &rule);

// null if there is no limit.
Json limit_json(std::uint64_t max);

} // namespace pasid
