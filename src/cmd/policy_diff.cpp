// SPDX-License-Identifier: GPL-2.0
#include "cmd/policy_file.hpp"
#include "render/json.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

// Everything that a policy has besides @rules, or one rule alone, as YAML:
// whatever keys a rule has, it differs when its YAML does.
std::vector<std::string> yaml_lines(const policy::Policy &policy, const policy::Rule *rule)
{
    policy::Policy part = policy;
    part.rules.clear();
    if (rule)
        part.rules.push_back(*rule);
    std::istringstream text(policy::to_yaml(part));
    std::vector<std::string> lines;
    bool in_rules = false;
    for (std::string line; std::getline(text, line);) {
        if (line.rfind("rules:", 0) == 0)
            in_rules = true;
        else if (in_rules == (rule != nullptr))
            lines.push_back(line);
    }
    return lines;
}

const policy::Rule *find_rule(const policy::Policy &policy, const std::string &name)
{
    for (const policy::Rule &rule : policy.rules)
        if (rule.name == name)
            return &rule;
    return nullptr;
}

class Differences {
  public:
    Differences(const policy::Policy &before, const policy::Policy &after)
        : before_(before), after_(after)
    {
        compare("defaults", yaml_lines(before, nullptr), yaml_lines(after, nullptr));
        std::set<std::string> names;
        for (const policy::Policy *policy : {&before, &after})
            for (const policy::Rule &rule : policy->rules)
                if (names.insert(rule.name).second)
                    compare(rule.name, lines_of(before_, rule.name), lines_of(after_, rule.name));
    }

    const std::vector<std::string> &lines() const { return lines_; }
    const Json &json() const { return json_; }

  private:
    static std::vector<std::string> lines_of(const policy::Policy &policy, const std::string &name)
    {
        const policy::Rule *rule = find_rule(policy, name);
        return rule ? yaml_lines(policy, rule) : std::vector<std::string>{};
    }

    void compare(const std::string &what, const std::vector<std::string> &before,
                 const std::vector<std::string> &after)
    {
        if (before == after)
            return;
        for (const std::string &line : before)
            lines_.push_back("-" + line);
        for (const std::string &line : after)
            lines_.push_back("+" + line);
        json_.push_back({{"what", what},
                         {"change", before.empty()  ? "added"
                                    : after.empty() ? "removed"
                                                    : "changed"},
                         {"before", before},
                         {"after", after}});
    }

    const policy::Policy &before_;
    const policy::Policy &after_;
    std::vector<std::string> lines_;
    Json json_ = Json::array();
};

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
    const Differences differences(before, compiled->policy);
    if (context.json()) {
        Json object = Json::object();
        object["same"] = same;
        object["installed"] = installed->has_value();
        object["differences"] = same ? Json::array() : differences.json();
        context.out.line(json_text(object));
    } else if (!same) {
        if (!*installed)
            context.note("no policy is in force");
        for (const std::string &line : differences.lines())
            context.out.line(line);
    }
    return same ? Exit::done : Exit::negative;
}

} // namespace

Action setup_policy_diff(CLI::App &app)
{
    const auto path = std::make_shared<std::string>();
    app.add_option("FILE", *path, "The policy to compare with; -: standard input")->required();
    return [path](Context &context) -> Result<Exit> {
        auto result = diff(context, *path);
        // 1 means different; whatever went wrong is not that.
        if (!result && result.error().exit == Exit::negative)
            result.error().exit = Exit::usage;
        return result;
    };
}

} // namespace pasid
