// SPDX-License-Identifier: GPL-2.0-only
// Options that select rows and events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/event_filter.hpp"
#include "model/snapshot.hpp"

namespace CLI {
class App;
}

namespace pasid {

struct IoasidFilter {
    std::string cgroup; // including its descendants
    std::optional<std::uint32_t> pid;
    std::string state;
    std::string device;

    bool accepts(const Ioasid &ioasid) const;
    bool accepts(const Space &space) const; // except for the state
};

void add_options(CLI::App &app, IoasidFilter &filter);
void add_options(CLI::App &app, EventFilter &filter);

} // namespace pasid
