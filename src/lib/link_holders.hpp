// SPDX-License-Identifier: GPL-2.0-only
// What keeps a BPF program attached: a pinned link, or a process with a descriptor.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pasid {

struct LinkHolder {
    std::string path; // of the pin; "": a process keeps it
    std::uint32_t pid = 0;
    std::string comm;
};

// Attached the old way, to a tracepoint by way of a perf event, without a link.
struct PerfAttachment {
    std::uint32_t program = 0;
    std::string tracepoint;
    LinkHolder holder;
};

struct LinkHolders {
    std::map<std::uint32_t, LinkHolder> links; // by number; a pin rather than a process
    std::vector<PerfAttachment> perf_events;
};

// Looks at every pin and every process.
LinkHolders find_link_holders();

} // namespace pasid
