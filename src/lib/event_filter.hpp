// SPDX-License-Identifier: GPL-2.0-only
// Evaluates the conditions of ioasid/filter.h in user space: for recordings, and for names that the
// kernel does not know yet.
#pragma once

#include <string>

#include <ioasid/filter.h>

#include "lib/event_names.hpp"

namespace pasid {

struct EventFilter {
    ioasid_filter conditions = {};
    std::string cgroup; // including its descendants
    std::string device;

    bool wants(ioasid_condition condition) const { return conditions.wanted & 1u << condition; }

    // Always accepts lost events, because they could have been of any kind.
    bool accepts(const ioasid_event &event, EventNames &names) const;
};

// Returns the conditions that the kernel can evaluate. A cgroup or device that does not exist yet
// has no ID; that condition is left to accepts() and described in @left_over.
ioasid_filter in_kernel(const EventFilter &filter, Cgroups &cgroups, EventNames &names,
                        std::string &left_over);

} // namespace pasid
