// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_rule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/names.hpp"

namespace pasid {

Json limit_json(std::uint64_t max) { return max == IOASID_UNLIMITED ? Json(nullptr) : Json(max); }

Json rule_json(const policy::Rule &rule)
{
    Json object = Json::object();
    object["name"] = rule.name;
    object["cgroup"] = rule.cgroup;
    object["max"] = limit_json(rule.max);
    object["max_bindings"] = limit_json(rule.max_bindings);
    object["rate"] = rule.rate.count ? Json(policy::rate_text(rule.rate)) : Json(nullptr);
    object["burst"] = rule.rate.count ? Json(rule.bucket()) : Json(nullptr);
    object["range"] = rule.range.last ? Json(policy::range_text(rule.range)) : Json(nullptr);
    object["devices"] = rule.devices.empty() ? Json(nullptr) : Json(rule.devices);
    object["owner"] = policy::owner_text(rule.owner);
    object["inherit"] = !rule.alone;
    object["mode"] = mode_name(rule.mode);
    object["warn_percent"] = rule.warn_percent ? Json(rule.warn_percent) : Json(nullptr);
    return object;
}

std::vector<std::pair<std::string, std::string>> rule_details(const policy::Rule &rule)
{
    std::vector<std::pair<std::string, std::string>> details;
    if (rule.rate.count)
        details.emplace_back(
            "rate", fmt::format("{}, burst {}", policy::rate_text(rule.rate), rule.bucket()));
    if (rule.range.last)
        details.emplace_back("range", policy::range_text(rule.range));
    if (!rule.devices.empty())
        details.emplace_back("devices", fmt::format("{}", fmt::join(rule.devices, " ")));
    if (rule.warn_percent)
        details.emplace_back("warn", fmt::format("{}%", rule.warn_percent));
    return details;
}

} // namespace pasid
