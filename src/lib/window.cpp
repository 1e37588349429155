// SPDX-License-Identifier: GPL-2.0-only
#include "lib/window.hpp"

#include <algorithm>
#include <compare>
#include <cstring>
#include <map>
#include <optional>

namespace pasid {

namespace {

// Rows per walk: large enough to make walks cheap, small enough to read few unneeded rows.
constexpr std::uint32_t large_page = 16384;

// Caches paths, for windows that are sorted or filtered by cgroup.
class PathCache {
  public:
    explicit PathCache(Cgroups &cgroups) : cgroups_(cgroups) {}

    const std::string &of(std::uint64_t id)
    {
        const auto known = paths_.find(id);
        return known != paths_.end() ? known->second
                                     : paths_.emplace(id, cgroups_.path(id)).first->second;
    }

    bool within(std::uint64_t id, const std::string &ancestor)
    {
        const auto known = within_.find(id);
        if (known != within_.end())
            return known->second;
        return within_.emplace(id, is_within(of(id), ancestor)).first->second;
    }

  private:
    Cgroups &cgroups_;
    std::unordered_map<std::uint64_t, std::string> paths_;
    std::unordered_map<std::uint64_t, bool> within_;
};

using Compare = std::strong_ordering (*)(const ioasid_row &, const ioasid_row &, PathCache &);

template <auto member>
std::strong_ordering by(const ioasid_row &a, const ioasid_row &b, PathCache &)
{
    return a.*member <=> b.*member;
}

// An age is the larger, the earlier the time is.
template <auto time>
std::strong_ordering by_age(const ioasid_row &a, const ioasid_row &b, PathCache &)
{
    return b.*time <=> a.*time;
}

// The fields of Ioasid, by JSON key, that can be compared before a row has its names and bindings,
// which only the rows of the window get.
constexpr std::pair<std::string_view, Compare> sort_keys[] = {
    {"age_ns", by_age<&ioasid_row::alloc_ns>},
    {"unused_ns", by_age<&ioasid_row::used_ns>},
    {"state", by<&ioasid_row::state>},
    {"refs", by<&ioasid_row::refs>},
    {"pid", by<&ioasid_row::pid>},
    {"uid", by<&ioasid_row::uid>},
    {"set", by<&ioasid_row::set_id>},
    // Rows without SPID sort first: IOASID_NO_ID + 1 is 0.
    {"spid", [](const auto &a, const auto &b, PathCache &) { return a.spid + 1 <=> b.spid + 1; }},
    {"comm", [](const auto &a, const auto &b,
                PathCache &) { return std::strncmp(a.comm, b.comm, sizeof(a.comm)) <=> 0; }},
    {"cgroup", [](const auto &a, const auto &b,
                  PathCache &paths) { return paths.of(a.cgroup_id) <=> paths.of(b.cgroup_id); }},
};

Compare compare_by(std::string_view key)
{
    for (const auto &[known, compare] : sort_keys)
        if (known == key)
            return compare;
    return nullptr;
}

// Keeps the first rows of a sort order. When twice as many rows as wanted are collected, it
// discards the surplus, so the cost per row is constant.
class TopRows {
  public:
    TopRows(const IoasidWindow &window, Compare compare, PathCache &paths)
        : limit_(window.limit), reverse_(window.reverse), compare_(compare), paths_(paths)
    {
    }

    // Returns false if no later row of the walk can be among the first rows.
    bool add(const ioasid_row &row)
    {
        rows_.push_back(row);
        if (limit_ == 0)
            return true;
        if (!compare_ && !reverse_)
            return rows_.size() <= limit_;
        if (rows_.size() >= 2 * limit_ + 1)
            shrink();
        return true;
    }

    std::vector<ioasid_row> take(bool &cut)
    {
        if (limit_ && rows_.size() > limit_)
            shrink();
        cut = cut_;
        std::sort(rows_.begin(), rows_.end(),
                  [](const ioasid_row &a, const ioasid_row &b) { return a.pasid < b.pasid; });
        return std::move(rows_);
    }

  private:
    bool before(const ioasid_row &a, const ioasid_row &b) const
    {
        const auto order = compare_ ? compare_(a, b, paths_) : a.pasid <=> b.pasid;
        if (order != 0)
            return reverse_ ? order > 0 : order < 0;
        return a.pasid < b.pasid;
    }

