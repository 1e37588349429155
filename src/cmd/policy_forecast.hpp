// SPDX-License-Identifier: GPL-2.0-only
// What a policy would find if it were put in force now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/command.hpp"
#include "policy/policy.hpp"

namespace pasid {

// A cgroup that holds more than it may, or with `distribution: reserve` one
// below which more is reserved than it may hold.
struct LimitViolation {
    std::string cgroup;              // "/": the system
    std::optional<std::string> rule; // none: the defaults, or the system's capacity
    ioasid_mode mode = IOASID_MODE_ENFORCE;
    std::string_view what; // "pasids", "bindings", "reserved"
    std::uint64_t max = 0, current = 0;
    std::vector<std::pair<std::string, std::uint64_t>> reserved; // by whom, most first
};

struct Forecast {
    std::uint64_t capacity = 0;
    std::vector<LimitViolation> over;          // by path; would be refused more, but lose nothing
    std::vector<LimitViolation> overcommitted; // the policy cannot be put in force
};

// How many each cgroup's own processes hold.
struct LocalUsage {
    std::string cgroup;
    std::uint64_t pasids = 0, bindings = 0;
};

Forecast forecast(const ioasid_policy_image &image, const std::vector<std::string> &cgroups,
                  const std::vector<LocalUsage> &holdings, std::uint64_t capacity);

// Of the running system.
Result<Forecast> forecast_now(Context &context, const ioasid_policy_image &image);

// Before an image is installed: when it reserves, gives it the capacity, and an
// error when that does not suffice.
Result<void> prepare_image(Context &context, ioasid_policy_image &image);

// "/a: 24 reserved, max is 20 (rule x): /a/b 16, /a/c 8"
std::string to_text(const LimitViolation &violation);

} // namespace pasid
