// SPDX-License-Identifier: GPL-2.0-only
#include "tui/state.hpp"

#include <utility>

namespace pasid::tui {

namespace {

// A key may trigger a refresh right after the last one: one denial in 10 ms must not show as 100
// per second.
constexpr std::uint64_t min_rate_ns = 200'000'000;

// Parts without rates.
constexpr unsigned unmeasured = part_ioasids | part_bindings | part_processes;

Snapshot without_rows(const Snapshot &snapshot)
{
    Snapshot out;
    out.parts = snapshot.parts & ~unmeasured;
    out.mono_ns = snapshot.mono_ns;
    out.wall_ns = snapshot.wall_ns;
    out.policy_generation = snapshot.policy_generation;
    out.system = snapshot.system;
    out.devices = snapshot.devices;
    out.cgroups = snapshot.cgroups;
    return out;
}

} // namespace

void State::advance(Snapshot next)
{
    const bool far = next.mono_ns >= base_.mono_ns + min_rate_ns || next.mono_ns < base_.mono_ns;
    const unsigned counted = next.parts & ~unmeasured;
    if (far)
        rates = rates_between(base_, next);
    // Another view needs other parts: their rates start with this snapshot.
    if (far || (counted & ~base_.parts))
        base_ = without_rows(next);
    snapshot = std::move(next);
    error.reset();
    history.add(snapshot);
}

void State::reset_baseline()
{
    log.clear();
    event_rates = {};
    history.clear();
    base_ = {};
    rates = {};
}

} // namespace pasid::tui
