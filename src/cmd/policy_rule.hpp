// SPDX-License-Identifier: GPL-2.0-only
// A policy's keys for people and for scripts, from the tables in policy/fields.cpp.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "policy/policy.hpp"
#include "render/json.hpp"

namespace pasid {

// Every key, in the order of the file's language; null for what was not given.
Json rule_json(const policy::Rule &rule);

// Those given that `explain` does not show in another place: {"rate", "1000/s"}, …
std::vector<std::pair<std::string, std::string>> rule_details(const policy::Rule &rule);

// The keys of `defaults`, into @json.
void add_defaults_json(Json &json, const policy::Policy &policy);

} // namespace pasid
