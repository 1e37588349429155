// SPDX-License-Identifier: GPL-2.0-only
// The real environment of the commands.
#include "cmd/command.hpp"

namespace pasid {

Environment real_environment()
{
    Environment environment;
    environment.open_feed = open_live_feed;
    environment.open_events = kernel_event_source;
    environment.open_snapshots = kernel_snapshot_source;
    environment.open_latencies = kernel_latency_source;
    environment.open_history = kernel_history_store;
    environment.open_policies = kernel_policy_store;
    environment.open_cgroups = [] { return std::make_unique<CgroupFs>(); };
    environment.open_host = real_host;
    return environment;
}

} // namespace pasid
