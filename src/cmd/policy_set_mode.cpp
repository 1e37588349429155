// SPDX-License-Identifier: GPL-2.0
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
    std::string rule; // empty: all of them
};

Error no_such_rule(const std::string &name, const ioasid_policy_image &image)
{
    std::string names;
    for (const policy::Rule &rule : policy::decompile(image).rules)
        names += (names.empty() ? "" : ", ") + rule.name;
    return Error{"rule " + name, "the policy in force has none of that name",
                 names.empty() ? "it has no rules" : "its rules: " + names, 0, Exit::negative};
}

// How many rules changed; nothing when there is no rule of that name.
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

Result<Exit> set_mode(Context &context, const Options &options)
{
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
        if (auto done = context.environment.open_policies()->install(*image); !done)
            return done.error();
    }
    if (context.json())
        context.out.line(json_text(
            {{"mode", options.mode}, {"changed", *changed}, {"generation", image->generation}}));
    else
        context.out.line(fmt::format("{}: {} changed, generation {}", options.mode,
                                     counted(*changed, "rule"), image->generation));
    return Exit::done;
}

} // namespace

Action setup_policy_set_mode(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    app.add_option("MODE", options->mode, "enforce, or audit: report only")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>(mode_names.begin(), mode_names.end())));
    app.add_option("--rule", options->rule, "Only of this rule")->type_name("NAME");
    return [options](Context &context) { return set_mode(context, *options); };
}

} // namespace pasid
