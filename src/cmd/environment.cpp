// SPDX-License-Identifier: GPL-2.0-only
// The real environment of the commands.
#include "cmd/command.hpp"

#include <cmath>

#if PASIDCTL_HAVE_TUI
#include "tui/tui.hpp"
#endif

namespace pasid {

namespace {

#if PASIDCTL_HAVE_TUI
int run_view(Feed &feed, const ViewOptions &wanted)
{
    TuiOptions options;
    if (wanted.seconds > 0)
        options.interval = std::chrono::milliseconds(std::llround(wanted.seconds * 1000));
    if (!wanted.view.empty())
        options.view = wanted.view;
    if (!wanted.theme.empty())
        options.theme = wanted.theme;
    options.color = wanted.color;
    return run_tui(feed, options);
}
#endif

} // namespace

#if PASIDCTL_HAVE_TUI
std::vector<std::string> view_names() { return tui_view_names(); }
std::vector<std::string> theme_names() { return tui_theme_names(); }
#else
std::vector<std::string> view_names() { return {"cgroups", "processes", "pasids", "devices"}; }
std::vector<std::string> theme_names() { return {}; }
#endif

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
#if PASIDCTL_HAVE_TUI
    environment.run_view = run_view;
#endif
    return environment;
}

} // namespace pasid
