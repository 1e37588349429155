// SPDX-License-Identifier: GPL-2.0-only
#include "options.hpp"

#include <CLI/CLI.hpp>

Options read_options(int argc, char **argv)
{
    Options options;
    CLI::App app("The core, tested in user space");
    auto *ops = app.add_option("--ops", options.ops, "steps in all");
    app.add_flag_callback(
           "--long", [&] { options.ops = 10'000'000; }, "10,000,000 steps")
        ->excludes(ops);
    app.add_option("--seed", options.seed, "where the random numbers start");
    app.add_option("--episode", options.episode, "this part of the run only; the model's test");
    app.add_option("--threads", options.threads, "threads; the test of races");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        std::exit(app.exit(error));
    }
    return options;
}
