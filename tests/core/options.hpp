// SPDX-License-Identifier: GPL-2.0-only
// The options of the core's tests; read in a file of its own, which needs no sanitizer.
#pragma once

#include <ctime>

struct Options {
    unsigned long long ops = 1'000'000; // in all
    unsigned long long seed = static_cast<unsigned long long>(time(nullptr));
    long long episode = -1; // all
    unsigned int threads = 4;
};

// Ends the process when there is nothing to run.
Options read_options(int argc, char **argv);
