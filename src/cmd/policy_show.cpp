// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_file.hpp"
#include "cmd/policy_rule.hpp"
#include "render/json.hpp"

namespace pasid {

namespace {

Result<Exit> show(Context &context)
{
    const auto installed = need_policy(context);
    if (!installed)
        return installed.error();
    const policy::Policy policy = policy::decompile(*installed->image);
    std::string yaml = policy::to_yaml(policy);
    if (!context.json()) {
        if (!yaml.empty() && yaml.back() == '\n')
            yaml.pop_back();
        context.out.line(yaml);
        return Exit::done;
    }
    Json object = Json::object();
    object["generation"] = installed->generation;
    object["applied_ns"] = installed->applied_ns;
    object["default_max"] = limit_json(policy.default_max);
    object["distribution"] =
        policy.distribution == IOASID_DISTRIBUTION_RESERVE ? "reserve" : "limit";
    object["rules"] = Json::array();
    for (const policy::Rule &rule : policy.rules)
        object["rules"].push_back(rule_json(rule));
    object["yaml"] = yaml;
    context.out.line(json_text(object));
    return Exit::done;
}

} // namespace

Action setup_policy_show(CLI::App &) { return show; }

} // namespace pasid
