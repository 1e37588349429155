// SPDX-License-Identifier: GPL-2.0-only
#include "lib/join.hpp"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <map>

#include <fmt/format.h>

#include "policy/policy.hpp"

namespace pasid {

namespace {

std::uint64_t clock_ns(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec);
}

template <std::size_t size> std::string text_of(const char (&field)[size])
{
    return std::string(field, strnlen(field, size));
}

std::optional<std::uint32_t> id_or_none(std::uint32_t id)
{
    return id == IOASID_NO_ID ? std::nullopt : std::optional(id);
}

std::string device_name(const DeviceNames &names, std::uint32_t id)
{
    if (id == 0)
        return {};
    const auto found = names.find(id);
    return found == names.end() ? fmt::format("(removed:{})", id) : found->second;
}

Ioasid ioasid_of(const ioasid_row &row, Cgroups &cgroups, Clocks now)
{
    Ioasid ioasid;
    ioasid.pasid = row.pasid;
    ioasid.spid = id_or_none(row.spid);
    ioasid.state = static_cast<ioasid_state>(row.state);
    ioasid.set = row.set_id;
    ioasid.refs = row.refs;
    ioasid.pid = row.pid;
    ioasid.uid = row.uid;
    ioasid.comm = text_of(row.comm);
    ioasid.cgroup_id = row.cgroup_id;
    ioasid.cgroup = cgroups.path(row.cgroup_id);
    ioasid.age_ns = since(row.alloc_ns, now.mono_ns);
    ioasid.unused_ns = since(row.used_ns, now.mono_ns);
    return ioasid;
}

Device device_of(const ioasid_device_row &row)
{
    Device device;
    device.id = row.id;
    device.name = text_of(row.name);
    device.backend = text_of(row.backend);
    device.bindings = row.bindings;
    device.pasid_bits = row.pasid_bits;
    device.dmas = row.dmas;
    device.faults = row.faults;
    device.caps = row.caps;
    return device;
}

Space space_of(const ioasid_space_row &row, Cgroups &cgroups, std::uint64_t mono_ns)
{
    Space space;
    space.number = row.number;
    space.ioas = row.ioas;
    space.kind = static_cast<ioasid_kind>(row.kind);
    space.format = static_cast<ioasid_format>(row.format);
    if (row.parent)
        space.parent = row.parent;
    space.mapped = row.mapped;
    space.attached = row.attachments;
    space.flags = row.flags;
    space.set = row.set_id;
    space.pid = row.pid;
    space.uid = row.uid;
    space.comm = text_of(row.comm);
    space.cgroup = cgroups.path(row.cgroup_id);
    space.age_ns = since(row.alloc_ns, mono_ns);
    return space;
}

// The space of a binding; null for one made by BIND, and if the space is gone. Of spaces with the
// same ID, all but the last one have been freed.
class SpaceIndex {
  public:
    explicit SpaceIndex(std::vector<Space> &spaces)
    {
        for (Space &space : spaces)
            by_id_.insert_or_assign(std::pair(space.set, space.ioas), &space);
    }

    Space *of(const ioasid_binding_row &binding) const
    {
        const auto found = by_id_.find({binding.set_id, binding.ioas});
        return found == by_id_.end() ? nullptr : found->second;
    }

