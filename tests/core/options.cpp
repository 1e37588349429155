// SPDX-License-Identifier: GPL-2.0-only
#include "options.hpp"

#include <CLI/CLI.hpp>

Options read_options(int argc, char **argv)
{
    Options options;
    CLI::App app("Test the core in user space");
    auto *ops = app.add_option("--ops", options.ops, "total number of steps");
    app.add_flag_callback(
           "--long", [&] { options.ops = 10'000'000; }, "run 10,000,000 steps")
        ->excludes(ops);
    app.add_option("--seed", options.seed, "seed of the random numbers");
    app.add_option("--episode", options.episode, "run only this episode (model test)");
    app.add_option("--threads", options.threads, "number of threads (race test)");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::exit(app.exit(error));
    }
    return options;
}
