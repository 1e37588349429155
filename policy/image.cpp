// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>
#include <ioasid/match.h>

#include "policy/fields.hpp"
#include "policy/layout.hpp"
#include "policy/passes.hpp"

namespace pasid::policy {

namespace {

// false: the strings are too long together.
template <class Fields, class Object, class Image>
bool pack(const Fields &fields, const Object &from, Image &to, ioasid_policy_image &whole)
{
    return std::all_of(fields.begin(), fields.end(),
                       [&](const auto &field) { return field.pack(from, to, whole); });
}

template <class Fields, class Image, class Object>
void unpack(const Fields &fields, const Image &from, Object &to, const ioasid_policy_image &whole)
{
    for (const auto &field : fields)
        field.unpack(from, to, whole);
}

template <class Fields, class Object>
bool same(const Fields &fields, const Object &a, const Object &b)
{
    return std::all_of(fields.begin(), fields.end(),
                       [&](const auto &field) { return field.same(a, b); });
}

} // namespace

bool fill_image(Context &context)
{
    if (context.diagnostics.failed())
        return false;
    auto image = std::make_unique<ioasid_policy_image>();
    image->abi = IOASID_POLICY_ABI;
    pack(default_fields(), context.policy, *image, *image);
    for (const Rule &rule : context.policy.rules)
        if (!pack(rule_fields(), rule, image->rules[image->nr_rules++], *image)) {
            context.diagnostics.error(rule.cgroup_at,
                                      "policy too complex: the cgroup patterns are too "
                                      "long in total",
                                      fmt::format("at most {} bytes", IOASID_STRING_BYTES));
            return false;
        }
    if (!lay_out(context.automaton, *image)) {
        context.diagnostics.error(context.policy.rules.front().at,
                                  fmt::format("policy too complex: the patterns "
                                              "together need more than {} edges",
                                              IOASID_MATCH_EDGES),
                                  "use fewer rules, or patterns with fewer *");
        return false;
    }
    stamp(*image, context.options.generation, context.options.first_rule_id);
    context.image = std::move(image);
    return true;
}

void stamp(ioasid_policy_image &image, std::uint32_t generation, std::uint32_t first_rule_id)
{
    image.generation = generation;
    image.first_rule_id = first_rule_id;
    for (std::uint32_t i = 0; i < image.nr_rules; i++)
        image.rules[i].id = first_rule_id + i;
}

bool readable(const ioasid_policy_image &image)
{
    if (image.abi != IOASID_POLICY_ABI || image.nr_rules > IOASID_MAX_RULES ||
        image.distribution >= IOASID_NR_DISTRIBUTIONS)
        return false;
    return std::all_of(image.rules, image.rules + image.nr_rules, [](const ioasid_rule &rule) {
        return rule.mode < IOASID_NR_MODES && rule.owner < IOASID_NR_OWNERS &&
               rule.nr_devices <= IOASID_RULE_DEVICES;
    });
}

Policy decompile(const ioasid_policy_image &image)
{
    Policy policy;
    unpack(default_fields(), image, policy, image);
    policy.rules.resize(std::min<std::uint32_t>(image.nr_rules, IOASID_MAX_RULES));
    for (std::size_t i = 0; i < policy.rules.size(); i++)
        unpack(rule_fields(), image.rules[i], policy.rules[i], image);
    return policy;
}

void Restrictions::add(const Rule &rule)
{
    if (rule.range.last) {
        range.first = std::max(range.first, rule.range.first);
        range.last = range.last ? std::min(range.last, rule.range.last) : rule.range.last;
        no_number = range.first > range.last;
    }
    if (!rule.devices.empty() && !devices)
        devices = rule.devices;
    else if (!rule.devices.empty())
        std::erase_if(*devices, [&](const std::string &device) {
            return std::find(rule.devices.begin(), rule.devices.end(), device) ==
                   rule.devices.end();
        });
    if (rule.owner != IOASID_OWNER_UNSET && (owner == IOASID_OWNER_UNSET || rule.owner < owner))
        owner = rule.owner;
}

bool same(const Policy &a, const Policy &b)
{
    auto sorted = [](const Policy &policy) {
        std::vector<const Rule *> rules;
        for (const Rule &rule : policy.rules)
            rules.push_back(&rule);
        std::sort(rules.begin(), rules.end(),
                  [](const Rule *x, const Rule *y) { return x->name < y->name; });
        return rules;
    };
    auto equal = [](const Rule *x, const Rule *y) { return same(rule_fields(), *x, *y); };
    auto left = sorted(a), right = sorted(b);
    return same(default_fields(), a, b) &&
           std::equal(left.begin(), left.end(), right.begin(), right.end(), equal);
}

Match match(const ioasid_policy_image &image, std::string_view path)
{
    Match match{.state = IOASID_MATCH_START};
    std::array<char, IOASID_CGROUP_NAME_LEN> name;

    while (!path.empty()) {
        std::size_t end = std::min(path.find('/'), path.size());
        std::string_view component = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (component.empty())
            continue;
        if (component.size() >= name.size()) {
            match.state = IOASID_MATCH_NONE; // no cgroup has such a name
        } else {
            name[component.copy(name.data(), component.size())] = '\0';
            match.state = ioasid_match_step(&image, match.state, name.data());
        }
        match.rule = ioasid_match_rule(&image, match.state);
        if (match.rule)
            match.governor = match.rule;
    }
    return match;
}

} // namespace pasid::policy
