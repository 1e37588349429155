// SPDX-License-Identifier: GPL-2.0
// --unused TIME, of the commands that look for PASIDs that nobody uses.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace pasid {

inline void add_unused_option(CLI::App &app, std::uint64_t &unused_ns, const std::string &help)
{
    app.add_option("--unused", unused_ns, help)
        ->type_name("TIME")
        ->transform(CLI::AsNumberWithUnit(
            std::map<std::string, std::uint64_t>{
                {"ns", 1}, {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}},
            CLI::AsNumberWithUnit::UNIT_REQUIRED));
}

} // namespace pasid
