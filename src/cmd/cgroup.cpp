// SPDX-License-Identifier: GPL-2.0
#include "cmd/command.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <CLI/CLI.hpp>

namespace pasid {

namespace {

Tone tone_of(const CgroupUsage &usage)
{
    if (usage.max && usage.current >= *usage.max && usage.current > 0)
        return Tone::bad;
    return usage.max && usage.current * 5 >= *usage.max * 4 && usage.current > 0 ? Tone::warning
                                                                                 : Tone::plain;
}

Result<Exit> cgroup(Context &context, const std::string &path)
{
    // Counters live in the policy's maps: no need to walk the PASIDs.
    auto feed = context.environment.open_feed({.snapshots = false});
    if (!feed)
        return std::move(feed).error();
    if (path != "/")
        if (const auto id = context.environment.open_cgroups()->id(path); !id)
            return id.error();
    auto snapshot = (*feed)->snapshot(part_cgroups);
    if (!snapshot)
        return std::move(snapshot).error();

    std::vector<CgroupUsage> rows;
    for (const CgroupUsage &usage : snapshot->cgroups)
        if (is_within(usage.cgroup, path))
            rows.push_back(usage);
    if (snapshot->policy_generation == 0)
        context.note("no policy is in force, so nothing is counted; see pasidctl policy apply");

    const std::span<const CgroupUsage> view(rows);
    if (context.json())
        print_json_array(context.out, view);
    else
        print_table<CgroupUsage>(context.out,
                                 by_title<CgroupUsage>({"CGROUP", "RULE", "MODE", "MAX", "CURRENT",
                                                        "PEAK", "DENIED", "ASKED", "WOULD"}),
                                 view, context.terminal, tone_of);
    return Exit::done;
}

} // namespace

Action setup_cgroup(CLI::App &app)
{
    const auto path = std::make_shared<std::string>("/");
    app.add_option("PATH", *path, "Only this cgroup and those below")
        ->transform([](std::string given) { return normal_cgroup_path(std::move(given)); });
    return [path](Context &context) { return cgroup(context, *path); };
}

} // namespace pasid
