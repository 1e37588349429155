// SPDX-License-Identifier: GPL-2.0-only
// What keeps a BPF program attached: a pinned link, or a process with a descriptor.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pasid {

struct Keeper {
    std::string path; // of the pin; "": a process keeps it
    std::uint32_t pid = 0;
    std::string comm;
};

// Attached the old way, to a tracepoint by way of a perf event, without a link.
struct PerfAttachment {
    std::uint32_t program = 0;
    std::string tracepoint;
    Keeper keeper;
};

struct Keepers {
    std::map<std::uint32_t, Keeper> links; // by number; a pin rather than a process
    std::vector<PerfAttachment> perf_events;
};

// Looks at every pin and every process.
Keepers find_keepers();

} // namespace pasid
