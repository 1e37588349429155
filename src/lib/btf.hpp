// SPDX-License-Identifier: GPL-2.0
// As much of the kernel's type information (BTF) as it takes to call one of a
// module's functions, and to say what a program is attached to. libbpf reads and checks all of it,
// which takes a second on a slow machine; this only counts and looks for names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/fd.hpp"
#include "lib/result.hpp"

namespace pasid {

using Bytes = std::span<const std::byte>;

// A module's types and strings are numbered on from those of the kernel.
struct BtfExtent {
    std::uint32_t types = 1; // with "void", which has number 0
    std::uint32_t strings = 0;
};

// Of BTF whose strings may be left out. Nothing: it is damaged.
std::optional<BtfExtent> btf_extent(Bytes btf);

// The number of function @name in @btf, which goes on where @base ends.
std::optional<std::uint32_t> btf_function(Bytes btf, BtfExtent base, std::string_view name);

// The name of type @number there; "": it has none, or is not there.
std::string btf_name(Bytes btf, BtfExtent base, std::uint32_t number);

// Whether @btf, which goes on where @base ends, has a struct @name itself.
bool btf_has_own_struct(Bytes btf, Bytes base, std::string_view name);

// Of the running kernel, without its modules.
Result<BtfExtent> kernel_btf_extent();
Result<std::vector<std::byte>> kernel_btf();

// A module's, held; @what failed when it has none.
Result<Fd> module_btf(const char *module, const char *what);
Result<std::vector<std::byte>> btf_content(const Fd &btf, const char *what);

} // namespace pasid
