// SPDX-License-Identifier: GPL-2.0-only
#include "sample.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>

namespace pasid::test {

namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t noon = 1'767'268'800 * second; // 2026-01-01 12:00:00 UTC
constexpr std::uint64_t uptime = 5'000 * second;

struct Holder {
    std::uint32_t pid;
    const char *comm;
    std::uint64_t cgroup_id;
    const char *cgroup;
};

constexpr std::array holders{
    Holder{1201, "qemu-system-x86", 104, "/demo/vm/a"},
    Holder{1202, "qemu-system-x86", 105, "/demo/vm/b"},
    Holder{1310, "nginx", 106, "/demo/web"},
    Holder{1311, "nginx", 106, "/demo/web"},
    Holder{2044, "dsa_perf", 108, "/user.slice/user-1000.slice/session-with-a-long-name.scope"},
    Holder{2100, "bücher", 106, "/demo/web"},
};

Ioasid ioasid_of(std::uint32_t number)
{
    const Holder &holder = holders[number % holders.size()];
    Ioasid row;
    row.pasid = number + 1;
    row.set = holder.pid;
    row.pid = holder.pid;
    row.uid = holder.pid < 2000 ? 0 : 1000;
    row.comm = holder.comm;
    row.cgroup_id = holder.cgroup_id;
    row.cgroup = holder.cgroup;
    row.age_ns = (number * 37 + 3) * second;
    row.unused_ns = (number * 11 + 1) * second;
    if (number % 3 != 2) {
        row.state = IOASID_STATE_ACTIVE;
        row.refs = 2;
        row.devices = {"sim0"};
    } else {
        row.refs = 1;
    }
    if (number == 9) {
        row.state = IOASID_STATE_FREE_PENDING;
        row.devices.push_back("0000:00:04.0");
    }
    if (number == 1)
        row.spid = 7;
    return row;
}

CgroupUsage usage_of(std::uint64_t id, const char *path, std::uint64_t current, std::uint64_t peak)
{
    CgroupUsage row;
    row.cgroup_id = id;
    row.cgroup = path;
    for (const char *at = path; *at && path[1]; at++)
        row.depth += *at == '/';
    row.current = current;
    row.peak = peak;
    return row;
}

void limit(CgroupUsage &row, const char *rule, std::uint64_t max, std::uint64_t denied)
{
    row.rule = rule;
    row.mode = IOASID_MODE_ENFORCE;
    row.max = max;
    row.denied_here = denied;
}

std::vector<CgroupUsage> cgroups()
{
    std::vector<CgroupUsage> rows{
        usage_of(1, "/", 18, 25),
        usage_of(102, "/demo", 15, 22),
        usage_of(103, "/demo/vm", 6, 6),
        usage_of(104, "/demo/vm/a", 3, 4),
        usage_of(105, "/demo/vm/b", 3, 3),
        usage_of(106, "/demo/web", 9, 12),
        usage_of(107, "/user.slice", 3, 3),
        usage_of(108, "/user.slice/user-1000.slice/session-with-a-long-name.scope", 3, 3),
        usage_of(109, "(removed:109)", 0, 2),
    };
    limit(rows[2], "vms", 6, 120);
    limit(rows[3], "vm-a", 4, 0);
    rows[3].denied_asked = 120;
    limit(rows[5], "web", 11, 0);
    limit(rows[7], "users", 64, 0);
    rows[7].mode = IOASID_MODE_AUDIT;
    rows[7].would_deny = 2;
    return rows;
}

std::vector<Space> spaces()
{
    const auto owned = [](const Holder &holder, std::uint32_t ioas, ioasid_kind kind) {
        Space row;
        row.number = holder.pid * 10 + ioas;
        row.ioas = ioas;
        row.kind = kind;
        row.set = row.pid = holder.pid;
        row.comm = holder.comm;
        row.cgroup = holder.cgroup;
        row.age_ns = ioas * 100 * second;
        return row;
    };
    std::vector<Space> rows{
        owned(holders[0], 1, IOASID_KIND_KERNEL), owned(holders[0], 2, IOASID_KIND_USER),
        owned(holders[1], 1, IOASID_KIND_KERNEL), owned(holders[4], 1, IOASID_KIND_PROCESS)};
    rows[0].mapped = 1ull << 32;
    rows[1].format = IOASID_FORMAT_X86_64;
    rows[1].parent = 1;
    rows[1].flags = IOASID_IOAS_FAULTS;
    rows[1].devices = {{"0000:00:04.0", 0}, {"sim0", 7}};
    rows[2].mapped = 5ull << 19;
    rows[2].devices = {{"sim0", 0}};
    for (Space &row : rows)
        row.attached = static_cast<std::uint32_t>(row.devices.size());
    return rows;
}

// The processes that hold the PASIDs of @snapshot.
std::vector<Process> processes_of(const Snapshot &snapshot)
{
    std::map<std::uint32_t, Process> by_pid;

    for (const Ioasid &ioasid : snapshot.ioasids) {
        Process &process = by_pid[ioasid.pid];
        if (process.pasids == 0) {
            process.pid = ioasid.pid;
            process.uid = ioasid.uid;
            process.comm = ioasid.comm;
            process.cgroup = ioasid.cgroup;
        }
        process.pasids++;
        process.active += ioasid.state == IOASID_STATE_ACTIVE;
        process.free_pending += ioasid.state == IOASID_STATE_FREE_PENDING;
        process.bindings += ioasid.devices.size();
        process.oldest_ns = std::max(process.oldest_ns, ioasid.age_ns);
    }

    std::vector<Process> rows;
    rows.reserve(by_pid.size());
    for (auto &[pid, process] : by_pid)
        rows.push_back(std::move(process));
    return rows;
}

} // namespace

