// SPDX-License-Identifier: GPL-2.0-only
#include "lib/policy_store.hpp"

#include <cstring>

namespace pasid {

namespace {

const ioasid_rule *find_rule(const ioasid_policy_image *image, std::uint32_t id)
{
    if (!image || id < image->first_rule_id || id - image->first_rule_id >= image->nr_rules ||
        id - image->first_rule_id >= IOASID_MAX_RULES)
        return nullptr;
    return &image->rules[id - image->first_rule_id];
}

} // namespace

std::optional<std::string> rule_name(const InstalledPolicy &policy, std::uint32_t id)
{
    if (id == 0)
        return std::nullopt;
    const ioasid_rule *rule = find_rule(policy.image.get(), id);
    if (!rule)
        rule = find_rule(policy.previous.get(), id);
    if (!rule)
        return std::nullopt;
    return std::string(rule->name, strnlen(rule->name, sizeof(rule->name)));
}

} // namespace pasid
