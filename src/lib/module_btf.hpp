// SPDX-License-Identifier: GPL-2.0-only
// The module's BTF, as libbpf reads it.
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
    // Returns nothing if there is none or it cannot be read.
    static std::optional<ModuleBtf> read();

    std::string name(std::uint32_t type) const; // "": unnamed

    std::uint32_t id = 0; // the kernel's BTF ID
    BtfPtr kernel, module;
};

// Whether @types, a split BTF, defines a struct @name itself rather than in its base.
bool has_own_struct(const btf *types, const std::string &name);

} // namespace pasid
