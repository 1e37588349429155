// SPDX-License-Identifier: GPL-2.0
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
    out.max_bindings = IOASID_UNLIMITED;
    out.owner = IOASID_OWNER_PROCESS;
    out.mode = rule.mode;
    rule.name.copy(out.name, IOASID_RULE_NAME_LEN - 1);
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
    if (image.abi != IOASID_POLICY_ABI || image.nr_rules > IOASID_MAX_RULES)
        return false;
    return std::all_of(image.rules, image.rules + image.nr_rules,
                       [](const ioasid_rule &rule) { return rule.mode < IOASID_NR_MODES; });
}

Policy decompile(const ioasid_policy_image &image)
{
    Policy policy;
    policy.default_max = image.default_max;
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(image.nr_rules, IOASID_MAX_RULES); i++) {
        const ioasid_rule &from = image.rules[i];
        Rule rule;
        rule.name = bounded(from.name);
        rule.cgroup = string_at(image, from.pattern);
        rule.max = from.max;
        // readable() refuses modes that this program does not know.
        rule.mode =
            from.mode < IOASID_NR_MODES ? static_cast<ioasid_mode>(from.mode) : IOASID_MODE_ENFORCE;
        policy.rules.push_back(std::move(rule));
    }
    return policy;
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
    auto equal = [](const Rule *x, const Rule *y) {
        return x->name == y->name && x->cgroup == y->cgroup && x->max == y->max &&
               x->mode == y->mode;
    };
    auto left = sorted(a), right = sorted(b);
    return a.default_max == b.default_max &&
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