  private:
    std::map<std::pair<std::uint64_t, std::uint32_t>, Space *> by_id_;
};

System system_of(const ioasid_system_row &row)
{
    System system;
    system.version = text_of(row.version);
    system.live = row.live;
    system.capacity = row.capacity;
    system.sets = row.sets;
    system.pasid_bits = row.pasid_bits;
    system.events = row.events;
    system.denials = row.denials;
    system.policy_attached = row.policy_attached != 0;
    system.fail_closed = row.fail_closed != 0;
    return system;
}

// Both lists are sorted by PASID.
template <class Function>
void for_each_binding(std::vector<Ioasid> &ioasids, const std::vector<ioasid_binding_row> &bindings,
                      Function function)
{
    auto holder = ioasids.begin();
    for (const ioasid_binding_row &binding : bindings) {
        while (holder != ioasids.end() && holder->pasid < binding.pasid)
            ++holder;
        const bool found = holder != ioasids.end() && holder->pasid == binding.pasid;
        function(binding, found ? &*holder : nullptr);
    }
}

std::uint32_t depth_of(const std::string &path)
{
    return path == "/" ? 0u : static_cast<std::uint32_t>(std::count(path.begin(), path.end(), '/'));
}

// Applies the rule with index @rule - 1 to the cgroup. The defaults apply only if neither the
// cgroup nor an ancestor has a rule.
void apply_rule(CgroupUsage &usage, const ioasid_policy_image &image, std::uint32_t rule,
                std::uint32_t governor)
{
    if (governor == 0 && image.default_max != IOASID_UNLIMITED)
        usage.max = image.default_max;
    if (rule == 0 || rule > image.nr_rules || rule > IOASID_MAX_RULES)
        return;
    const ioasid_rule &found = image.rules[rule - 1];
    usage.rule = text_of(found.name);
    usage.mode = static_cast<ioasid_mode>(found.mode);
    if (found.max != IOASID_UNLIMITED)
        usage.max = found.max;
}

CgroupUsage usage_of(const ioasid_node &node, const ioasid_policy_image *image, Cgroups &cgroups,
                     bool whole)
{
    CgroupUsage usage;
    usage.cgroup_id = node.cgroup_id;
    usage.cgroup = cgroups.path(node.cgroup_id);
    usage.depth = node.depth;
    usage.current = node.pasids.current;
    usage.peak = node.pasids.peak;
    usage.denied_here = node.denied_here;
    usage.denied_asked = node.denied_asked;
    usage.would_deny = node.would_deny;
    if (!image)
        return usage;
    // A node's cached rule is only updated on its next use. Matching the path gives the current
    // rule, except for cgroups that are removed or not visible.
    if (whole && !usage.cgroup.empty() && usage.cgroup.front() == '/') {
        const auto match = policy::match(*image, usage.cgroup);
        apply_rule(usage, *image, match.rule, match.governor);
    } else if (node.generation == image->generation) {
        apply_rule(usage, *image, node.rule, node.governor);
    }
    return usage;
}

bool usage_less(const CgroupUsage &a, const CgroupUsage &b)
{
    return a.cgroup == b.cgroup ? a.cgroup_id < b.cgroup_id : path_less(a.cgroup, b.cgroup);
}

} // namespace

Clocks clocks_now() { return {clock_ns(CLOCK_MONOTONIC), clock_ns(CLOCK_REALTIME)}; }

std::uint64_t since(std::uint64_t then, std::uint64_t now) { return now > then ? now - then : 0; }

DeviceNames device_names(const RawSnapshot &raw)
{
    DeviceNames names;
    for (const ioasid_device_row &row : raw.devices)
        names.emplace(row.id, text_of(row.name));
    return names;
}

Snapshot join_rows(const RawSnapshot &raw, unsigned parts, Cgroups &cgroups, Clocks now)
{
    Snapshot snapshot;
    snapshot.parts = parts & ~unsigned{part_cgroups};
    snapshot.mono_ns = now.mono_ns;
    snapshot.wall_ns = now.wall_ns;
    snapshot.system = system_of(raw.system);
    for (const ioasid_device_row &row : raw.devices)
        snapshot.devices.push_back(device_of(row));
    snapshot.processes = join_processes(raw.sets, cgroups, now.mono_ns);

    snapshot.ioasids.reserve(raw.ioasids.size());
    for (const ioasid_row &row : raw.ioasids)
        snapshot.ioasids.push_back(ioasid_of(row, cgroups, now));

    const DeviceNames names = device_names(raw);
    for (const ioasid_space_row &row : raw.spaces)
        snapshot.spaces.push_back(space_of(row, cgroups, now.mono_ns));
    const SpaceIndex spaces(snapshot.spaces);
    for (const ioasid_binding_row &row : raw.attachments)
        if (Space *space = spaces.of(row))
            space->devices.push_back({device_name(names, row.device), row.pasid});

    std::vector<ioasid_binding_row> bindings = raw.bindings;
    std::sort(bindings.begin(), bindings.end(), [](const auto &a, const auto &b) {
        return std::pair(a.pasid, a.device) < std::pair(b.pasid, b.device);
    });
    for_each_binding(snapshot.ioasids, bindings,
                     [&](const ioasid_binding_row &row, Ioasid *holder) {
        Binding binding;
        binding.pasid = row.pasid;
        binding.device_id = row.device;
        binding.device = device_name(names, row.device);
        binding.age_ns = since(row.bind_ns, now.mono_ns);
        binding.faults = row.faults;
        const Space *space = spaces.of(row);
        if (row.ioas)
            binding.ioas = row.ioas;
        else
            binding.kind = IOASID_KIND_PROCESS;
        if (space) {
            binding.kind = space->kind;
            binding.pid = space->pid;
            binding.comm = space->comm;
            binding.cgroup = space->cgroup;
        }
        if (holder) {
            holder->devices.push_back(binding.device);
            binding.pid = holder->pid;
            binding.comm = holder->comm;
            binding.cgroup = holder->cgroup;
        }
        if (parts & part_bindings)
            snapshot.bindings.push_back(std::move(binding));
    });
    return snapshot;
}

