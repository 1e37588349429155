// SPDX-License-Identifier: GPL-2.0
#include "cmd/policy_file.hpp"
#include "lib/join.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

struct Options {
    std::string path;
    bool dry_run = false;
};

// Cgroups that hold more than the new policy allows.
Result<std::vector<CgroupUsage>> over_limit(Context &context, const policy::Compiled &compiled)
{
    const auto store = context.environment.open_policies();
    const auto nodes = store->nodes();
    if (!nodes)
        return nodes.error();
    InstalledPolicy next;
    next.image = std::make_shared<ioasid_policy_image>(*compiled.image);
    const auto cgroups = context.environment.open_cgroups();
    std::vector<CgroupUsage> rows = join_cgroups(*nodes, next, *cgroups);
    rows.erase(
        std::remove_if(rows.begin(), rows.end(),
                       [](const CgroupUsage &row) { return !row.max || row.current <= *row.max; }),
        rows.end());
    return rows;
}

Result<Exit> dry_run(Context &context, const policy::Compiled &compiled)
{
    const auto over = over_limit(context, compiled);
    if (!over)
        return over.error();
    const std::span<const CgroupUsage> rows(*over);
    if (context.json()) {
        Json object = Json::object();
        object["applied"] = false;
        object["rules"] = compiled.policy.rules.size();
        object["over"] = to_json(rows);
        context.out.line(json_text(object));
        return Exit::done;
    }
    context.out.line(fmt::format("{} rules would be in force; cgroups over their limit: {}",
                                 compiled.policy.rules.size(), rows.size()));
    if (!rows.empty())
        print_table(context.out, by_title<CgroupUsage>({"CGROUP", "RULE", "MAX", "CURRENT"}), rows,
                    context.terminal);
    return Exit::done;
}

Result<Exit> apply(Context &context, const Options &options)
{
    auto compiled = compile_file(context, options.path);
    if (!compiled)
        return std::move(compiled).error();
    if (options.dry_run)
        return dry_run(context, *compiled);

    const auto store = context.environment.open_policies();
    if (auto installed = store->install(*compiled->image); !installed)
        return installed.error();
    if (context.json()) {
        Json object = Json::object();
        object["applied"] = true;
        object["rules"] = compiled->policy.rules.size();
        object["generation"] = compiled->image->generation;
        context.out.line(json_text(object));
    } else {
        context.out.line(fmt::format("applied {}: {} rules, generation {}", options.path,
                                     compiled->policy.rules.size(), compiled->image->generation));
    }
    return Exit::done;
}

} // namespace

Action setup_policy_apply(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("FILE", options->path, "The policy; -: standard input")->required();
    app.add_flag("--dry-run", options->dry_run, "Change nothing; say who would be over a limit");
    return [options](Context &context) { return apply(context, *options); };
}

} // namespace pasid
