// SPDX-License-Identifier: GPL-2.0-only
// BPF programs that are currently attached to the module, by any process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pasid {

struct AttachedProgram {
    std::uint32_t id = 0;
    std::string name;
    std::string type;        // the kernel's name: tracing, struct_ops, ...
    std::string attached_to; // a tracepoint, a function or the struct_ops of the policy hooks
    // What keeps the program attached: a file in bpffs, or a process.
    std::string pinned;
    std::uint32_t pid = 0; // 0: not found
    std::string comm;
    // Identifies the pasidctl event reader that the program belongs to: equal for all programs of
    // one reader, 0 for other programs. @lost counts events that did not fit into its buffer.
    std::uint32_t reader = 0;
    std::uint64_t lost = 0;
};

// Sorted by ID; empty without permission to list programs.
std::vector<AttachedProgram> attached_programs();

// Whether any policy is attached; nothing without permission to list links.
std::optional<bool> policy_attached();

} // namespace pasid
