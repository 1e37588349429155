// SPDX-License-Identifier: GPL-2.0-only
// What the policy commands have in common.
#pragma once

#include <optional>
#include <string>

#include "cmd/command.hpp"
#include "policy/policy.hpp"

namespace pasid {

// "-" is standard input.
Result<std::string> read_policy_file(const std::string &path);

// Errors and warnings, to standard error.
void print_diagnostics(Context &context, const policy::Compiled &compiled);

// Compiles a file and prints warnings; errors are printed and end the command.
Result<policy::Compiled> compile_file(Context &context, const std::string &path);

// The policy in force; an error (exit 1) when there is none.
Result<InstalledPolicy> require_policy(Context &context);

} // namespace pasid
