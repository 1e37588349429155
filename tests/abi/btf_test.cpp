// SPDX-License-Identifier: GPL-2.0-only
// The built module and BPF programs have the same layouts as user space.
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <bpf/btf.h>
#include <gtest/gtest.h>

#include <ioasid/node.h>
#include <ioasid/policy.h>
#include <ioasid/types.h>

namespace {

struct Member {
    const char *name;
    std::size_t offset;
};

struct Layout {
    const char *name;
    std::size_t size;
    std::vector<Member> members;
};

#define AT(type, member)                                                                           \
    Member { #member, offsetof(type, member) }

const Layout layouts[]{
    {"ioasid_event",
     sizeof(ioasid_event),
     {AT(ioasid_event, ts_ns), AT(ioasid_event, seq), AT(ioasid_event, cgroup_id),
      AT(ioasid_event, other_cgroup_id), AT(ioasid_event, value), AT(ioasid_event, length),
      AT(ioasid_event, type), AT(ioasid_event, ioas), AT(ioasid_event, reason),
      AT(ioasid_event, op), AT(ioasid_event, mode), AT(ioasid_event, pasid), AT(ioasid_event, spid),
      AT(ioasid_event, pid), AT(ioasid_event, tid), AT(ioasid_event, error),
      AT(ioasid_event, device), AT(ioasid_event, rule), AT(ioasid_event, comm)}},
    {"ioasid_row",
     sizeof(ioasid_row),
     {AT(ioasid_row, set_id), AT(ioasid_row, cgroup_id), AT(ioasid_row, alloc_ns),
      AT(ioasid_row, used_ns), AT(ioasid_row, pasid), AT(ioasid_row, spid), AT(ioasid_row, refs),
      AT(ioasid_row, state), AT(ioasid_row, pid), AT(ioasid_row, uid), AT(ioasid_row, comm)}},
    {"ioasid_set_row",
     sizeof(ioasid_set_row),
     {AT(ioasid_set_row, set_id), AT(ioasid_set_row, cgroup_id), AT(ioasid_set_row, oldest_ns),
      AT(ioasid_set_row, pasids), AT(ioasid_set_row, active), AT(ioasid_set_row, free_pending),
      AT(ioasid_set_row, bindings), AT(ioasid_set_row, pid), AT(ioasid_set_row, uid),
      AT(ioasid_set_row, comm)}},
    {"ioasid_binding_row",
     sizeof(ioasid_binding_row),
     {AT(ioasid_binding_row, bind_ns), AT(ioasid_binding_row, faults),
      AT(ioasid_binding_row, set_id), AT(ioasid_binding_row, pasid), AT(ioasid_binding_row, device),
      AT(ioasid_binding_row, ioas)}},
    {"ioasid_space_row",
     sizeof(ioasid_space_row),
     {AT(ioasid_space_row, number), AT(ioasid_space_row, set_id), AT(ioasid_space_row, cgroup_id),
      AT(ioasid_space_row, alloc_ns), AT(ioasid_space_row, mapped), AT(ioasid_space_row, ioas),
      AT(ioasid_space_row, parent), AT(ioasid_space_row, kind), AT(ioasid_space_row, format),
      AT(ioasid_space_row, attachments), AT(ioasid_space_row, pid), AT(ioasid_space_row, uid),
      AT(ioasid_space_row, flags), AT(ioasid_space_row, comm)}},
    {"ioasid_device_row",
     sizeof(ioasid_device_row),
     {AT(ioasid_device_row, faults), AT(ioasid_device_row, dmas), AT(ioasid_device_row, id),
      AT(ioasid_device_row, bindings), AT(ioasid_device_row, pasid_bits),
      AT(ioasid_device_row, caps), AT(ioasid_device_row, name), AT(ioasid_device_row, backend)}},
    {"ioasid_system_row",
     sizeof(ioasid_system_row),
     {AT(ioasid_system_row, events), AT(ioasid_system_row, denials),
      AT(ioasid_system_row, capacity), AT(ioasid_system_row, live), AT(ioasid_system_row, sets),
      AT(ioasid_system_row, pasid_bits), AT(ioasid_system_row, policy_attached),
      AT(ioasid_system_row, fail_closed), AT(ioasid_system_row, version)}},
    {"ioasid_node",
     sizeof(ioasid_node),
     {AT(ioasid_node, cgroup_id),   AT(ioasid_node, pasids),      AT(ioasid_node, bindings),
      AT(ioasid_node, own),         AT(ioasid_node, denied_here), AT(ioasid_node, denied_asked),
      AT(ioasid_node, would_deny),  AT(ioasid_node, next_ns),     AT(ioasid_node, warn_at),
      AT(ioasid_node, parent),      AT(ioasid_node, depth),       AT(ioasid_node, generation),
      AT(ioasid_node, match_state), AT(ioasid_node, rule),        AT(ioasid_node, rule_id),
      AT(ioasid_node, mode),        AT(ioasid_node, governor),    AT(ioasid_node, governor_node),
      AT(ioasid_node, checks),      AT(ioasid_node, reserve)}},
    {"ioasid_counter",
     sizeof(ioasid_counter),
     {AT(ioasid_counter, current), AT(ioasid_counter, granted), AT(ioasid_counter, peak),
      AT(ioasid_counter, max)}},
    {"ioasid_rule",
     sizeof(ioasid_rule),
     {AT(ioasid_rule, max), AT(ioasid_rule, max_bindings), AT(ioasid_rule, rate),
      AT(ioasid_rule, range_min), AT(ioasid_rule, owner), AT(ioasid_rule, mode),
      AT(ioasid_rule, id), AT(ioasid_rule, name)}},
    {"ioasid_policy_image",
     sizeof(ioasid_policy_image),
     {AT(ioasid_policy_image, abi), AT(ioasid_policy_image, first_rule_id),
      AT(ioasid_policy_image, rules), AT(ioasid_policy_image, states),
      AT(ioasid_policy_image, edges), AT(ioasid_policy_image, strings)}},
    {"ioasid_policy_control",
     sizeof(ioasid_policy_control),
     {AT(ioasid_policy_control, now), AT(ioasid_policy_control, next)}},
    {"ioasid_policy_version",
     sizeof(ioasid_policy_version),
     {AT(ioasid_policy_version, active), AT(ioasid_policy_version, generation),
      AT(ioasid_policy_version, applied_ns)}},
    {"ioasid_snapshot_args",
     sizeof(ioasid_snapshot_args),
     {AT(ioasid_snapshot_args, start), AT(ioasid_snapshot_args, next),
      AT(ioasid_snapshot_args, limit), AT(ioasid_snapshot_args, count)}},
};

struct BtfDeleter {
    void operator()(btf *types) const { btf__free(types); }
};
using BtfPtr = std::unique_ptr<btf, BtfDeleter>;

// Built files with BTF. The BTF of the module is separate: it needs that of its kernel.
std::vector<std::string> bpf_objects()
{
    std::vector<std::string> paths;
    for (const char *name : {"policy", "events", "snapshot"}) {
        const std::string path = std::string(BPF_OUT) + "/" + name + ".bpf.o";
        if (std::filesystem::exists(path))
            paths.push_back(path);
    }
    return paths;
}

BtfPtr module_btf(std::string &path, BtfPtr &base)
{
    std::error_code failed;
    for (const auto &entry : std::filesystem::directory_iterator(BUILD_DIR "/kmod", failed)) {
        const std::string flavour = entry.path().filename().string();
        const std::string kernel = BUILD_DIR "/kernel/" + flavour + "/headers/vmlinux";
        path = entry.path().string() + "/ioasid_shim.ko";
        if (!std::filesystem::exists(path) || !std::filesystem::exists(kernel))
            continue;
        base.reset(btf__parse(kernel.c_str(), nullptr));
        if (base)
            return BtfPtr(btf__parse_split(path.c_str(), base.get()));
    }
    return nullptr;
}

std::size_t offset_in(const btf *types, const btf_type *structure, const char *member)
{
    const btf_member *members = btf_members(structure);
    for (int i = 0; i < btf_vlen(structure); i++)
        if (std::strcmp(btf__name_by_offset(types, members[i].name_off), member) == 0)
            return btf_member_bit_offset(structure, static_cast<__u32>(i)) / 8;
    return static_cast<std::size_t>(-1);
}

// Returns the number of structs found in @types.
int compare(const btf *types, const std::string &path)
{
    int found = 0;
    for (const Layout &layout : layouts) {
        const int id = btf__find_by_name_kind(types, layout.name, BTF_KIND_STRUCT);
        if (id < 0)
            continue; // not used there
        found++;
        const btf_type *structure = btf__type_by_id(types, static_cast<__u32>(id));
        EXPECT_EQ(structure->size, layout.size) << path << ": struct " << layout.name;
        for (const Member &member : layout.members)
            EXPECT_EQ(offset_in(types, structure, member.name), member.offset)
                << path << ": " << layout.name << "." << member.name;
    }
    return found;
}

} // namespace

TEST(Btf, BpfProgramsSeeTheSameLayouts)
{
    const auto paths = bpf_objects();
    if (paths.empty())
        GTEST_SKIP() << "no BPF objects in " << BPF_OUT;
    int found = 0; // programs that only pass pointers have no layouts
    for (const std::string &path : paths) {
        const BtfPtr types(btf__parse(path.c_str(), nullptr));
        ASSERT_TRUE(types) << path;
        found += compare(types.get(), path);
    }
    EXPECT_GE(found, 6);
}

TEST(Btf, TheModuleSeesTheSameLayouts)
{
    std::string path;
    BtfPtr base;
    const BtfPtr types = module_btf(path, base);
    if (!types)
        GTEST_SKIP() << "no module with BTF in " << BUILD_DIR;
    EXPECT_GE(compare(types.get(), path), 3) << path;
}
