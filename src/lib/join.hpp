// SPDX-License-Identifier: GPL-2.0-only
// Rows with numbers -> state with names: what the kernel counted, what the
// policy says and which cgroups there are, put together.
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

using DeviceNames = std::unordered_map<std::uint32_t, std::string>;
DeviceNames device_names(const RawSnapshot &raw);

// The parts of a snapshot that come from the module.
Snapshot join_rows(const RawSnapshot &raw, unsigned parts, Cgroups &cgroups, Clocks now);

// Sets -> who holds something, by PID. A process has several sets when an earlier program of it
// left IOASIDs that are still in use; its names are those of the last.
std::vector<Process> join_processes(const std::vector<ioasid_set_row> &sets, Cgroups &cgroups,
                                    std::uint64_t mono_ns);

PolicySummary summary_of(const ioasid_policy_image &image);

// Without a policy nobody counts by cgroup: what the processes there hold now, with all below.
std::vector<CgroupUsage> join_cgroups(const std::vector<ioasid_set_row> &sets, Cgroups &cgroups);

// Cgroups with a node, and those under a rule that have none yet.
std::vector<CgroupUsage> join_cgroups(const std::vector<ioasid_node> &nodes,
                                      const std::optional<InstalledPolicy> &policy,
                                      Cgroups &cgroups);

} // namespace pasid
