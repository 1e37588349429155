// SPDX-License-Identifier: GPL-2.0
#include "cmd/command.hpp"
#include "cmd/filter.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/sort.hpp"
#include "render/table.hpp"

#include <CLI/CLI.hpp>

namespace pasid {

namespace {

struct Options {
    IoasidFilter filter;
    std::string sort = "pasid"; // a key, '-' before it: descending
};

std::string sort_key(const std::string &sort)
{
    return sort.empty() || sort[0] != '-' ? sort : sort.substr(1);
}

std::string valid_sort(const std::string &sort)
{
    if (find_field<Ioasid>(sort_key(sort)))
        return "";
    std::string keys;
    for (const Field<Ioasid> &field : fields<Ioasid>())
        keys.append(keys.empty() ? "" : ", ").append(field.key);
    return "'" + sort_key(sort) + "' is no key: " + keys;
}

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
    sort_rows(rows, *find_field<Ioasid>(sort_key(options.sort)), options.sort.rfind('-', 0) == 0);

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
    app.add_option("--sort", options->sort, "Order by this JSON key; -KEY: the largest first")
        ->type_name("KEY")
        ->check(valid_sort);
    return [options](Context &context) { return list(context, *options); };
}

} // namespace pasid
