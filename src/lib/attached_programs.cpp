// SPDX-License-Identifier: GPL-2.0-only
#include "lib/attached_programs.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>
#include <string_view>

#include <bpf/libbpf.h>

#include "lib/bpf_info.hpp"
#include "lib/fd.hpp"
#include "lib/link_holders.hpp"
#include "lib/module_btf.hpp"

namespace pasid {

namespace {

constexpr std::string_view prefix = "ioasid_"; // of the module's tracepoints

// In BTF a tracepoint's type name has the prefix btf_trace_.
std::string target_of(const ModuleBtf &module, std::uint32_t type)
{
    constexpr std::string_view tracepoint = "btf_trace_";
    const std::string name = module.name(type);
    return name.rfind(tracepoint, 0) == 0 ? name.substr(tracepoint.size()) : name;
}

struct Attachment {
    std::uint32_t program = 0;
    std::uint32_t link = 0;
    std::string tracepoint; // for programs without BTF
    bool hook = false;      // may be a policy hook
};

// The kernel shows a struct_ops map with program IDs in place of the function pointers.
void add_hooks(std::vector<Attachment> &all, std::uint32_t link, std::uint32_t map_id)
{
    const Fd map(bpf_map_get_fd_by_id(map_id));
    const auto info = bpf_info<bpf_map_info>(map.get());
    const __u32 zero = 0;
    std::vector<std::uint64_t> words(info ? info->value_size / sizeof(std::uint64_t) + 1 : 0);
    if (!info || bpf_map_lookup_elem(map.get(), &zero, words.data()) != 0)
        return;
    // Other words of the struct are candidates too; describe() rejects those that are not programs.
    for (const std::uint64_t word : std::set(words.begin(), words.end()))
        if (word != 0 && word <= UINT32_MAX)
            all.push_back({static_cast<std::uint32_t>(word), link, {}, true});
}

// Only valid for raw tracepoint links: other link types use the name's bytes for other data.
std::string tracepoint_of(const Fd &link)
{
    char name[64] = {};
    bpf_link_info wanted{};
    wanted.raw_tracepoint.tp_name = reinterpret_cast<std::uintptr_t>(name);
    wanted.raw_tracepoint.tp_name_len = sizeof(name);
    return bpf_info(link.get(), wanted) ? name : "";
}

// Reads info.struct_ops.map_id, the first word of the union. <linux/bpf.h> names it only since 6.3,
// and Debian 12 has an older one.
std::uint32_t struct_ops_map(const bpf_link_info &info)
{
    std::uint32_t map = 0;
    std::memcpy(&map, &info.raw_tracepoint, sizeof(map));
    return map;
}

std::vector<Attachment> links()
{
    std::vector<Attachment> all;
    for (__u32 id = 0; bpf_link_get_next_id(id, &id) == 0;) {
        const Fd link(bpf_link_get_fd_by_id(id));
        const auto info = bpf_info<bpf_link_info>(link.get());
        if (!info)
            continue;
        if (info->type == BPF_LINK_TYPE_STRUCT_OPS)
            add_hooks(all, id, struct_ops_map(*info));
        else if (info->type == BPF_LINK_TYPE_RAW_TRACEPOINT)
            all.push_back({info->prog_id, id, tracepoint_of(link)});
        else if (info->type == BPF_LINK_TYPE_TRACING)
            all.push_back({info->prog_id, id, {}});
    }
    return all;
}

// IDs of the maps that a program uses.
std::vector<__u32> maps_of(const Fd &program, std::uint32_t count)
{
    std::vector<__u32> maps(count);
    bpf_prog_info wanted{};
    wanted.nr_map_ids = count;
    wanted.map_ids = reinterpret_cast<std::uintptr_t>(maps.data());
    const auto info = bpf_info(program.get(), wanted);
    maps.resize(info ? std::min(info->nr_map_ids, count) : 0);
    return maps;
}

void find_losses(AttachedProgram &row, const Fd &program, std::uint32_t count)
{
    for (const __u32 id : maps_of(program, count)) {
        const Fd map(bpf_map_get_fd_by_id(id));
        const auto info = bpf_info<bpf_map_info>(map.get());
        const __u32 zero = 0;
        if (info && std::string_view(info->name) == "ioasid_losses" &&
            info->value_size == sizeof(row.lost) &&
            bpf_map_lookup_elem(map.get(), &zero, &row.lost) == 0)
            row.reader = id;
    }
}

// Returns nothing if the program is not attached to the module.
std::optional<AttachedProgram> describe(const Attachment &attachment, const ModuleBtf &module)
{
    const Fd program(bpf_prog_get_fd_by_id(attachment.program));
    const auto info = bpf_info<bpf_prog_info>(program.get());
    if (!info || (attachment.hook && info->type != BPF_PROG_TYPE_STRUCT_OPS))
        return std::nullopt;
    AttachedProgram row;
    if (info->attach_btf_obj_id == module.id)
        row.attached_to = target_of(module, info->attach_btf_id);
    else if (info->attach_btf_obj_id == 0 && attachment.tracepoint.rfind(prefix, 0) == 0)
        row.attached_to = attachment.tracepoint;
    else
        return std::nullopt;
    row.id = info->id;
    row.name = info->name;
    const char *type = libbpf_bpf_prog_type_str(static_cast<bpf_prog_type>(info->type));
    row.type = type ? type : "unknown";
    find_losses(row, program, info->nr_map_ids);
    return row;
}

void add_holder(AttachedProgram &row, const LinkHolder &holder)
{
    row.pinned = holder.path;
    row.pid = holder.pid;
    row.comm = holder.comm;
}

} // namespace

std::optional<bool> policy_attached()
{
    std::optional<ModuleBtf> module;
    for (__u32 id = 0; bpf_link_get_next_id(id, &id) == 0;) {
        const auto link = bpf_info<bpf_link_info>(Fd(bpf_link_get_fd_by_id(id)).get());
        if (!link || link->type != BPF_LINK_TYPE_STRUCT_OPS)
            continue;
        const auto map =
            bpf_info<bpf_map_info>(Fd(bpf_map_get_fd_by_id(struct_ops_map(*link))).get());
        if (!module)
            module = ModuleBtf::read();
        if (module && map &&
            module->name(map->btf_vmlinux_value_type_id) == "bpf_struct_ops_ioasid_policy_ops")
            return true;
    }
    return errno == ENOENT ? std::optional(false) : std::nullopt;
}

std::vector<AttachedProgram> attached_programs()
{
    std::vector<AttachedProgram> rows;
    const auto module = ModuleBtf::read();
    if (!module)
        return rows;
    const LinkHolders holders = find_link_holders();
    for (const Attachment &attachment : links())
        if (auto row = describe(attachment, *module)) {
            const auto holder = holders.links.find(attachment.link);
            if (holder != holders.links.end())
                add_holder(*row, holder->second);
            rows.push_back(std::move(*row));
        }
    for (const PerfAttachment &perf : holders.perf_events)
        if (auto row = describe({perf.program, 0, perf.tracepoint}, *module)) {
            add_holder(*row, perf.holder);
            rows.push_back(std::move(*row));
        }
    std::sort(rows.begin(), rows.end(),
              [](const auto &one, const auto &other) { return one.id < other.id; });
    return rows;
}

} // namespace pasid