    void shrink()
    {
        const auto end = rows_.begin() + static_cast<std::ptrdiff_t>(limit_);
        std::nth_element(rows_.begin(), end, rows_.end(),
                         [this](const auto &a, const auto &b) { return before(a, b); });
        rows_.erase(end, rows_.end());
        cut_ = true;
    }

    std::size_t limit_;
    bool reverse_;
    Compare compare_;
    PathCache &paths_;
    bool cut_ = false;
    std::vector<ioasid_row> rows_;
};

class PasidSet {
  public:
    void add(std::uint32_t number)
    {
        if (number >= bits_.size())
            bits_.resize(std::max<std::size_t>(number + 1, bits_.size() * 2));
        bits_[number] = true;
    }
    bool has(std::uint32_t number) const { return number < bits_.size() && bits_[number]; }

  private:
    std::vector<bool> bits_;
};

Result<PasidSet> bound_to(SnapshotSource &source, std::uint32_t device)
{
    PasidSet pasids;
    const std::uint64_t start = std::uint64_t{device} << 32;
    const auto walked =
        source.walk_bindings(start, large_page, [&](std::span<const ioasid_binding_row> page) {
            for (const ioasid_binding_row &row : page) {
                if (row.device != device)
                    return false;
                pasids.add(row.pasid);
            }
            return true;
        });
    return walked ? Result(std::move(pasids)) : walked.error();
}

// Page size just large enough for the window, so that a small window is cheap on a large system.
std::uint32_t page_for(std::size_t rows)
{
    return rows == 0 ? large_page
                     : static_cast<std::uint32_t>(std::min<std::size_t>(rows + 1, large_page));
}

// Reads the bindings of @wanted, which are sorted by PASID and, if few, close together: for each
// device, walks from the first to the last wanted PASID.
Result<std::vector<ioasid_binding_row>> bindings_of(SnapshotSource &source,
                                                    const std::vector<ioasid_row> &wanted)
{
    std::vector<ioasid_binding_row> found;
    if (wanted.empty())
        return found;
    const std::uint32_t first = wanted.front().pasid;
    const std::uint32_t last = wanted.back().pasid;
    PasidSet pasids;
    for (const ioasid_row &row : wanted)
        pasids.add(row.pasid);

    for (std::uint64_t next = first; next != 0;) {
        std::uint64_t go_on = 0;
        const auto take = [&](std::span<const ioasid_binding_row> page) {
            for (const ioasid_binding_row &row : page) {
                const std::uint64_t device = std::uint64_t{row.device} << 32;
                if (row.pasid > last) {
                    go_on = (device + (std::uint64_t{1} << 32)) | first;
                    return false;
                }
                if (row.pasid < first) {
                    go_on = device | first;
                    return false;
                }
                if (pasids.has(row.pasid))
                    found.push_back(row);
            }
            return true;
        };
        if (auto walked = source.walk_bindings(next, page_for(wanted.size()), take); !walked)
            return walked.error();
        next = go_on;
    }
    return found;
}

} // namespace

Result<WindowRows> read_window(SnapshotSource &source, const IoasidWindow &window,
                               std::uint32_t device, Cgroups &cgroups)
{
    std::optional<PasidSet> bound;
    if (!window.device.empty()) {
        auto pasids = bound_to(source, device);
        if (!pasids)
            return std::move(pasids).error();
        bound = std::move(*pasids);
    }
    PathCache paths(cgroups);
    TopRows top_rows(window, compare_by(window.sort), paths);
    const auto take = [&](std::span<const ioasid_row> page) {
        for (const ioasid_row &row : page) {
            if (window.pasid && row.pasid != *window.pasid)
                return false;
            if ((window.pid && row.pid != *window.pid) || (bound && !bound->has(row.pasid)) ||
                (!window.cgroup.empty() && !paths.within(row.cgroup_id, window.cgroup)))
                continue;
            if (!top_rows.add(row))
                return false;
        }
        return true;
    };
    const bool in_order = !compare_by(window.sort) && !window.reverse && !window.pid && !bound &&
                          window.cgroup.empty();
    const std::uint32_t page = window.pasid ? 1 : in_order ? page_for(window.limit) : large_page;
    if (auto walked = source.walk_ioasids(window.pasid.value_or(window.start), page, take); !walked)
        return walked.error();

    WindowRows rows;
    rows.ioasids = top_rows.take(rows.cut);
    auto bindings = bindings_of(source, rows.ioasids);
    if (!bindings)
        return std::move(bindings).error();
    rows.bindings = std::move(*bindings);
    return rows;
}

} // namespace pasid
