// SPDX-License-Identifier: GPL-2.0-only
// The kernel's state at one time, with names instead of IDs. Filled by src/lib; read by src/render,
// src/cmd and tui.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ioasid/types.h>
#include <uapi/ioasid.h>

namespace pasid {

struct Ioasid {
    std::uint32_t pasid = 0;
    std::optional<std::uint32_t> spid;
    ioasid_state state = IOASID_STATE_IDLE;
    std::uint64_t set = 0;
    std::uint32_t refs = 0;
    std::uint32_t pid = 0; // 0: held by the kernel
    std::uint32_t uid = 0;
    std::string comm;
    std::uint64_t cgroup_id = 0; // 0: held by the kernel
    std::string cgroup;          // path from the cgroup root, or "(removed:ID)"
    std::vector<std::string> devices;
    std::uint64_t age_ns = 0;
    std::uint64_t unused_ns = 0; // since the last bind, unbind or DMA setup
};

// Whether a PASID counts as unused: it is idle, and has been for at least @min_ns.
constexpr bool is_unused(std::uint32_t state, std::uint64_t unused_ns, std::uint64_t min_ns)
{
    return state == IOASID_STATE_IDLE && unused_ns >= min_ns;
}

struct Binding {
    std::uint32_t pasid = 0; // 0: requests without PASID
    std::uint32_t device_id = 0;
    std::string device;
    std::uint32_t pid = 0;
    std::string comm;
    std::string cgroup;
    std::uint64_t age_ns = 0;
    std::uint64_t faults = 0;
    std::optional<std::uint32_t> ioas; // of the I/O address space; none: it was made by BIND
    std::optional<ioasid_kind> kind;   // of that space; none: the space is gone
};

// One device attached to an I/O address space.
struct Attachment {
    std::string device;
    std::uint32_t pasid = 0; // 0: requests without PASID
};

// One I/O address space.
struct Space {
    std::uint64_t number = 0; // never reused while the module is loaded
    std::uint32_t ioas = 0;   // unique within its set
    ioasid_kind kind = IOASID_KIND_KERNEL;
    ioasid_format format = IOASID_FORMAT_NONE;
    std::optional<std::uint32_t> parent; // a space of the same set
    std::uint64_t mapped = 0;            // bytes
    std::uint32_t attached = 0;          // number of attachments
    std::vector<Attachment> devices;     // by device, then PASID
    std::uint32_t flags = 0;             // IOASID_IOAS_*
    std::uint64_t set = 0;
    std::uint32_t pid = 0;
    std::uint32_t uid = 0;
    std::string comm;
    std::string cgroup;
    std::uint64_t age_ns = 0;
};

struct Device {
    std::uint32_t id = 0;
    std::string name;
    std::string backend;
    std::uint32_t bindings = 0;
    std::uint32_t pasid_bits = 0; // 0: its requests have no PASID
    std::uint64_t dmas = 0;
    std::uint64_t faults = 0;
    std::uint32_t caps = 0; // IOASID_CAP_*
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

// A cgroup that has a rule, or whose PASIDs are or were counted.
struct CgroupUsage {
    std::uint64_t cgroup_id = 0;
    std::string cgroup;               // "/" for the root
    std::uint32_t depth = 0;          // number of components below the root
    std::optional<std::string> rule;  // the rule for exactly this cgroup
    std::optional<ioasid_mode> mode;  // of that rule
    std::optional<std::uint64_t> max; // none: no limit at this level
    std::uint64_t current = 0;        // charged to this cgroup and its descendants
    std::uint64_t peak = 0;
    std::uint64_t denied_here = 0;  // denied by this level's limit
    std::uint64_t denied_asked = 0; // denied to a process of this cgroup
    std::uint64_t would_deny = 0;   // audit mode: this level would have denied
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

// Parts of a snapshot, so that readers pay only for what they need: cgroups do not require a walk
// over a million IOASIDs.
enum SnapshotPart : unsigned {
    part_system = 1u << 0,
    part_ioasids = 1u << 1, // including their devices
    part_bindings = 1u << 2,
    part_devices = 1u << 3,
    part_cgroups = 1u << 4,
    part_processes = 1u << 5,
    part_spaces = 1u << 6, // including their devices
    part_all = (1u << 7) - 1,
};

// Summary of the active policy.
struct PolicySummary {
    std::vector<std::string> rules; // in the order of the file
    std::uint32_t audit = 0;        // number of rules in audit mode
};

struct Snapshot {
    unsigned parts = 0;                  // SnapshotPart bits that are filled
    std::uint64_t mono_ns = 0;           // CLOCK_MONOTONIC, when it was taken
    std::uint64_t wall_ns = 0;           // CLOCK_REALTIME
    std::uint64_t policy_generation = 0; // 0: no policy
    PolicySummary policy;
    System system;
    std::vector<Ioasid> ioasids;      // by PASID
    bool ioasids_cut = false;         // the window's limit left out rows
    std::vector<Binding> bindings;    // by PASID, then device
    std::vector<Device> devices;      // by ID
    std::vector<CgroupUsage> cgroups; // by path, parents before their children
    std::vector<Process> processes;   // by PID
    std::vector<Space> spaces;        // by number
};

} // namespace pasid
