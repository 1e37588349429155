// SPDX-License-Identifier: GPL-2.0-only
#include <algorithm>
#include <array>
#include <cstring>

#include <fmt/format.h>
#include <ioasid/match.h>

#include "policy/layout.hpp"
#include "policy/passes.hpp"

namespace pasid::policy {

namespace {

// Offset of the text's copy in the pool; the pool has place for every pattern there may be
// but the longest ones together.
bool add_string(ioasid_policy_image &image, std::string_view text, __u32 &offset)
{
    if (text.size() + 1 > IOASID_STRING_BYTES - image.nr_string_bytes)
        return false;
    offset = image.nr_string_bytes;
    text.copy(image.strings + offset, text.size());
    image.nr_string_bytes += static_cast<__u32>(text.size() + 1);
    return true;
}

bool add_rule(ioasid_policy_image &image, const Rule &rule)
{
    ioasid_rule &out = image.rules[image.nr_rules++];
    out.max = rule.max;
    out.max_bindings = rule.max_bindings;
    out.rate = rule.rate.count;
    out.rate_period_ns = rule.rate.period_ns;
    out.burst = rule.bucket();
    out.range_min = rule.range.first;
    out.range_max = rule.range.last;
    out.warn_percent = rule.warn_percent;
    out.owner = rule.owner;
    out.mode = rule.mode;
    out.alone = rule.alone;
    rule.name.copy(out.name, IOASID_RULE_NAME_LEN - 1);
    for (const std::string &device : rule.devices) {
        __u32 offset = 0;
        if (!add_string(image, device, offset))
            return false;
        if (out.nr_devices++ == 0)
            out.devices = offset;
    }
    return add_string(image, rule.cgroup, out.pattern);
}

template <std::size_t N> std::string_view bounded(const char (&text)[N])
{
    return {text, strnlen(text, N)};
}

std::string_view string_at(const ioasid_policy_image &image, __u32 offset)
{
    if (offset >= IOASID_STRING_BYTES)
        return {};
    return {image.strings + offset, strnlen(image.strings + offset, IOASID_STRING_BYTES - offset)};
}

} // namespace

Pass make_fill_image()
{
    return {"fill_image",
            [](Context &context) {
        if (context.diagnostics.failed())
            return false;
        auto image = std::make_unique<ioasid_policy_image>();
        image->abi = IOASID_POLICY_ABI;
        image->default_max = context.policy.default_max;
        image->distribution = context.policy.distribution;
        for (const Rule &rule : context.policy.rules)
            if (!add_rule(*image, rule)) {
                context.diagnostics.error(rule.cgroup_at,
                                          "policy too complex: the cgroup patterns are too "
                                          "long together",
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
            }};
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

namespace {

std::vector<std::string> devices_of(const ioasid_policy_image &image, const ioasid_rule &rule)
{
    std::vector<std::string> devices;
    __u32 offset = rule.devices;
    for (__u32 i = 0; i < std::min<__u32>(rule.nr_devices, IOASID_RULE_DEVICES); i++) {
        devices.emplace_back(string_at(image, offset));
        offset += static_cast<__u32>(devices.back().size() + 1);
    }
    return devices;
}

// readable() refuses what this program does not know.
template <class T> T known(std::uint32_t value, T end)
{
    return value < static_cast<std::uint32_t>(end) ? static_cast<T>(value) : T{};
}

Rule rule_of(const ioasid_policy_image &image, const ioasid_rule &from)
{
    Rule rule;
    rule.name = bounded(from.name);
    rule.cgroup = string_at(image, from.pattern);
    rule.max = from.max;
    rule.max_bindings = from.max_bindings;
    rule.rate = {from.rate, from.rate_period_ns};
    rule.burst = from.burst == from.rate ? 0 : from.burst;
    rule.range = {from.range_min, from.range_max};
    rule.devices = devices_of(image, from);
    rule.owner = known(from.owner, IOASID_NR_OWNERS);
    rule.mode = known(from.mode, IOASID_NR_MODES);
    rule.warn_percent = from.warn_percent;
    rule.alone = from.alone;
    return rule;
}

// The order of devices does not count.
bool same_rule(const Rule &x, const Rule &y)
{
    return x.name == y.name && x.cgroup == y.cgroup && x.max == y.max &&
           x.max_bindings == y.max_bindings && x.rate == y.rate && x.bucket() == y.bucket() &&
           x.range == y.range && x.owner == y.owner && x.mode == y.mode &&
           x.warn_percent == y.warn_percent && x.alone == y.alone &&
           std::is_permutation(x.devices.begin(), x.devices.end(), y.devices.begin(),
                               y.devices.end());
}

} // namespace

Policy decompile(const ioasid_policy_image &image)
{
    Policy policy;
    policy.default_max = image.default_max;
    policy.distribution = known(image.distribution, IOASID_NR_DISTRIBUTIONS);
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(image.nr_rules, IOASID_MAX_RULES); i++)
        policy.rules.push_back(rule_of(image, image.rules[i]));
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
    auto equal = [](const Rule *x, const Rule *y) { return same_rule(*x, *y); };
    auto left = sorted(a), right = sorted(b);
    return a.default_max == b.default_max && a.distribution == b.distribution &&
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
