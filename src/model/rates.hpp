// SPDX-License-Identifier: GPL-2.0-only
// Changes between two snapshots, per second.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "model/snapshot.hpp"

namespace pasid {

struct CgroupRates {
    double denied_here = 0;
    double denied_asked = 0;
    double would_deny = 0;
    double current = 0; // growth; negative when it falls
};

struct DeviceRates {
    double dmas = 0;
    double faults = 0;
};

struct Rates {
    double seconds = 0; // between the snapshots; 0: nothing to compare with
    double events = 0;
    double denials = 0;
    double live = 0;                                        // growth
    std::unordered_map<std::uint64_t, CgroupRates> cgroups; // by cgroup ID
    std::unordered_map<std::uint32_t, DeviceRates> devices; // by device ID
};

// A counter that decreased (module reloaded, policy replaced) has rate 0.
Rates rates_between(const Snapshot &before, const Snapshot &after);

} // namespace pasid