std::vector<Process> join_processes(const std::vector<ioasid_set_row> &sets, Cgroups &cgroups,
                                    std::uint64_t mono_ns)
{
    std::vector<const ioasid_set_row *> holders;
    for (const ioasid_set_row &set : sets)
        if (set.pasids)
            holders.push_back(&set);
    std::sort(holders.begin(), holders.end(), [](const auto *a, const auto *b) {
        return std::pair(a->pid, a->set_id) < std::pair(b->pid, b->set_id);
    });

    std::vector<Process> processes;
    for (const ioasid_set_row *set : holders) {
        if (processes.empty() || processes.back().pid != set->pid)
            processes.emplace_back().pid = set->pid;
        Process &process = processes.back();
        process.uid = set->uid;
        process.comm = text_of(set->comm);
        process.cgroup = cgroups.path(set->cgroup_id);
        process.pasids += set->pasids;
        process.active += set->active;
        process.free_pending += set->free_pending;
        process.bindings += set->bindings;
        process.oldest_ns = std::max(process.oldest_ns, since(set->oldest_ns, mono_ns));
    }
    return processes;
}

PolicySummary summary_of(const ioasid_policy_image &image)
{
    PolicySummary summary;
    for (std::uint32_t i = 0; i < image.nr_rules && i < IOASID_MAX_RULES; i++) {
        summary.rules.push_back(text_of(image.rules[i].name));
        summary.audit += image.rules[i].mode == IOASID_MODE_AUDIT;
    }
    return summary;
}

std::vector<CgroupUsage> join_cgroups(const std::vector<ioasid_set_row> &sets, Cgroups &cgroups)
{
    std::map<std::string, CgroupUsage> by_path;
    for (const ioasid_set_row &set : sets) {
        const std::string own = set.pasids ? cgroups.path(set.cgroup_id) : "";
        if (own.empty())
            continue;
        for (std::string path = own;; path = parent_cgroup(path)) {
            CgroupUsage &usage = by_path[path];
            if (path == own)
                usage.cgroup_id = set.cgroup_id;
            usage.cgroup = path;
            usage.current += set.pasids;
            usage.peak = usage.current;
            if (path == "/" || path.front() != '/')
                break;
        }
    }
    std::vector<CgroupUsage> rows;
    for (auto &[path, usage] : by_path) {
        if (path.front() == '/') {
            usage.depth = depth_of(path);
            if (const auto id = cgroups.id(path))
                usage.cgroup_id = *id;
        }
        rows.push_back(std::move(usage));
    }
    std::sort(rows.begin(), rows.end(), usage_less);
    return rows;
}

std::vector<CgroupUsage> join_cgroups(const std::vector<ioasid_node> &nodes,
                                      const std::optional<InstalledPolicy> &policy,
                                      Cgroups &cgroups)
{
    const ioasid_policy_image *image = policy ? policy->image.get() : nullptr;
    std::map<std::uint64_t, CgroupUsage> by_id;
    const bool whole = image && cgroups.whole();
    for (const ioasid_node &node : nodes)
        by_id.emplace(node.cgroup_id, usage_of(node, image, cgroups, whole));

    const auto directories = whole ? cgroups.all() : Result(std::vector<CgroupDirectory>{});
    if (directories)
        for (const CgroupDirectory &directory : *directories) {
            const auto match = policy::match(*image, directory.path);
            if (match.rule == 0 || by_id.count(directory.id))
                continue;
            CgroupUsage usage;
            usage.cgroup_id = directory.id;
            usage.cgroup = directory.path;
            usage.depth = depth_of(directory.path);
            apply_rule(usage, *image, match.rule, match.governor);
            by_id.emplace(directory.id, std::move(usage));
        }

    std::vector<CgroupUsage> rows;
    rows.reserve(by_id.size());
    for (auto &[id, usage] : by_id)
        rows.push_back(std::move(usage));
    std::sort(rows.begin(), rows.end(), usage_less);
    return rows;
}

} // namespace pasid
