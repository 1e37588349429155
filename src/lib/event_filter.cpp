// SPDX-License-Identifier: GPL-2.0-only
#include "lib/event_filter.hpp"

namespace pasid {

bool EventFilter::accepts(const ioasid_event &event, EventNames &names) const
{
    const ioasid_filter &filter = conditions;
    if (event.type == IOASID_EVENT_LOST)
        return true;
#define WITHIN(id) ((id) != 0 && is_within(names.cgroup(id), cgroup))
#define SAME_DEVICE(id) (names.device(id) == device)
#define X(constant, option, argument, help, expression)                                            \
    if (wants(IOASID_WANT_##constant) && !(expression))                                            \
        return false;
    IOASID_CONDITIONS(X)
#undef X
#undef SAME_DEVICE
#undef WITHIN
    return true;
}

ioasid_filter in_kernel(const EventFilter &filter, Cgroups &cgroups, EventNames &names,
                        std::string &left_over)
{
    ioasid_filter conditions = filter.conditions;
    const auto leave = [&](ioasid_condition condition, const std::string &what) {
        conditions.wanted &= ~(1u << condition);
        left_over += (left_over.empty() ? "" : ", ") + what;
    };
    if (filter.wants(IOASID_WANT_CGROUP)) {
        const auto id = cgroups.id(filter.cgroup);
        if (id)
            conditions.cgroup_id = *id;
        else
            leave(IOASID_WANT_CGROUP, "cgroup " + filter.cgroup);
    }
    if (filter.wants(IOASID_WANT_DEVICE)) {
        const auto id = names.device_id(filter.device);
        if (id)
            conditions.device = *id;
        else
            leave(IOASID_WANT_DEVICE, "device " + filter.device);
    }
    return conditions;
}

} // namespace pasid
