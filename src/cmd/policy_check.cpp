// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_file.hpp"
#include "render/json.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

std::string_view result_of(const policy::Compiled &compiled)
{
    if (!compiled.ok())
        return "errors";
    return compiled.diagnostics.empty() ? "ok" : "warnings";
}

struct CheckResult {
    std::string path;
    policy::Compiled compiled;
};

Json object_of(const CheckResult &file)
{
    Json object = Json::object();
    object["file"] = file.path;
    object["result"] = result_of(file.compiled);
    object["rules"] = file.compiled.policy.rules.size();
    object["diagnostics"] = Json::parse(policy::to_json(file.compiled.diagnostics));
    return object;
}

Result<Exit> check(Context &context, const std::vector<std::string> &paths)
{
    Json objects = Json::array();
    Exit exit = Exit::done;

    for (const std::string &path : paths) {
        const auto text = read_policy_file(path);
        if (!text)
            return text.error();
        const CheckResult file{path, policy::compile(*text, path == "-" ? "<stdin>" : path)};
        if (!file.compiled.ok())
            exit = Exit::usage;
        if (context.json()) {
            objects.push_back(object_of(file));
            continue;
        }
        print_diagnostics(context, file.compiled);
        context.out.line(fmt::format("{}: {}", path, result_of(file.compiled)));
    }
    if (context.json())
        context.out.line(json_text(objects.size() == 1 ? objects[0] : objects));
    return exit;
}

} // namespace

Action setup_policy_check(CLI::App &app)
{
    const auto paths = std::make_shared<std::vector<std::string>>();
    app.add_option("FILE", *paths, "Policy files; -: standard input")->required();
    return [paths](Context &context) { return check(context, *paths); };
}

} // namespace pasid
