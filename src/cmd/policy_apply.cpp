// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_differences.hpp"
#include "cmd/policy_file.hpp"
#include "cmd/policy_forecast.hpp"
#include "model/names.hpp"
#include "render/json.hpp"
#include "render/value.hpp"

#include <algorithm>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

struct Options {
    std::string path;
    bool dry_run = false;
};

// Differences from the active policy; everything if there is none.
Result<Json> changes(Context &context, const policy::Compiled &compiled)
{
    const auto installed = context.environment.open_policies()->installed();
    if (!installed)
        return installed.error();
    const policy::Policy before =
        *installed ? policy::decompile(*(*installed)->image) : policy::Policy{};
    return policy_differences(before, compiled.policy);
}

Json violations_json(const std::vector<LimitViolation> &list)
{
    Json array = Json::array();
    for (const LimitViolation &violation : list)
        array.push_back({{"cgroup", violation.cgroup},
                         {"rule", violation.rule ? Json(*violation.rule) : Json(nullptr)},
                         {"mode", mode_name(violation.mode)},
                         {"what", violation.what},
                         {"max", violation.max},
                         {"current", violation.current}});
    return array;
}

void print_dry_run(Context &context, const policy::Compiled &compiled, const Json &differences,
                   const Forecast &forecast)
{
    for (const std::string &line : difference_lines(differences))
        context.out.line(line);
    context.out.line(fmt::format("{} would be active; cgroups over their limit: {}",
                                 counted(compiled.policy.rules.size(), "rule"),
                                 forecast.over.size()));
    for (const LimitViolation &violation : forecast.over)
        context.out.line(to_text(violation));
    for (const LimitViolation &violation : forecast.overcommitted)
        context.out.line("cannot be applied: " + to_text(violation));
}

Result<Exit> dry_run(Context &context, const policy::Compiled &compiled)
{
    const auto differences = changes(context, compiled);
    if (!differences)
        return differences.error();
    const auto forecast = forecast_now(context, *compiled.image);
    if (!forecast)
        return forecast.error();
    if (context.json()) {
        Json object = Json::object();
        object["applied"] = false;
        object["rules"] = compiled.policy.rules.size();
        object["differences"] = *differences;
        object["over"] = violations_json(forecast->over);
        object["overcommitted"] = violations_json(forecast->overcommitted);
        context.out.line(json_text(object));
    } else {
        print_dry_run(context, compiled, *differences, *forecast);
    }
    return forecast->overcommitted.empty() ? Exit::done : Exit::negative;
}

// Generation of the active policy if it equals @wanted.
Result<std::optional<std::uint32_t>> active_generation_if_equal(PolicyStore &store,
                                                                const policy::Policy &wanted)
{
    const auto installed = store.installed();
    if (!installed)
        return installed.error();
    if (!*installed || !policy_differences(policy::decompile(*(*installed)->image), wanted).empty())
        return std::optional<std::uint32_t>{};
    return std::optional((*installed)->generation);
}

// A warning, not an error, because devices come and go. A misspelt name permits no device.
void warn_missing_devices(Context &context, const policy::Policy &policy)
{
    if (std::all_of(policy.rules.begin(), policy.rules.end(),
                    [](const policy::Rule &rule) { return rule.devices.empty(); }))
        return; // reading the devices has a cost
    auto feed = context.environment.open_feed({.snapshots = true});
    const auto snapshot = feed ? (*feed)->snapshot(part_devices) : Result<Snapshot>(feed.error());
    if (!snapshot)
        return;
    std::set<std::string> present;
    for (const Device &device : snapshot->devices)
        present.insert(device.name);
    for (const policy::Rule &rule : policy.rules)
        for (const std::string &device : rule.devices)
            if (!present.count(device))
                context.messages.line(
                    fmt::format("warning: rule `{}` names device {}, which does not exist now",
                                rule.name, printable(device)));
    context.messages.flush();
}

// Also only a warning: a cgroup that is threaded now has no PASIDs charged, so its rule has no
// effect.
void warn_threaded_cgroups(Context &context, const policy::Policy &policy)
{
    const auto cgroups = context.environment.open_cgroups();
    for (const policy::Rule &rule : policy.rules)
        if (const std::string domain = cgroups->domain(rule.cgroup); domain != rule.cgroup)
            context.messages.line(fmt::format(
                "warning: rule `{}` has no effect: {} is now threaded; PASIDs of its threads are "
                "charged to {}",
                rule.name, printable(rule.cgroup), printable(domain)));
    context.messages.flush();
}

Result<Exit> apply(Context &context, const Options &options)
{
    auto compiled = compile_file(context, options.path);
    if (!compiled)
        return std::move(compiled).error();
    warn_missing_devices(context, compiled->policy);
    warn_threaded_cgroups(context, compiled->policy);
    if (options.dry_run)
        return dry_run(context, *compiled);
    const auto store = context.environment.open_policies();
    const auto already = active_generation_if_equal(*store, compiled->policy);
    if (!already)
        return already.error();
    if (!*already) {
        if (auto ready = prepare_image(context, *compiled->image); !ready)
            return ready.error();
        if (auto installed = store->install(*compiled->image); !installed)
            return installed.error();
        context.done = "the policy was applied anyway";
    }
    const std::uint32_t generation = already->value_or(compiled->image->generation);
    if (context.json()) {
        Json object = Json::object();
        object["applied"] = true;
        object["unchanged"] = already->has_value();
        object["rules"] = compiled->policy.rules.size();
        object["generation"] = generation;
        context.out.line(json_text(object));
    } else {
        context.out.line(fmt::format("{} {}: {}, generation {}", *already ? "unchanged" : "applied",
                                     options.path, counted(compiled->policy.rules.size(), "rule"),
                                     generation));
    }
    return Exit::done;
}

} // namespace

Action setup_policy_apply(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("FILE", options->path, "The policy file; -: standard input")->required();
    app.add_flag("--dry-run", options->dry_run,
                 "Change nothing; show what would change and which cgroups exceed a limit");
    return [options](Context &context) { return apply(context, *options); };
}

} // namespace pasid
