// SPDX-License-Identifier: GPL-2.0-only
// What the kernel knew at one moment, with names instead of numbers. Pure
// state: filled by src/lib, read by src/render, src/cmd and tui.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ioasid/types.h>

namespace pasid {

struct Ioasid {
    std::uint32_t pasid = 0;
    std::optional<std::uint32_t> spid;
    ioasid_state state = IOASID_STATE_IDLE;
    std::uint64_t set = 0;
    std::uint32_t refs = 0;
    std::uint32_t pid = 0; // 0: the kernel's own
    std::uint32_t uid = 0;
    std::string comm;
    std::uint64_t cgroup_id = 0; // 0: the kernel's own
    std::string cgroup;          // path from the cgroup root; "(removed:ID)" when it is gone
    std::vector<std::string> devices;
    std::uint64_t age_ns = 0;
    std::uint64_t unused_ns = 0; // since the last bind, unbind or DMA set-up
};

struct Binding {
    std::uint32_t pasid = 0;
    std::uint32_t device_id = 0;
    std::string device;
    std::uint32_t pid = 0;
    std::string comm;
    std::string cgroup;
    std::uint64_t age_ns = 0;
    std::uint64_t faults = 0;
};

struct Device {
    std::uint32_t id = 0;
    std::string name;
    std::string backend;
    std::uint32_t bindings = 0;
    std::uint32_t pasid_bits = 0;
    std::uint64_t dmas = 0;
    std::uint64_t faults = 0;
};

struct System {
    std::string version; // of the module
    std::uint32_t live = 0;
    std::uint32_t capacity = 0;
    std::uint32_t sets = 0;
    std::uint32_t pasid_bits = 0;
    std::uint64_t events = 0;
    std::uint64_t denials = 0;
    bool policy_attached = false;
    bool fail_closed = false;
};

// One cgroup that has PASIDs, had them, or is under a rule.
struct CgroupUsage {
    std::uint64_t cgroup_id = 0;
    std::string cgroup;               // "/" for the root
    std::uint32_t depth = 0;          // components below the root
    std::optional<std::string> rule;  // the rule for exactly this cgroup
    std::optional<ioasid_mode> mode;  // of that rule
    std::optional<std::uint64_t> max; // none: no limit here
    std::uint64_t current = 0;        // charged here and below
    std::uint64_t peak = 0;
    std::uint64_t denied_here = 0;  // this level's limit refused
    std::uint64_t denied_asked = 0; // a process of this cgroup was refused
    std::uint64_t would_deny = 0;   // audit: this level would have refused
};

// A process that holds PASIDs.
struct Process {
    std::uint32_t pid = 0;
    std::uint32_t uid = 0;
    std::string comm;
    std::string cgroup;
    std::uint64_t pasids = 0;
    std::uint64_t active = 0;
    std::uint64_t free_pending = 0;
    std::uint64_t bindings = 0;
    std::uint64_t oldest_ns = 0; // age of its oldest PASID
};

// What a reader wants to pay for: a system of a million IOASIDs need not be
// walked to show its cgroups.
enum SnapshotPart : unsigned {
    part_system = 1u << 0,
    part_ioasids = 1u << 1, // with their devices
    part_bindings = 1u << 2,
    part_devices = 1u << 3,
    part_cgroups = 1u << 4,
    part_processes = 1u << 5,
    part_all = (1u << 6) - 1,
};

// The policy in force, in a line.
struct PolicySummary {
    std::vector<std::string> rules; // names, in the order of the file
    std::uint32_t audit = 0;        // how many of them only say what they would refuse
};

struct Snapshot {
    unsigned parts = 0;                  // SnapshotPart bits that are filled
    std::uint64_t mono_ns = 0;           // CLOCK_MONOTONIC, when it was taken
    std::uint64_t wall_ns = 0;           // CLOCK_REALTIME
    std::uint64_t policy_generation = 0; // 0: no policy
    PolicySummary policy;
    System system;
    std::vector<Ioasid> ioasids;      // by PASID
    bool ioasids_cut = false;         // there are more than the window had room for
    std::vector<Binding> bindings;    // by PASID, then device
    std::vector<Device> devices;      // by id
    std::vector<CgroupUsage> cgroups; // by path, a parent before its children
    std::vector<Process> processes;   // by PID
};

} // namespace pasid
