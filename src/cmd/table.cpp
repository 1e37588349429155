// SPDX-License-Identifier: GPL-2.0-only
// All subcommands. Help, manual and completions are generated from this table.
#include "cmd/command.hpp"

#include <array>

namespace pasid {

namespace {

constexpr std::array policy_table{
    CommandRow{"check", "Validate a policy file without contacting the kernel",
               "pasidctl policy check vms.yaml", setup_policy_check},
    CommandRow{"apply", "Apply a policy, replacing the active one",
               "pasidctl policy apply vms.yaml", setup_policy_apply},
    CommandRow{"diff", "Compare a policy file with the active policy",
               "pasidctl policy diff vms.yaml", setup_policy_diff},
    CommandRow{"show", "Print the active policy as YAML that apply accepts",
               "pasidctl policy show > saved.yaml", setup_policy_show},
    CommandRow{"explain", "Show the rule and the limits that apply to a cgroup or process",
               "pasidctl policy explain --pid 1234", setup_policy_explain},
    CommandRow{"set-mode", "Enforce rules, or only report what they would deny",
               "pasidctl policy set-mode audit --rule vms", setup_policy_set_mode},
    CommandRow{"remove", "Remove the active policy and stop all enforcement",
               "pasidctl policy remove", setup_policy_remove},
};

constexpr std::array history_table{
    CommandRow{"start", "Start recording the latest events in the kernel; no process keeps running",
               "pasidctl history start --size 65536", setup_history_start},
    CommandRow{"show", "Print the recorded events, oldest first",
               "pasidctl history show --failed -n 20", setup_history_show},
    CommandRow{"stop", "Stop recording and discard the history", "pasidctl history stop",
               setup_history_stop},
};

constexpr std::array table{
    CommandRow{"list", "List PASIDs, or I/O address spaces, with their holders and devices",
               "pasidctl list --cgroup /machine.slice --sort -age_ns", setup_list},
    CommandRow{"show", "Show everything about one PASID", "pasidctl show 42", setup_show},
    CommandRow{"cgroup", "Show PASIDs, limits and denials of each cgroup",
               "pasidctl cgroup /machine.slice", setup_cgroup},
    CommandRow{"policy", "Limit how many PASIDs each cgroup may hold",
               "pasidctl policy apply vms.yaml", nullptr, policy_table},
    CommandRow{"trace", "Print events as they happen", "pasidctl trace --cgroup /demo --failed",
               setup_trace},
    CommandRow{"history", "Record the latest events in the kernel for later inspection",
               "pasidctl history start", nullptr, history_table},
    CommandRow{"top", "Show a live view of cgroups, processes, PASIDs, devices, events and spaces",
               "pasidctl top -d 0.5", setup_top},
    CommandRow{"stats", "Show latencies, rates, and PASIDs that appear unused",
               "pasidctl stats --duration 10 --unused 5m", setup_stats},
    CommandRow{"metrics", "Export the state for Prometheus",
               "pasidctl metrics --listen 127.0.0.1:9471", setup_metrics},
    CommandRow{"status", "Show the module, the policy, attached programs and counters",
               "pasidctl status --json", setup_status},
    CommandRow{"doctor", "Check that this system is supported, and suggest fixes",
               "pasidctl doctor", setup_doctor},
    CommandRow{"completion", "Print shell completions or the manual page",
               "pasidctl completion bash > /etc/bash_completion.d/pasidctl", setup_completion},
};

// A unit test checks that each row has its code: with sanitizers a function's address is not a
// constant expression.
constexpr bool documented(std::span<const CommandRow> rows)
{
    for (const CommandRow &row : rows)
        if (row.name.empty() || row.help.empty() || row.example.empty() ||
            !documented(row.children))
            return false;
    return true;
}
static_assert(documented(table), "a command without help or example");

} // namespace

std::span<const CommandRow> command_table() { return table; }

} // namespace pasid
