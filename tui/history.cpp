// SPDX-License-Identifier: GPL-2.0-only
#include "tui/history.hpp"

#include <algorithm>
#include <unordered_set>

namespace pasid::tui {

namespace {

// Larger windows belong to the list, which shows no history.
constexpr std::size_t max_pasids = 64;
constexpr std::uint64_t min_tick_ns = 50'000'000;

bool same(const CgroupSample &a, const CgroupSample &b)
{
    return a.current == b.current && a.denied_here == b.denied_here &&
           a.denied_asked == b.denied_asked;
}

bool same(const PasidSample &a, const PasidSample &b)
{
    return a.refs == b.refs && a.bindings == b.bindings && a.faults == b.faults &&
           a.birth == b.birth;
}

template <class Sample>
void put(std::vector<Sample> &samples, const Sample &now, std::size_t max_count)
{
    if (!samples.empty() && samples.back().tick == now.tick) {
        samples.back() = now;
        return;
    }
    if (!samples.empty() && same(samples.back(), now))
        return;
    samples.push_back(now);
    if (samples.size() > max_count)
        samples.erase(samples.begin(),
                      samples.begin() + static_cast<std::ptrdiff_t>(max_count / 2 + 1));
}

} // namespace

void History::clear()
{
    ticks_.clear();
    cgroups_.clear();
    pasids_.clear();
}

void History::add(const Snapshot &snapshot)
{
    if (!ticks_.empty() && snapshot.mono_ns < ticks_.back().mono_ns)
        clear();
    if (ticks_.empty())
        first_ = 0;
    // A key may trigger a refresh right after the last one; both count as the same tick.
    if (ticks_.empty() || snapshot.mono_ns >= ticks_.back().mono_ns + min_tick_ns)
        ticks_.push_back({.mono_ns = snapshot.mono_ns});
    ticks_.back().cgroups |= (snapshot.parts & part_cgroups) != 0;
    ticks_.back().pasids |= (snapshot.parts & part_ioasids) != 0;
    if (ticks_.size() > max_ticks) {
        ticks_.pop_front();
        first_++;
    }
    const auto tick = first_ + static_cast<std::uint32_t>(ticks_.size()) - 1;
    if (snapshot.parts & part_cgroups)
        add_cgroups(snapshot, tick);
    if (snapshot.parts & part_ioasids)
        add_pasids(snapshot, tick);
}

void History::add_cgroups(const Snapshot &snapshot, std::uint32_t tick)
{
    const std::size_t max_count = std::clamp<std::size_t>(
        max_samples / std::max<std::size_t>(snapshot.cgroups.size(), 1), 16, max_ticks);
    for (const CgroupUsage &row : snapshot.cgroups)
        put(cgroups_[row.cgroup_id],
            CgroupSample{tick, static_cast<std::uint32_t>(row.current), row.denied_here,
                         row.denied_asked},
            max_count);
    if (cgroups_.size() <= 2 * snapshot.cgroups.size() + 16)
        return;
    std::unordered_set<std::uint64_t> there;
    for (const CgroupUsage &row : snapshot.cgroups)
        there.insert(row.cgroup_id);
    std::erase_if(cgroups_, [&](const auto &each) { return !there.contains(each.first); });
}

void History::add_pasids(const Snapshot &snapshot, std::uint32_t tick)
{
    if (snapshot.ioasids.size() > max_pasids)
        return;
    for (const Ioasid &row : snapshot.ioasids) {
        PasidSample now{tick, row.refs, static_cast<std::uint32_t>(row.devices.size()), 0, row.set};
        for (const Binding &binding : snapshot.bindings)
            if (binding.pasid == row.pasid)
                now.faults += binding.faults;
        put(pasids_[row.pasid], now, max_ticks);
    }
    // A PASID that is gone has the value 0 from here on.
    for (auto &[number, samples] : pasids_)
        if (std::none_of(snapshot.ioasids.begin(), snapshot.ioasids.end(),
                         [n = number](const Ioasid &row) { return row.pasid == n; }))
            put(samples, PasidSample{.tick = tick}, max_ticks);
    if (pasids_.size() > 4 * max_pasids)
        pasids_.clear();
}

template <class Sample>
History::Series History::values(const std::vector<Sample> *samples, std::size_t count,
                                bool Tick::*known,
                                const std::function<double(const Sample &)> &value) const
{
    count = std::min(count, ticks_.size());
    Series series;
    if (!samples || samples->empty())
        return Series(count);
    const auto end = first_ + static_cast<std::uint32_t>(ticks_.size());
    auto next = samples->begin();
    for (std::uint32_t tick = end - static_cast<std::uint32_t>(count); tick != end; tick++) {
        while (next != samples->end() && next->tick <= tick)
            ++next;
        const bool there = next != samples->begin() && tick_at(tick).*known;
        series.push_back(there ? std::optional(value(*std::prev(next))) : std::nullopt);
    }
    return series;
}

// A counter that decreased was reset.
History::Series History::rates(const Series &counters) const
{
    Series series(counters.size());
    const std::size_t skip = ticks_.size() - counters.size();
    std::optional<std::size_t> before;
    for (std::size_t i = 0; i < counters.size(); i++) {
        if (!counters[i])
            continue;
        if (before) {
            const double seconds =
                static_cast<double>(ticks_[skip + i].mono_ns - ticks_[skip + *before].mono_ns) /
                1e9;
            if (seconds > 0)
                series[i] = std::max(0.0, *counters[i] - *counters[*before]) / seconds;
        }
        before = i;
    }
    return series;
}

namespace {

template <class Map> auto *find_in(const Map &map, typename Map::key_type key)
{
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

} // namespace

History::Series History::cgroup(std::uint64_t id, std::size_t count,
                                const std::function<double(const CgroupSample &)> &value) const
{
    return values(find_in(cgroups_, id), count, &Tick::cgroups, value);
}

History::Series
History::cgroup_rate(std::uint64_t id, std::size_t count,
                     const std::function<double(const CgroupSample &)> &counter) const
{
    return rates(values(find_in(cgroups_, id), count, &Tick::cgroups, counter));
}

History::Series History::pasid(std::uint32_t number, std::size_t count,
                               const std::function<double(const PasidSample &)> &value) const
{
    return values(find_in(pasids_, number), count, &Tick::pasids, value);
}

History::Series History::pasid_rate(std::uint32_t number, std::size_t count,
                                    const std::function<double(const PasidSample &)> &counter) const
{
    return rates(values(find_in(pasids_, number), count, &Tick::pasids, counter));
}

double History::seconds_back(std::size_t count) const
{
    if (ticks_.empty() || count == 0)
        return 0;
    count = std::min(count, ticks_.size());
    return static_cast<double>(ticks_.back().mono_ns - ticks_[ticks_.size() - count].mono_ns) / 1e9;
}

} // namespace pasid::tui
