// SPDX-License-Identifier: GPL-2.0-only
// The BPF programs that are attached to the module now, whoever attached them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pasid {

struct AttachedProgram {
    std::uint32_t id = 0;
    std::string name;
    std::string type;        // as the kernel calls it: tracing, struct_ops, ...
    std::string attached_to; // a tracepoint, a function, or the struct of policy hooks
    // What keeps it there: a file in bpffs, or else a process.
    std::string pinned;
    std::uint32_t pid = 0; // 0: nobody that could be found
    std::string comm;
    // Whether it is one of those that read events for pasidctl: the same number for
    // the same reader, 0: none; and how many events did not fit into its buffer.
    std::uint32_t reader = 0;
    std::uint64_t lost = 0;
};

// By id; none where they may not be looked at.
std::vector<AttachedProgram> attached_programs();

// Is a policy attached, whoever did it? Nothing where links may not be looked at.
std::optional<bool> policy_attached();

} // namespace pasid
