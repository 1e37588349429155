// SPDX-License-Identifier: GPL-2.0-only
// --unused TIME, for commands that report unused PASIDs.
#pragma once

#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>

#include "cmd/number_option.hpp"

namespace pasid {

inline void add_unused_option(CLI::App &app, std::uint64_t &unused_ns, const std::string &help)
{
    app.add_option("--unused", unused_ns, help)->type_name("TIME")->transform(duration_in_ns());
}

} // namespace pasid
