// SPDX-License-Identifier: GPL-2.0-only
#include "lib/snapshot_source.hpp"

#include <algorithm>

#include "model/snapshot.hpp"

namespace pasid {

namespace {

template <class Row, class Take, class Position>
void pass_pages(const std::vector<Row> &rows, std::uint64_t start, std::uint32_t page,
                const Take &take, const Position &place)
{
    auto at =
        std::find_if(rows.begin(), rows.end(), [&](const Row &row) { return place(row) >= start; });
    while (at != rows.end()) {
        const auto count = std::min<std::ptrdiff_t>(page, rows.end() - at);
        if (!take(std::span<const Row>(&*at, static_cast<std::size_t>(count))))
            return;
        at += count;
    }
}

} // namespace

Result<void> SnapshotSource::walk_ioasids(std::uint32_t start, std::uint32_t page,
                                          const TakeIoasids &take)
{
    const auto raw = read(part_ioasids);
    if (!raw)
        return raw.error();
    pass_pages(raw->ioasids, start, page, take,
               [](const ioasid_row &row) { return std::uint64_t{row.pasid}; });
    return {};
}

Result<void> SnapshotSource::walk_bindings(std::uint64_t start, std::uint32_t page,
                                           const TakeBindings &take)
{
    const auto raw = read(part_bindings);
    if (!raw)
        return raw.error();
    pass_pages(raw->bindings, start, page, take, [](const ioasid_binding_row &row) {
        return std::uint64_t{row.device} << 32 | row.pasid;
    });
    return {};
}

} // namespace pasid
