// SPDX-License-Identifier: GPL-2.0-only
// Interface of the subcommands. A subcommand is one row in cmd/table.cpp and one file.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "lib/cgroups.hpp"
#include "lib/history.hpp"
#include "lib/host.hpp"
#include "lib/latency_source.hpp"
#include "lib/live_feed.hpp"
#include "lib/policy_store.hpp"
#include "model/feed.hpp"
#include "render/output.hpp"
#include "render/terminal.hpp"

namespace CLI {
class App;
}

namespace pasid {

// Access to the system; tests use fakes.
struct Environment {
    std::function<Result<std::unique_ptr<Feed>>(const LiveFeedOptions &)> open_feed;
    std::function<Result<std::unique_ptr<EventSource>>(const EventSourceOptions &)> open_events;
    std::function<Result<std::unique_ptr<SnapshotSource>>()> open_snapshots;
    std::function<Result<std::unique_ptr<LatencySource>>()> open_latencies;
    std::function<std::unique_ptr<HistoryStore>()> open_history;
    std::function<std::unique_ptr<PolicyStore>()> open_policies;
    std::function<std::unique_ptr<Cgroups>()> open_cgroups;
    std::function<std::unique_ptr<Host>()> open_host;
    int out_fd = 1;
    int error_fd = 2;
};
Environment real_environment();

// Flags that every command has.
struct CommonFlags {
    bool json = false;
    bool no_color = false;
    bool quiet = false;
};

struct Context {
    Environment &environment;
    Output &out;
    Output &messages; // standard error
    CommonFlags flags;
    Terminal terminal;  // of standard output
    std::string done{}; // what was changed, as a sentence; reported if printing fails

    bool json() const { return flags.json; }
    void note(std::string_view text)
    {
        if (!flags.quiet)
            messages.line(text), messages.flush();
    }
};

using Action = std::function<Result<Exit>(Context &)>;

struct CommandRow {
    std::string_view name;
    std::string_view help;    // one line
    std::string_view example; // a command line
    // Adds the options and returns the action that runs the command.
    Action (*setup)(CLI::App &app);
    std::span<const CommandRow> children = {}; // for commands like "policy", which have no action
};

std::span<const CommandRow> command_table();

// Implementation of main(). Returns the exit status.
int run_command_line(int argc, const char *const *argv, Environment &environment);

// One function per row, each in the file of its name.
Action setup_list(CLI::App &app);
Action setup_show(CLI::App &app);
Action setup_cgroup(CLI::App &app);
Action setup_trace(CLI::App &app);
Action setup_history_start(CLI::App &app);
Action setup_history_stop(CLI::App &app);
Action setup_history_show(CLI::App &app);
Action setup_top(CLI::App &app);
Action setup_stats(CLI::App &app);
Action setup_metrics(CLI::App &app);
Action setup_completion(CLI::App &app);
Action setup_status(CLI::App &app);
Action setup_doctor(CLI::App &app);
Action setup_policy_check(CLI::App &app);
Action setup_policy_apply(CLI::App &app);
Action setup_policy_diff(CLI::App &app);
Action setup_policy_show(CLI::App &app);
Action setup_policy_explain(CLI::App &app);
Action setup_policy_set_mode(CLI::App &app);
Action setup_policy_remove(CLI::App &app);

} // namespace pasid
