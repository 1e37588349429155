// SPDX-License-Identifier: GPL-2.0-only
// The state of the module as raw rows.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include <ioasid/types.h>

#include "lib/result.hpp"

namespace pasid {

struct RawSnapshot {
    ioasid_system_row system{};
    std::vector<ioasid_row> ioasids;          // by PASID
    std::vector<ioasid_set_row> sets;         // by id
    std::vector<ioasid_binding_row> bindings; // by device, then PASID
    std::vector<ioasid_device_row> devices;   // by id
    std::vector<ioasid_space_row> spaces;     // by number
    // Bindings of these spaces, in the order of bindings. LiveFeed reads them.
    std::vector<ioasid_binding_row> attachments;
    bool ioasids_cut = false; // the window of LiveFeed left out rows
};

class SnapshotSource {
  public:
    virtual ~SnapshotSource() = default;

    // Reads only the requested parts (SnapshotPart in model/snapshot.hpp). Each part is walked
    // separately, so they can be microseconds apart.
    virtual Result<RawSnapshot> read(unsigned parts) = 0;

    // Passes rows in the above order, starting at @start, in pages of at most @page rows, until
    // @take returns false. A page is valid only during the call of @take. The position of a binding
    // is (device ID << 32 | PASID).
    using TakeIoasids = std::function<bool(std::span<const ioasid_row>)>;
    using TakeBindings = std::function<bool(std::span<const ioasid_binding_row>)>;
    virtual Result<void> walk_ioasids(std::uint32_t start, std::uint32_t page,
                                      const TakeIoasids &take) = 0;
    virtual Result<void> walk_bindings(std::uint64_t start, std::uint32_t page,
                                       const TakeBindings &take) = 0;
};

// The real implementation: BPF programs that walk the module's state.
Result<std::unique_ptr<SnapshotSource>> kernel_snapshot_source();

} // namespace pasid
