// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_rule.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/fields.hpp"

namespace pasid {

namespace {

struct AsJson {
    Json operator()(const policy::Word &word) const { return word.text; }
    template <class T> Json operator()(const T &value) const { return value; }
};

struct AsText {
    std::string operator()(std::nullptr_t) const { return "-"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::uint64_t value) const { return fmt::format("{}", value); }
    std::string operator()(const std::string &text) const { return text; }
    std::string operator()(const policy::Word &word) const { return word.text; }
    std::string operator()(const std::vector<std::string> &list) const
    {
        return fmt::format("{}", fmt::join(list, " "));
    }
};

template <class Fields, class Object>
void add_fields(Json &json, const Fields &fields, const Object &object)
{
    for (const auto &field : fields)
        json[std::string(field.json_key)] = std::visit(AsJson{}, field.in_force(object));
}

} // namespace

Json rule_json(const policy::Rule &rule)
{
    Json json = Json::object();
    add_fields(json, policy::rule_fields(), rule);
    return json;
}

void add_defaults_json(Json &json, const policy::Policy &policy)
{
    add_fields(json, policy::default_fields(), policy);
}

std::vector<std::pair<std::string, std::string>> rule_details(const policy::Rule &rule)
{
    static constexpr std::array<std::string_view, 6> elsewhere = {"name",         "cgroup", "max",
                                                                  "max_bindings", "owner",  "mode"};
    std::vector<std::pair<std::string, std::string>> details;
    for (const policy::RuleField &field : policy::rule_fields()) {
        const policy::FieldValue value = field.given(rule);
        if (!std::holds_alternative<std::nullptr_t>(value) &&
            std::find(elsewhere.begin(), elsewhere.end(), field.key.name) == elsewhere.end())
            details.emplace_back(field.key.name, std::visit(AsText{}, value));
    }
    return details;
}

} // namespace pasid
