// SPDX-License-Identifier: GPL-2.0-only
// A policy's keys as JSON and as text, from the tables in policy/fields.cpp.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "policy/policy.hpp"
#include "render/json.hpp"

namespace pasid {

// All keys, in the order of the policy language; null for keys that are not set.
Json rule_json(const policy::Rule &rule);

// The keys that are set and that `explain` does not show elsewhere: {"rate", "1000/s"}, …
std::vector<std::pair<std::string, std::string>> rule_details(const policy::Rule &rule);

// Adds the keys of `defaults` to @json.
void add_defaults_json(Json &json, const policy::Policy &policy);

} // namespace pasid
