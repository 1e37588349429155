// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_differences.hpp"
#include "cmd/policy_file.hpp"
#include "render/json.hpp"

#include <CLI/CLI.hpp>

namespace pasid {

namespace {

Result<Exit> diff(Context &context, const std::string &path)
{
    const auto compiled = compile_file(context, path);
    if (!compiled)
        return compiled.error();
    const auto installed = context.environment.open_policies()->installed();
    if (!installed)
        return installed.error();

    policy::Policy before;
    if (*installed)
        before = policy::decompile(*(*installed)->image);
    const bool same = *installed && policy::same(before, compiled->policy);
    const Json differences = policy_differences(before, compiled->policy);
    if (context.json()) {
        Json object = Json::object();
        object["same"] = same;
        object["installed"] = installed->has_value();
        object["differences"] = same ? Json::array() : differences;
        context.out.line(json_text(object));
    } else if (!same) {
        if (!*installed)
            context.note("no policy is active");
        for (const std::string &line : difference_lines(differences))
            context.out.line(line);
    }
    return same ? Exit::done : Exit::negative;
}

} // namespace

Action setup_policy_diff(CLI::App &app)
{
    const auto path = std::make_shared<std::string>();
    app.add_option("FILE", *path, "The policy file; -: standard input")->required();
    return [path](Context &context) -> Result<Exit> {
        auto result = diff(context, *path);
        // Exit status 1 means different, so it must not report a failure.
        if (!result && result.error().exit == Exit::negative)
            result.error().exit = Exit::usage;
        return result;
    };
}

} // namespace pasid
