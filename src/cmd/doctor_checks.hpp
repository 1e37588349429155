// SPDX-License-Identifier: GPL-2.0-only
// What the machine needs, requirement by requirement.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cmd/command.hpp"

namespace pasid {

enum class Verdict { good, warning, bad };

struct Finding {
    Verdict verdict = Verdict::good;
    std::string seen;   // what is so
    std::string remedy; // what to change; empty when good
};

// What the checks look at.
struct CheckInput {
    Host &host;
    Result<System> system; // what the module's programs say, or why they do not
    Result<void> programs; // whether the kernel takes the policy's, or why not
    Result<std::optional<InstalledPolicy>> policy; // what is pinned, or why it cannot be read
    Result<std::optional<ioasid_engine>> engine;
    Result<std::optional<HistoryState>> history;
};

struct DoctorCheck {
    std::string_view name;
    Finding (*run)(const CheckInput &input);
};

// In the order in which one builds on the other.
std::span<const DoctorCheck> doctor_checks();

} // namespace pasid
