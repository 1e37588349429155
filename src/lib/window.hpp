// SPDX-License-Identifier: GPL-2.0-only
// Selects the rows of a window during a walk over all rows, with little memory.
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
    std::vector<ioasid_binding_row> bindings; // of those IOASIDs
    bool cut = false;                         // the window's limit left out rows
};

// @device: ID of the window's device; 0 if it names none.
Result<WindowRows> read_window(SnapshotSource &source, const IoasidWindow &window,
                               std::uint32_t device, Cgroups &cgroups);

} // namespace pasid
