// SPDX-License-Identifier: GPL-2.0-only
// Options of the core's tests; parsed in a separate file that needs no sanitizer.
#pragma once

#include <ctime>

struct Options {
    unsigned long long ops = 1'000'000; // total
    unsigned long long seed = static_cast<unsigned long long>(time(nullptr));
    long long episode = -1; // -1: all
    unsigned int threads = 4;
};

// Exits the process if there is nothing to run.
Options read_options(int argc, char **argv);
