// SPDX-License-Identifier: GPL-2.0
#include "cmd/command.hpp"
#include "cmd/filter.hpp"
#include "cmd/sort_option.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <CLI/CLI.hpp>

namespace pasid {

namespace {

struct Options {
    IoasidFilter filter;
    SortOption<Ioasid> sort{"pasid"};
};

Result<Exit> list(Context &context, const Options &options)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    // What is not asked for need not be carried here and given names.
    (*feed)->look_at({.cgroup = options.filter.cgroup,
                      .pid = options.filter.pid,
                      .device = options.filter.device});
    auto snapshot = (*feed)->snapshot(part_ioasids);
    if (!snapshot)
        return std::move(snapshot).error();

    std::vector<Ioasid> &rows = snapshot->ioasids;
    rows.erase(std::remove_if(rows.begin(), rows.end(),
                              [&](const Ioasid &row) { return !options.filter.accepts(row); }),
               rows.end());
    options.sort.sort(rows);

    const std::span<const Ioasid> view(rows);
    if (context.json())
        print_json_array(context.out, view);
    else
        print_table(context.out,
                    by_title<Ioasid>({"PASID", "SPID", "STATE", "REFS", "PID", "COMM", "CGROUP",
                                      "DEVICES", "AGE"}),
                    view, context.terminal);
    return Exit::done;
}

} // namespace

Action setup_list(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    add_options(app, options->filter);
    options->sort.add_to(app);
    return [options](Context &context) { return list(context, *options); };
}

} // namespace pasid
