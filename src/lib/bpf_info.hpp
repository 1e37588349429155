// SPDX-License-Identifier: GPL-2.0-only
// What the kernel says about a BPF object: struct bpf_map_info, bpf_prog_info, ...
#pragma once

#include <optional>

#include <bpf/bpf.h>

namespace pasid {

// @info: with the buffers that the kernel shall fill. Nothing if @fd is not valid.
template <class Info> std::optional<Info> bpf_info(int fd, Info info = {})
{
    __u32 size = sizeof(info);
    if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &size) != 0)
        return std::nullopt;
    return info;
}

} // namespace pasid
