// SPDX-License-Identifier: GPL-2.0-only
// The module's type information (BTF), as libbpf reads it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <bpf/btf.h>

namespace pasid {

struct BtfDeleter {
    void operator()(btf *types) const { btf__free(types); }
};
using BtfPtr = std::unique_ptr<btf, BtfDeleter>;

struct ModuleBtf {
    // Nothing: there is none, or it may not be looked at.
    static std::optional<ModuleBtf> read();

    std::string name(std::uint32_t type) const; // "": it has none

    std::uint32_t id = 0; // the kernel's number for it
    BtfPtr kernel, module;
};

// Does @types, which goes on where its base ends, have a struct @name itself?
bool has_own_struct(const btf *types, const std::string &name);

} // namespace pasid
