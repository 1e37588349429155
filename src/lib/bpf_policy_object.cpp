// SPDX-License-Identifier: GPL-2.0-only
#include "lib/bpf_policy_object.hpp"

#include <array>

// Embeds the object file in read-only memory; the build defines its name.
asm(".pushsection .rodata\n"
    ".balign 8\n"
    "pasid_policy_bpf_start: .incbin \"" POLICY_BPF_FILE "\"\n"
    "pasid_policy_bpf_end: .byte 0\n"
    ".popsection\n");

extern "C" {
extern const char pasid_policy_bpf_start[] __attribute__((visibility("hidden")));
extern const char pasid_policy_bpf_end[] __attribute__((visibility("hidden")));
}

namespace pasid {

Result<PolicyObject> PolicyObject::load(const char *what, const BpfLog &log)
{
    LIBBPF_OPTS(bpf_object_open_opts, options);
    options.object_name = "pasidctl_policy";
    const auto size = static_cast<std::size_t>(pasid_policy_bpf_end - pasid_policy_bpf_start);

    PolicyObject policy;
    policy.object_.reset(bpf_object__open_mem(pasid_policy_bpf_start, size, &options));
    if (!policy.object_)
        return bpf_error(what, errno, log);
    const std::array maps{
        std::pair{"image", &policy.image}, std::pair{".bss.control", &policy.control},
        std::pair{".bss.nodes", &policy.nodes}, std::pair{"engine", &policy.engine},
        std::pair{"ioasid_policy", &policy.ops}};
    for (const auto &[name, map] : maps) {
        *map = bpf_object__find_map_by_name(policy.object_.get(), name);
        if (!*map)
            return Error{what, std::string("the policy programs have no map ") + name,
                         "build pasidctl and its BPF programs from the same tree", 0,
                         Exit::refused};
    }
    if (const int result = bpf_object__load(policy.object_.get()); result != 0)
        return bpf_error(what, -result, log);
    return policy;
}

} // namespace pasid
