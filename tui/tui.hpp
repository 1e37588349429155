// SPDX-License-Identifier: GPL-2.0
// The live view. It shows what a feed tells and changes nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "model/feed.hpp"

namespace pasid {

struct TuiOptions {
    std::chrono::milliseconds interval{1000}; // between refreshes
    std::string view = "cgroups";             // the first one; a name of tui_view_names()
    bool color = true;                        // false: --no-color; NO_COLOR counts as well
    std::size_t log_size = 5000;              // events that are kept
};

// For the help of the option that chooses the view.
std::vector<std::string> tui_view_names();

// Runs in the terminal of standard input and output until the user quits or a signal ends it.
// Returns the exit status; errors are on standard error, the terminal is as it was before.
int run_tui(Feed &feed, const TuiOptions &options);

} // namespace pasid
