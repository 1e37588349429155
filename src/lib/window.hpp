// SPDX-License-Identifier: GPL-2.0-only
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

} // namespace pasid
