// SPDX-License-Identifier: GPL-2.0-only
// What would happen if a policy were applied now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/command.hpp"
#include "policy/policy.hpp"

namespace pasid {

// A cgroup that holds more than its limit or, with `distribution: reserve`, whose descendants
// reserve more than its limit.
struct LimitViolation {
    std::string cgroup;              // "/": the system
    std::optional<std::string> rule; // none: the defaults, or the system capacity
    ioasid_mode mode = IOASID_MODE_ENFORCE;
    std::string_view what; // "pasids", "bindings", "reserved"
    std::uint64_t max = 0, current = 0;
    std::vector<std::pair<std::string, std::uint64_t>> reserved; // by which cgroups, largest first
};

struct Forecast {
    std::uint64_t capacity = 0;
    std::vector<LimitViolation> over; // by path; these cgroups keep their PASIDs but get no more
    std::vector<LimitViolation> overcommitted; // these prevent applying the policy
};

// PASIDs and bindings of a cgroup's own processes.
struct LocalUsage {
    std::string cgroup;
    std::uint64_t pasids = 0, bindings = 0;
};

Forecast forecast(const ioasid_policy_image &image, const std::vector<std::string> &cgroups,
                  const std::vector<LocalUsage> &holdings, std::uint64_t capacity);

// Forecast for the running system.
Result<Forecast> forecast_now(Context &context, const ioasid_policy_image &image);

// Prepares an image for installation: if it reserves, sets its capacity, and fails if that is
// insufficient.
Result<void> prepare_image(Context &context, ioasid_policy_image &image);

// E.g. "/a: 24 reserved, max is 20 (rule x): /a/b 16, /a/c 8".
std::string to_text(const LimitViolation &violation);

} // namespace pasid