Snapshot idle_snapshot()
{
    Snapshot snapshot;
    snapshot.parts = part_all;
    snapshot.mono_ns = uptime;
    snapshot.wall_ns = noon;
    snapshot.system = {.version = "0.1.0",
                       .live = 0,
                       .capacity = 1'048'575,
                       .sets = 0,
                       .pasid_bits = 20,
                       .events = 0,
                       .denials = 0,
                       .policy_attached = false,
                       .fail_closed = false};
    return snapshot;
}

Snapshot sample_snapshot(std::size_t ioasids)
{
    Snapshot snapshot = idle_snapshot();
    snapshot.policy_generation = 3;
    snapshot.policy = {.rules = {"vms", "vm-a", "web", "users"}, .audit = 1};
    snapshot.system.live = static_cast<std::uint32_t>(ioasids);
    snapshot.system.sets = holders.size();
    snapshot.system.events = 1'000;
    snapshot.system.denials = 120;
    snapshot.system.policy_attached = true;
    snapshot.cgroups = cgroups();
    snapshot.devices = {
        {.id = 1,
         .name = "sim0",
         .backend = "sim",
         .bindings = 12,
         .pasid_bits = 20,
         .dmas = 4'200,
         .faults = 3,
         .caps = IOASID_CAP_PASID | IOASID_CAP_PRI | IOASID_CAP_DMA},
        {.id = 2,
         .name = "0000:00:04.0",
         .backend = "vtd",
         .bindings = 1,
         .pasid_bits = 20,
         .dmas = 0,
         .faults = 0,
         .caps = IOASID_CAP_PASID},
    };
    snapshot.spaces = spaces();
    for (std::uint32_t number = 0; number < ioasids; number++) {
        snapshot.ioasids.push_back(ioasid_of(number));
        const Ioasid &row = snapshot.ioasids.back();
        for (const std::string &device : row.devices)
            snapshot.bindings.push_back({.pasid = row.pasid,
                                         .device_id = device == "sim0" ? 1u : 2u,
                                         .device = device,
                                         .pid = row.pid,
                                         .comm = row.comm,
                                         .cgroup = row.cgroup,
                                         .age_ns = row.unused_ns,
                                         .faults = 0,
                                         .ioas = std::nullopt,
                                         .kind = IOASID_KIND_PROCESS});
    }
    return snapshot;
}

Snapshot only_parts(Snapshot snapshot, unsigned parts)
{
    snapshot.parts = parts;
    if (parts & part_processes)
        snapshot.processes = processes_of(snapshot);
    if (!(parts & part_ioasids))
        snapshot.ioasids.clear();
    if (!(parts & part_bindings))
        snapshot.bindings.clear();
    if (!(parts & part_devices))
        snapshot.devices.clear();
    if (!(parts & part_cgroups))
        snapshot.cgroups.clear();
    if (!(parts & part_spaces))
        snapshot.spaces.clear();
    return snapshot;
}

Event event_of(ioasid_event_type type, std::uint64_t seq)
{
    Event event;
    event.type = type;
    event.seq = seq;
    event.ts_ns = uptime + seq * 1'000'000;
    event.wall_ns = noon + seq * 1'000'000;
    event.pasid = static_cast<std::uint32_t>(seq % 18 + 1);
    const Holder &holder = holders[(seq % 18) % holders.size()];
    event.pid = holder.pid;
    event.tid = holder.pid;
    event.comm = holder.comm;
    event.cgroup_id = holder.cgroup_id;
    event.cgroup = holder.cgroup;
    if (type == IOASID_EVENT_BIND || type == IOASID_EVENT_UNBIND || type == IOASID_EVENT_FAULT)
        event.device = "sim0";
    event.value = type == IOASID_EVENT_FAULT ? 0xdead000 : 1'500'000'000;
    return event;
}

Event sample_denial(std::uint64_t seq)
{
    Event event = event_of(IOASID_EVENT_DENY, seq);
    event.pasid.reset();
    event.pid = event.tid = 1201;
    event.comm = "qemu-system-x86";
    event.cgroup_id = 104;
    event.cgroup = "/demo/vm/a";
    event.op = IOASID_OP_ALLOC;
    event.rule = "vms";
    event.limit_cgroup = "/demo/vm";
    event.error = -EDQUOT;
    event.value = 0;
    return event;
}

} // namespace pasid::test
