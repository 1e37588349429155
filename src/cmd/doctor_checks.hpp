// SPDX-License-Identifier: GPL-2.0-only
// The requirements that doctor checks.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cmd/command.hpp"

namespace pasid {

enum class Verdict { good, warning, bad };

struct Finding {
    Verdict verdict = Verdict::good;
    std::string seen;   // the observed state
    std::string remedy; // what to change; empty if good
};

// Input of the checks.
struct CheckInput {
    Host &host;
    Result<System> system; // as read by the module's BPF programs, or the error
    Result<void> programs; // whether the kernel accepts the policy programs
    Result<std::optional<InstalledPolicy>> policy; // the pinned policy, or the error of reading it
    Result<std::optional<ioasid_engine>> engine;
    Result<std::optional<HistoryState>> history;
};

struct DoctorCheck {
    std::string_view name;
    Finding (*run)(const CheckInput &input);
};

// Sorted so that each check builds on the earlier ones.
std::span<const DoctorCheck> doctor_checks();

} // namespace pasid
