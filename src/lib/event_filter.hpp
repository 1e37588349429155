// SPDX-License-Identifier: GPL-2.0-only
// The conditions of ioasid/filter.h, evaluated here: on recordings, and for
// names that the kernel does not know yet.
#pragma once

#include <string>

#include <ioasid/filter.h>

#include "lib/event_names.hpp"

namespace pasid {

struct EventFilter {
    ioasid_filter conditions = {};
    std::string cgroup; // with its descendants
    std::string device;

    bool wants(ioasid_condition condition) const { return conditions.wanted & 1u << condition; }

    // What was lost may have been anything: always accepted.
    bool accepts(const ioasid_event &event, EventNames &names) const;
};

// What the kernel can tell by itself. A cgroup or device that is not there yet has
// no number: that condition is left to accepts(), and @left_over says so.
ioasid_filter in_kernel(const EventFilter &filter, Cgroups &cgroups, EventNames &names,
                        std::string &left_over);

} // namespace pasid
