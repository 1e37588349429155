// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_file.hpp"
#include "cmd/policy_forecast.hpp"
#include "model/names.hpp"
#include "render/json.hpp"
#include "render/value.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

struct Options {
    std::string mode;
    std::string rule; // empty: all rules
};

Error no_such_rule(const std::string &name, const ioasid_policy_image &image)
{
    std::string names;
    for (const policy::Rule &rule : policy::decompile(image).rules)
        names += (names.empty() ? "" : ", ") + rule.name;
    return Error{"rule " + name, "the active policy has no rule with that name",
                 names.empty() ? "it has no rules" : "its rules: " + names, 0, Exit::negative};
}

// Returns the number of rules changed; nothing if there is no rule with that name.
std::optional<std::size_t> change(ioasid_policy_image &image, const std::string &name,
                                  ioasid_mode mode)
{
    std::size_t found = 0, changed = 0;
    for (std::uint32_t i = 0; i < image.nr_rules; i++) {
        ioasid_rule &rule = image.rules[i];
        if (!name.empty() && name != rule.name)
            continue;
        found++;
        changed += rule.mode != mode;
        rule.mode = mode;
    }
    return found || name.empty() ? std::optional(changed) : std::nullopt;
}

struct ModeChange {
    std::size_t rules;
    std::uint32_t generation;
};

// Returns nothing if another policy was applied, or the policy removed, after it was read.
Result<std::optional<ModeChange>> try_set_mode(Context &context, const Options &options)
{
    const auto store = context.environment.open_policies();
    const auto version = store->version();
    if (!version)
        return version.error();
    const auto installed = need_policy(context);
    if (!installed)
        return installed.error();
    const auto image = std::make_unique<ioasid_policy_image>(*installed->image);
    const auto mode = std::find(mode_names.begin(), mode_names.end(), options.mode);
    const auto changed =
        change(*image, options.rule, static_cast<ioasid_mode>(mode - mode_names.begin()));
    if (!changed)
        return no_such_rule(options.rule, *image);
    if (*changed) {
        if (auto ready = prepare_image(context, *image); !ready)
            return ready.error();
        const auto done = store->install_over(*version, *image);
        if (!done)
            return done.error();
        if (!*done)
            return std::optional<ModeChange>{};
    }
    return std::optional(ModeChange{*changed, image->generation});
}

Result<Exit> set_mode(Context &context, const Options &options)
{
    for (int tries = 0; tries < 16; tries++) {
        const auto done = try_set_mode(context, options);
        if (!done)
            return done.error();
        if (!*done)
            continue;
        const auto [rules, generation] = **done;
        context.done = "the mode was set anyway";
        if (context.json())
            context.out.line(json_text(
                {{"mode", options.mode}, {"changed", rules}, {"generation", generation}}));
        else
            context.out.line(fmt::format("{}: {} changed, generation {}", options.mode,
                                         counted(rules, "rule"), generation));
        return Exit::done;
    }
    return system_error("cannot set the mode", EBUSY,
                        "the policy kept changing while it was read; try again");
}

} // namespace

Action setup_policy_set_mode(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("MODE", options->mode, "enforce, or audit to only report")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>(mode_names.begin(), mode_names.end())));
    app.add_option("--rule", options->rule, "Change only this rule")->type_name("NAME");
    return [options](Context &context) { return set_mode(context, *options); };
}

} // namespace pasid
