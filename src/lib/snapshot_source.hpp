// SPDX-License-Identifier: GPL-2.0-only
// The state of the module, as rows.
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
};

class SnapshotSource {
  public:
    virtual ~SnapshotSource() = default;

    // Only the parts that are asked for (SnapshotPart in model/snapshot.hpp).
    // Each part is walked on its own: they may be microseconds apart.
    virtual Result<RawSnapshot> read(unsigned parts) = 0;

    // Rows in the order above from @start on, in pages of at most @page of them, until @take has
    // had enough and says false. A page is gone when @take returns. A binding's position is
    // (device id << 32 | PASID).
    using TakeIoasids = std::function<bool(std::span<const ioasid_row>)>;
    using TakeBindings = std::function<bool(std::span<const ioasid_binding_row>)>;
    // What stands here reads everything at once.
    virtual Result<void> walk_ioasids(std::uint32_t start, std::uint32_t page,
                                      const TakeIoasids &take);
    virtual Result<void> walk_bindings(std::uint64_t start, std::uint32_t page,
                                       const TakeBindings &take);
};

// The real one: BPF programs that walk the module's state.
Result<std::unique_ptr<SnapshotSource>> kernel_snapshot_source();

} // namespace pasid
