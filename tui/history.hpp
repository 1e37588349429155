// SPDX-License-Identifier: GPL-2.0-only
// Recent values of each cgroup and of the displayed PASID, sampled at each refresh.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/snapshot.hpp"

namespace pasid::tui {

// Values of a cgroup at one tick.
struct CgroupSample {
    std::uint32_t tick = 0; // of History
    std::uint32_t current = 0;
    std::uint64_t denied_here = 0;
    std::uint64_t denied_asked = 0;
};

struct PasidSample {
    std::uint32_t tick = 0;
    std::uint32_t refs = 0;
    std::uint32_t bindings = 0;
    std::uint64_t faults = 0;
    std::uint64_t birth = 0; // the set; distinguishes a reallocated PASID from the previous one
};

// A sample is stored only if it differs from the previous one, so idle cgroups take little memory.
class History {
  public:
    static constexpr std::size_t max_ticks = 600;
    static constexpr std::size_t max_samples = 400'000; // for all cgroups together

    // A snapshot older than the last one clears the history, because a replay went back.
    void add(const Snapshot &snapshot);
    void clear();

    // One value per tick, the newest last; empty where nothing was read, or for a rate without a
    // previous value.
    using Series = std::vector<std::optional<double>>;
    Series cgroup(std::uint64_t id, std::size_t count,
                  const std::function<double(const CgroupSample &)> &value) const;
    Series cgroup_rate(std::uint64_t id, std::size_t count,
                       const std::function<double(const CgroupSample &)> &counter) const;
    Series pasid(std::uint32_t number, std::size_t count,
                 const std::function<double(const PasidSample &)> &value) const;
    Series pasid_rate(std::uint32_t number, std::size_t count,
                      const std::function<double(const PasidSample &)> &counter) const;

    // Age of the oldest of the last @count ticks.
    double seconds_back(std::size_t count) const;

  private:
    struct Tick {
        std::uint64_t mono_ns = 0;
        bool cgroups = false; // were read
        bool pasids = false;
    };
    void add_cgroups(const Snapshot &snapshot, std::uint32_t tick);
    void add_pasids(const Snapshot &snapshot, std::uint32_t tick);
    const Tick &tick_at(std::uint32_t tick) const { return ticks_[tick - first_]; }

    template <class Sample>
    Series values(const std::vector<Sample> *samples, std::size_t count, bool Tick::*known,
                  const std::function<double(const Sample &)> &value) const;
    Series rates(const Series &counters) const;

    std::uint32_t first_ = 0; // number of ticks_.front()
    std::deque<Tick> ticks_;
    std::unordered_map<std::uint64_t, std::vector<CgroupSample>> cgroups_;
    std::unordered_map<std::uint32_t, std::vector<PasidSample>> pasids_; // only for small windows
};

} // namespace pasid::tui
