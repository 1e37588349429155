// SPDX-License-Identifier: GPL-2.0-only
// The live view. It only displays what a feed provides and changes nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/feed.hpp"

namespace pasid {

struct TuiOptions {
    // If not set: the saved settings, else every second, cgroups, "default".
    std::optional<std::chrono::milliseconds> interval = {}; // between refreshes
    std::optional<std::string> view = {};                   // a name of tui_view_names()
    std::optional<std::string> theme = {};                  // a name of tui_theme_names()
    bool color = true;           // false: --no-color; NO_COLOR also applies
    std::size_t log_size = 5000; // number of events to keep
    bool settings = true;        // read and save settings; see tui/settings.hpp
};

// Values of the options, for their help.
std::vector<std::string> tui_view_names();
std::vector<std::string> tui_theme_names();

// Runs on standard input and output until the user quits or a signal ends it. Returns the exit
// status. Errors go to standard error; the terminal is restored.
int run_tui(Feed &feed, const TuiOptions &options);

} // namespace pasid
