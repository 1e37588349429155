// SPDX-License-Identifier: GPL-2.0-only
#include "lib/module_btf.hpp"

#include <cstring>

#include "lib/bpf_info.hpp"
#include "lib/fd.hpp"
#include "lib/libbpf_log.hpp"
#include "lib/module.hpp"

namespace pasid {

namespace {

std::string name_of(const btf *types, std::uint32_t number)
{
    const btf_type *type = btf__type_by_id(types, number);
    const char *name = type ? btf__name_by_offset(types, type->name_off) : nullptr;
    return name ? name : "";
}

bool is_of_module(const Fd &types)
{
    char name[64] = {};
    bpf_btf_info info{};
    info.name = reinterpret_cast<std::uintptr_t>(name);
    info.name_len = sizeof(name);
    const auto found = bpf_info(types.get(), info);
    return found && found->kernel_btf && std::strcmp(name, module_name) == 0;
}

} // namespace

std::optional<ModuleBtf> ModuleBtf::read()
{
    const BpfLog quiet;
    for (__u32 id = 0; bpf_btf_get_next_id(id, &id) == 0;) {
        if (!is_of_module(Fd(bpf_btf_get_fd_by_id(id))))
            continue;
        ModuleBtf types;
        types.id = id;
        types.kernel.reset(btf__load_vmlinux_btf());
        types.module.reset(btf__load_from_kernel_by_id_split(id, types.kernel.get()));
        return types.kernel && types.module ? std::optional(std::move(types)) : std::nullopt;
    }
    return std::nullopt;
}

std::string ModuleBtf::name(std::uint32_t type) const { return name_of(module.get(), type); }

bool has_own_struct(const btf *types, const std::string &name)
{
    const btf *base = btf__base_btf(types);
    for (std::uint32_t i = base ? btf__type_cnt(base) : 1; i < btf__type_cnt(types); i++)
        if (btf_is_struct(btf__type_by_id(types, i)) && name_of(types, i) == name)
            return true;
    return false;
}

} // namespace pasid
