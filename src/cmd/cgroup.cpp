// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "cmd/sort_option.hpp"
#include "lib/module.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <CLI/CLI.hpp>

namespace pasid {

namespace {

struct Options {
    std::string path = "/";
    SortOption<CgroupUsage> sort{"cgroup"};
    bool tree = false;
};

Tone tone_of(const CgroupUsage &usage)
{
    if (usage.max && usage.current >= *usage.max && usage.current > 0)
        return Tone::bad;
    return usage.max && usage.current * 5 >= *usage.max * 4 && usage.current > 0 ? Tone::warning
                                                                                 : Tone::plain;
}

// For rows in path order: indents each name below its nearest listed ancestor and removes that
// ancestor's path from it.
std::vector<std::string> tree_names(const std::vector<CgroupUsage> &rows)
{
    std::vector<std::string> names;
    std::vector<const std::string *> ancestors;
    for (const CgroupUsage &row : rows) {
        while (!ancestors.empty() && !is_within(row.cgroup, *ancestors.back()))
            ancestors.pop_back();
        std::string_view name = row.cgroup;
        if (!ancestors.empty() && name.front() == '/') {
            const std::string &above = *ancestors.back();
            name.remove_prefix(above == "/" ? 1 : above.size() + 1);
        }
        names.push_back(std::string(2 * ancestors.size(), ' ').append(name));
        ancestors.push_back(&row.cgroup);
    }
    return names;
}

void print_text(Context &context, const std::vector<CgroupUsage> &rows, bool tree)
{
    const auto list = by_title<CgroupUsage>(
        {"CGROUP", "RULE", "MODE", "MAX", "CURRENT", "PEAK", "DENIED", "ASKED", "WOULD"});
    std::vector<Cells> cells;
    std::vector<Tone> tones;
    for (const CgroupUsage &row : rows) {
        cells.push_back(cells_of(list, row));
        tones.push_back(tone_of(row));
    }
    if (tree) {
        const auto names = tree_names(rows);
        for (std::size_t i = 0; i < cells.size(); i++)
            cells[i].front() = printable(names[i]);
    }
    print_cells(context.out, columns_of(list), cells, context.terminal, tones);
}

Result<Exit> cgroup(Context &context, const Options &options)
{
    // The counters are in the policy's maps, so the PASIDs need not be walked.
    auto feed = context.environment.open_feed({.snapshots = false});
    if (!feed)
        return std::move(feed).error();
    if (options.path != "/")
        if (const auto id = context.environment.open_cgroups()->id(options.path); !id)
            return id.error();
    auto snapshot = (*feed)->snapshot(part_cgroups);
    if (!snapshot)
        return std::move(snapshot).error();
    // Without the module there is no policy, so report the missing module instead.
    if (snapshot->policy_generation == 0 &&
        !context.environment.open_host()->exists(module_directory))
        return module_missing("cannot read the counters");

    // Rows are sorted by path, parents before their children.
    std::vector<CgroupUsage> rows;
    for (const CgroupUsage &usage : snapshot->cgroups)
        if (is_within(usage.cgroup, options.path))
            rows.push_back(usage);
    if (!options.sort.is("cgroup"))
        options.sort.sort(rows);
    if (snapshot->policy_generation == 0)
        context.note("no policy is active, so nothing is counted; see pasidctl policy apply");

    if (context.json())
        print_json_array(context.out, std::span<const CgroupUsage>(rows));
    else
        print_text(context, rows, options.tree);
    return Exit::done;
}

} // namespace

Action setup_cgroup(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("PATH", options->path, "Only this cgroup and its descendants")
        ->transform([](std::string given) { return normal_cgroup_path(std::move(given)); });
    auto *sort = options->sort.add_to(app);
    app.add_flag("--tree", options->tree, "Show cgroups as a tree")->excludes(sort);
    return [options](Context &context) { return cgroup(context, *options); };
}

} // namespace pasid
