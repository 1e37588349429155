// SPDX-License-Identifier: GPL-2.0-only
// Every subcommand there is. Help, manual and completion are made from it.
#include "cmd/command.hpp"

#include <array>

namespace pasid {

namespace {

constexpr std::array policy_table{
    CommandRow{"check",
               "Check a policy file; the kernel is not asked",
               "pasidctl policy check vms.yaml",
               setup_policy_check,
               {}},
    CommandRow{"apply",
               "Put a policy in force, in place of the one that is",
               "pasidctl policy apply vms.yaml",
               setup_policy_apply,
               {}},
    CommandRow{"diff",
               "Compare a file with the policy in force",
               "pasidctl policy diff vms.yaml",
               setup_policy_diff,
               {}},
    CommandRow{"show",
               "The policy in force, as YAML that apply takes",
               "pasidctl policy show > saved.yaml",
               setup_policy_show,
               {}},
    CommandRow{"explain",
               "Which rule and limits a cgroup or process is under",
               "pasidctl policy explain --pid 1234",
               setup_policy_explain,
               {}},
    CommandRow{"set-mode",
               "Enforce rules, or only report what they would refuse",
               "pasidctl policy set-mode audit --rule vms",
               setup_policy_set_mode,
               {}},
    CommandRow{"remove",
               "End enforcement; nothing stays behind",
               "pasidctl policy remove",
               setup_policy_remove,
               {}},
};

constexpr std::array history_table{
    CommandRow{"start",
               "Keep the last events from now on, with no process of its own",
               "pasidctl history start --size 65536",
               setup_history_start,
               {}},
    CommandRow{"show",
               "The events that are kept, oldest first",
               "pasidctl history show --failed -n 20",
               setup_history_show,
               {}},
    CommandRow{"stop",
               "Forget them and keep no more; nothing stays behind",
               "pasidctl history stop",
               setup_history_stop,
               {}},
};

constexpr std::array table{
    CommandRow{"list",
               "Every PASID, who holds it and what for",
               "pasidctl list --cgroup /machine.slice --sort -age_ns",
               setup_list,
               {}},
    CommandRow{"show", "One PASID whole", "pasidctl show 42", setup_show, {}},
    CommandRow{"cgroup",
               "PASIDs, limits and denials of each cgroup",
               "pasidctl cgroup /machine.slice",
               setup_cgroup,
               {}},
    CommandRow{"policy", "Limit who may hold how many PASIDs", "pasidctl policy apply vms.yaml",
               nullptr, policy_table},
    CommandRow{"trace",
               "Events as they happen",
               "pasidctl trace --cgroup /demo --failed",
               setup_trace,
               {}},
    CommandRow{"history", "The last events, kept in the kernel while nobody looks",
               "pasidctl history start", nullptr, history_table},
    CommandRow{"top",
               "Live view of cgroups, processes, PASIDs, devices and events",
               "pasidctl top -d 0.5",
               setup_top,
               {}},
    CommandRow{"stats",
               "Latencies, rates, and PASIDs that look forgotten",
               "pasidctl stats --duration 10 --unused 5m",
               setup_stats,
               {}},
    CommandRow{"metrics",
               "The state for Prometheus",
               "pasidctl metrics --listen 127.0.0.1:9471",
               setup_metrics,
               {}},
    CommandRow{"status",
               "Module, policy, attached programs, and what happened so far",
               "pasidctl status --json",
               setup_status,
               {}},
    CommandRow{"doctor",
               "Can this machine do it, and if not, what to change",
               "pasidctl doctor",
               setup_doctor,
               {}},
    CommandRow{"completion",
               "Completion for a shell, and the manual page",
               "pasidctl completion bash > /etc/bash_completion.d/pasidctl",
               setup_completion,
               {}},
};

// That each row has its code is a unit test's matter: with sanitizers the
// address of a function is no constant for the compiler.
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
