// SPDX-License-Identifier: GPL-2.0
// The real world behind the commands.
#include "cmd/command.hpp"

#if PASIDCTL_HAVE_TUI
#include "tui/tui.hpp"
#endif

namespace pasid {

namespace {

#if PASIDCTL_HAVE_TUI
int run_view(Feed &feed, double seconds, const std::string &view, bool color)
{
    TuiOptions options;
    options.interval = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    if (!view.empty())
        options.view = view;
    options.color = color;
    return run_tui(feed, options);
}
#endif

} // namespace

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
    environment.open_policies = kernel_policy_store;
    environment.open_cgroups = [] { return std::make_unique<CgroupFs>(); };
    environment.open_host = real_host;
#if PASIDCTL_HAVE_TUI
    environment.run_view = run_view;
#endif
    return environment;
}

} // namespace pasid
