// SPDX-License-Identifier: GPL-2.0
// The rows that a window shows, out of a walk over all of them, in little memory.
#pragma once

#include <unordered_map>
#include <vector>

#include "lib/cgroups.hpp"
#include "lib/snapshot_source.hpp"
#include "model/feed.hpp"
#include "model/snapshot.hpp"

namespace pasid {

struct WindowRows {
    std::vector<ioasid_row> ioasids;          // by PASID
    std::vector<ioasid_binding_row> bindings; // of those
    bool cut = false;                         // there are more than the window's limit
};

// @device: id of the window's device, 0 when it names none.
Result<WindowRows> read_window(SnapshotSource &source, const IoasidWindow &window,
                               std::uint32_t device, Cgroups &cgroups);

// What the processes hold, counted row by row.
struct ProcessCount {
    ioasid_row sample{}; // whose names are the process's
    std::uint64_t pasids = 0;
    std::uint64_t active = 0;
    std::uint64_t free_pending = 0;
    std::uint64_t bindings = 0;
    std::uint64_t oldest_ns = 0; // CLOCK_MONOTONIC when its oldest PASID was allocated
};

Result<std::vector<ProcessCount>> count_processes(SnapshotSource &source); // by PID

} // namespace pasid
