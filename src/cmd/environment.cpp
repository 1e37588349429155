// SPDX-License-Identifier: GPL-2.0-only
// The real environment of the commands.
#include "cmd/command.hpp"

namespace pasid {

Environment real_environment()
{
    Environment environment;
    environment.open_feed = [](const LiveFeedOptions &options) -> Result<std::unique_ptr<Feed>> {
        auto feed = open_live_feed(options);
        if (!feed)
            return std::move(feed).error();
        return std::unique_ptr<Feed>(std::move(*feed));
    };
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
