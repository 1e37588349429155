// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_differences.hpp"

#include <algorithm>
#include <set>
#include <sstream>

namespace pasid {

namespace {

// YAML of everything except the rules, or of one rule alone. Comparing the YAML covers every key,
// including those added later.
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
        else if (in_rules == (rule != nullptr) && line.rfind("version:", 0) != 0)
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

std::vector<std::string> lines_of(const policy::Policy &policy, const std::string &name)
{
    const policy::Rule *rule = find_rule(policy, name);
    return rule ? yaml_lines(policy, rule) : std::vector<std::string>{};
}

void compare(Json &differences, const std::string &what, const std::vector<std::string> &before,
             const std::vector<std::string> &after)
{
    if (before == after)
        return;
    const char *change = before.empty() ? "added" : after.empty() ? "removed" : "changed";
    differences.push_back(
        {{"what", what}, {"change", change}, {"before", before}, {"after", after}});
}

// Marks common lines with a blank, using the longest common subsequence.
void add_marked(std::vector<std::string> &lines, const std::vector<std::string> &before,
                const std::vector<std::string> &after)
{
    // common[i][j]: length of the longest common subsequence of before[i...] and after[j...]
    std::vector<std::vector<std::size_t>> common(before.size() + 1,
                                                 std::vector<std::size_t>(after.size() + 1));
    for (std::size_t i = before.size(); i-- > 0;)
        for (std::size_t j = after.size(); j-- > 0;)
            common[i][j] = before[i] == after[j] ? common[i + 1][j + 1] + 1
                                                 : std::max(common[i + 1][j], common[i][j + 1]);
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < before.size() || j < after.size()) {
        if (i < before.size() && j < after.size() && before[i] == after[j]) {
            lines.push_back(' ' + before[i++]);
            j++;
        } else if (j == after.size() ||
                   (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
            lines.push_back('-' + before[i++]);
        } else {
            lines.push_back('+' + after[j++]);
        }
    }
}

} // namespace

Json policy_differences(const policy::Policy &before, const policy::Policy &after)
{
    Json differences = Json::array();
    compare(differences, "defaults", yaml_lines(before, nullptr), yaml_lines(after, nullptr));
    std::set<std::string> names;
    for (const policy::Policy *policy : {&before, &after})
        for (const policy::Rule &rule : policy->rules)
            if (names.insert(rule.name).second)
                compare(differences, rule.name, lines_of(before, rule.name),
                        lines_of(after, rule.name));
    return differences;
}

std::vector<std::string> difference_lines(const Json &differences)
{
    std::vector<std::string> lines;
    for (const Json &difference : differences)
        add_marked(lines, difference["before"].get<std::vector<std::string>>(),
                   difference["after"].get<std::vector<std::string>>());
    return lines;
}

} // namespace pasid
