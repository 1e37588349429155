// SPDX-License-Identifier: GPL-2.0-only
// What keeps a BPF program attached: a pinned link, or a process with a file descriptor.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pasid {

struct LinkHolder {
    std::string path; // of the pin; "": held by a process
    std::uint32_t pid = 0;
    std::string comm;
};

// Attached to a tracepoint through a perf event, without a link.
struct PerfAttachment {
    std::uint32_t program = 0;
    std::string tracepoint;
    LinkHolder holder;
};

struct LinkHolders {
    std::map<std::uint32_t, LinkHolder> links; // by link ID; a pin takes precedence over a process
    std::vector<PerfAttachment> perf_events;
};

// Searches all pins and all processes.
LinkHolders find_link_holders();

} // namespace pasid
