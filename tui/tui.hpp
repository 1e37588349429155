// SPDX-License-Identifier: GPL-2.0-only
// The live view. It shows what a feed tells and changes nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/feed.hpp"

namespace pasid {

struct TuiOptions {
    // Not given: as in the saved settings, or every second, cgroups, "default".
    std::optional<std::chrono::milliseconds> interval = {}; // between refreshes
    std::optional<std::string> view = {};                   // a name of tui_view_names()
    std::optional<std::string> theme = {};                  // a name of tui_theme_names()
    bool color = true;           // false: --no-color; NO_COLOR counts as well
    std::size_t log_size = 5000; // events that are kept
    bool settings = true;        // read and written; see tui/settings.hpp
};

// For the help of the option that chooses the view.
std::vector<std::string> tui_view_names();
std::vector<std::string> tui_theme_names();

// Runs in the terminal of standard input and output until the user quits or a signal ends it.
// Returns the exit status; errors are on standard error, the terminal is as it was before.
int run_tui(Feed &feed, const TuiOptions &options);

} // namespace pasid
