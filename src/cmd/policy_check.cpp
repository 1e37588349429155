// SPDX-License-Identifier: GPL-2.0
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

Result<Exit> check(Context &context, const std::string &path)
{
    const auto text = read_policy_file(path);
    if (!text)
        return text.error();
    const policy::Compiled compiled = policy::compile(*text, path == "-" ? "<stdin>" : path);

    if (context.json()) {
        Json object = Json::object();
        object["result"] = result_of(compiled);
        object["rules"] = compiled.policy.rules.size();
        object["diagnostics"] = Json::parse(policy::to_json(compiled.diagnostics));
        context.out.line(json_text(object));
    } else {
        print_diagnostics(context, compiled);
        context.out.line(fmt::format("{}: {}", path, result_of(compiled)));
    }
    return compiled.ok() ? Exit::done : Exit::usage;
}

} // namespace

Action setup_policy_check(CLI::App &app)
{
    const auto path = std::make_shared<std::string>();
    app.add_option("FILE", *path, "The policy; -: standard input")->required();
    return [path](Context &context) { return check(context, *path); };
}

} // namespace pasid
