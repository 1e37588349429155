// SPDX-License-Identifier: GPL-2.0
// The state of the module, as rows.
#pragma once

#include <memory>
#include <vector>

#include <ioasid/types.h>

#include "lib/result.hpp"

namespace pasid {

struct RawSnapshot {
    ioasid_system_row system{};
    std::vector<ioasid_row> ioasids;          // by PASID
    std::vector<ioasid_binding_row> bindings; // by device, then PASID
    std::vector<ioasid_device_row> devices;   // by id
};

class SnapshotSource {
  public:
    virtual ~SnapshotSource() = default;

    // Only the parts that are asked for (SnapshotPart in model/snapshot.hpp).
    // Each part is walked on its own: they may be microseconds apart.
    virtual Result<RawSnapshot> read(unsigned parts) = 0;
};

// The real one: BPF programs that walk the module's state.
Result<std::unique_ptr<SnapshotSource>> kernel_snapshot_source();

} // namespace pasid
