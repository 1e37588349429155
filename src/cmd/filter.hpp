// SPDX-License-Identifier: GPL-2.0
// Which rows and events somebody asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "model/event.hpp"
#include "model/snapshot.hpp"

namespace pasid {

struct IoasidFilter {
    std::string cgroup; // with its descendants
    std::optional<std::uint32_t> pid;
    std::string state;
    std::string device;

    bool accepts(const Ioasid &ioasid) const;
};

struct EventFilter {
    std::vector<std::string> events;
    std::string cgroup; // with its descendants; of a denial also the limit's
    std::optional<std::uint32_t> pid;
    std::string comm;
    std::optional<std::uint32_t> pasid;
    std::string device;
    bool failed = false;

    // What was lost may have been anything: always accepted.
    bool accepts(const Event &event) const;
};

void add_options(CLI::App &app, IoasidFilter &filter);
void add_options(CLI::App &app, EventFilter &filter);

} // namespace pasid
