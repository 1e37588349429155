// SPDX-License-Identifier: GPL-2.0-only
// Combines the kernel's counters, the policy and the cgroup hierarchy into state with names.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lib/cgroups.hpp"
#include "lib/policy_store.hpp"
#include "lib/snapshot_source.hpp"
#include "model/event.hpp"
#include "model/snapshot.hpp"

namespace pasid {

struct Clocks {
    std::uint64_t mono_ns = 0;
    std::uint64_t wall_ns = 0;
};
Clocks clocks_now();

// Nanoseconds; 0 if @then is later, which a row can be that was read after @now.
std::uint64_t since(std::uint64_t then, std::uint64_t now);

using DeviceNames = std::unordered_map<std::uint32_t, std::string>;
DeviceNames device_names(const RawSnapshot &raw);

// The parts of a snapshot that come from the module.
Snapshot join_rows(const RawSnapshot &raw, unsigned parts, Cgroups &cgroups, Clocks now);

// Groups sets by holder PID. A process has several sets if it executed a new program while IOASIDs
// of the previous one were still in use; the names are those of the latest.
std::vector<Process> join_processes(const std::vector<ioasid_set_row> &sets, Cgroups &cgroups,
                                    std::uint64_t mono_ns);

PolicySummary summary_of(const ioasid_policy_image &image);

// Without a policy nothing is counted per cgroup: computes the number of PASIDs that processes of
// each cgroup and its descendants hold now.
std::vector<CgroupUsage> join_cgroups(const std::vector<ioasid_set_row> &sets, Cgroups &cgroups);

// Cgroups with a node, and cgroups with a rule that have no node yet.
std::vector<CgroupUsage> join_cgroups(const std::vector<ioasid_node> &nodes,
                                      const std::optional<InstalledPolicy> &policy,
                                      Cgroups &cgroups);

} // namespace pasid
