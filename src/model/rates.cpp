// SPDX-License-Identifier: GPL-2.0-only
#include "model/rates.hpp"

namespace pasid {

namespace {

// A counter that decreased was reset.
double counter_rate(std::uint64_t before, std::uint64_t after, double seconds)
{
    return after < before ? 0.0 : static_cast<double>(after - before) / seconds;
}

double gauge_rate(std::uint64_t before, std::uint64_t after, double seconds)
{
    return (static_cast<double>(after) - static_cast<double>(before)) / seconds;
}

void cgroup_rates(Rates &rates, const Snapshot &before, const Snapshot &after)
{
    std::unordered_map<std::uint64_t, const CgroupUsage *> old;
    for (const CgroupUsage &usage : before.cgroups)
        old.emplace(usage.cgroup_id, &usage);

    for (const CgroupUsage &now : after.cgroups) {
        const auto found = old.find(now.cgroup_id);
        if (found == old.end())
            continue;
        const CgroupUsage &then = *found->second;
        CgroupRates &rate = rates.cgroups[now.cgroup_id];
        rate.denied_here = counter_rate(then.denied_here, now.denied_here, rates.seconds);
        rate.denied_asked = counter_rate(then.denied_asked, now.denied_asked, rates.seconds);
        rate.would_deny = counter_rate(then.would_deny, now.would_deny, rates.seconds);
        rate.current = gauge_rate(then.current, now.current, rates.seconds);
    }
}

void device_rates(Rates &rates, const Snapshot &before, const Snapshot &after)
{
    std::unordered_map<std::uint32_t, const Device *> old;
    for (const Device &device : before.devices)
        old.emplace(device.id, &device);

    for (const Device &now : after.devices) {
        const auto found = old.find(now.id);
        if (found == old.end())
            continue;
        DeviceRates &rate = rates.devices[now.id];
        rate.dmas = counter_rate(found->second->dmas, now.dmas, rates.seconds);
        rate.faults = counter_rate(found->second->faults, now.faults, rates.seconds);
    }
}

} // namespace

Rates rates_between(const Snapshot &before, const Snapshot &after)
{
    Rates rates;
    if (after.mono_ns <= before.mono_ns || before.mono_ns == 0)
        return rates;
    rates.seconds = static_cast<double>(after.mono_ns - before.mono_ns) / 1e9;
    rates.events = counter_rate(before.system.events, after.system.events, rates.seconds);
    rates.denials = counter_rate(before.system.denials, after.system.denials, rates.seconds);
    rates.live = gauge_rate(before.system.live, after.system.live, rates.seconds);
    cgroup_rates(rates, before, after);
    device_rates(rates, before, after);
    return rates;
}

} // namespace pasid
