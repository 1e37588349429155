// SPDX-License-Identifier: GPL-2.0-only
// A rule for people and for scripts: each of its keys is described once.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "policy/policy.hpp"
#include "render/json.hpp"

namespace pasid {

// Every key, in the order of the file's language; null for what was not given.
Json rule_json(const policy::Rule &rule);

// Those given that are not counts: {"rate", "1000/s, burst 10"}, …
std::vector<std::pair<std::string, std::string>> rule_details(const policy::Rule &rule);

// null for no limit.
Json limit_json(std::uint64_t max);

} // namespace pasid
