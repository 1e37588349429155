// SPDX-License-Identifier: GPL-2.0-only
// Helpers of the policy commands.
#pragma once

#include <optional>
#include <string>

#include "cmd/command.hpp"
#include "policy/policy.hpp"

namespace pasid {

// "-" is standard input.
Result<std::string> read_policy_file(const std::string &path);

// Prints errors and warnings to standard error.
void print_diagnostics(Context &context, const policy::Compiled &compiled);

// Compiles a file and prints its diagnostics; returns an error if it has errors.
Result<policy::Compiled> compile_file(Context &context, const std::string &path);

// The active policy; an error (exit status 1) if there is none.
Result<InstalledPolicy> need_policy(Context &context);

} // namespace pasid
