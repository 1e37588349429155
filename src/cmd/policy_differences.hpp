// SPDX-License-Identifier: GPL-2.0-only
// Differences between two policies, rule by rule.
#pragma once

#include <string>
#include <vector>

#include "policy/policy.hpp"
#include "render/json.hpp"

namespace pasid {

// [{what, change, before, after}]: what is a rule name or "defaults", change is "added", "removed"
// or "changed", before and after are lines of YAML.
Json policy_differences(const policy::Policy &before, const policy::Policy &after);

// The same as text: lines marked with -, + or, if unchanged, a blank.
std::vector<std::string> difference_lines(const Json &differences);

} // namespace pasid
