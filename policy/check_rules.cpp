// SPDX-License-Identifier: GPL-2.0-only
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/lookalike.hpp"
#include "policy/passes.hpp"

namespace pasid::policy {

namespace {

constexpr std::uint64_t pasids_there_are = 1u << 20;

std::string describe(const Rule &rule)
{
    if (rule.name.empty())
        return fmt::format("on line {}", rule.at.line);
    return fmt::format("`{}` (line {})", rule.name, rule.at.line);
}

bool restricts(const Rule &rule)
{
    return rule.max_at.line || rule.max_bindings_at.line || rule.rate_at.line ||
           rule.range_at.line || rule.devices_at.line || rule.owner_at.line;
}

void check_limits(const Rule &rule, Diagnostics &diagnostics)
{
    if (!restricts(rule))
        diagnostics.warning(rule.at, fmt::format("the rule `{}` limits nothing", rule.name),
                            "add `max: COUNT`, or `max: max` for no limit");
    if (rule.max == IOASID_UNLIMITED)
        return;
    if (rule.max >= pasids_there_are)
        diagnostics.warning(rule.max_at, fmt::format("{} is more PASIDs than can exist", rule.max),
                            fmt::format("a PASID has 20 bits: {} at most; write `max` for no limit",
                                        pasids_there_are - 1));
    if (rule.range.last && rule.max > rule.range.last - rule.range.first + 1)
        diagnostics.warning(rule.max_at,
                            fmt::format("the limit {} exceeds the {} PASIDs in the range", rule.max,
                                        rule.range.last - rule.range.first + 1),
                            "only the range has an effect");
    if (rule.max == 0 && rule.mode == IOASID_MODE_AUDIT)
        diagnostics.warning(rule.max_at, "every allocation will be reported, none denied",
                            "that is what `max: 0` with `mode: audit` means");
}

// "rate, devices": keys of the rule other than counts; "": none.
std::string restrictions_of(const Rule &rule)
{
    std::vector<std::string_view> names;
    const std::pair<std::string_view, bool> all[] = {{"rate", rule.rate.count != 0},
                                                     {"range", rule.range.last != 0},
                                                     {"devices", !rule.devices.empty()},
                                                     {"owner", rule.owner != IOASID_OWNER_UNSET}};
    for (const auto &[name, given] : all)
        if (given)
            names.push_back(name);
    return names.empty() ? std::string() : fmt::format("{}", fmt::join(names, ", "));
}

// The rule of the cgroup @path: the most specific one, or the first of several. nullptr: none.
const Rule *rule_of(const Context &context, std::string_view path)
{
    const Pattern *best = nullptr;
    const Rule *rule = nullptr;
    for (std::size_t i = 0; i < context.patterns.size(); i++) {
        const Pattern &pattern = context.patterns[i];
        if (pattern.matches(path) && (!best || std::is_gt(pattern.compare_specificity(*best)))) {
            best = &pattern;
            rule = &context.rule_of(i);
        }
    }
    return rule;
}

// The rules of the ancestors of @rule's cgroup, nearest first. Only the part of the path before the
// first * is considered, because * does not name a cgroup.
template <class Seen>
void for_each_above(const Context &context, const Rule &rule, const Seen &seen)
{
    std::size_t end = std::min(rule.cgroup.find('*'), rule.cgroup.size());
    while ((end = rule.cgroup.rfind('/', end - 1)) != 0 && end != std::string::npos)
        if (const Rule *above = rule_of(context, std::string_view(rule.cgroup).substr(0, end));
            above && above != &rule && !seen(*above))
            return;
}

// A limit that can never be reached, because an ancestor's is lower.
void check_ancestors(Context &context)
{
    for (const Rule &rule : context.policy.rules) {
        if (rule.max == IOASID_UNLIMITED || rule.mode == IOASID_MODE_AUDIT)
            continue;
        for_each_above(context, rule, [&](const Rule &above) {
            if (above.mode == IOASID_MODE_AUDIT || above.max >= rule.max)
                return true;
            context.diagnostics.warning(
                rule.max_at, fmt::format("the limit {} of `{}` has no effect", rule.max, rule.name),
                fmt::format("an ancestor is limited by rule {}, whose max is {}", describe(above),
                            above.max));
            return false;
        });
    }
}

// Keys that `inherit: false` removes, and combined ranges or device lists that leave nothing.
void check_inherited(Context &context)
{
    for (const Rule &rule : context.policy.rules) {
        Restrictions together;
        std::vector<const Rule *> above_it;
        together.add(rule);
        for_each_above(context, rule, [&](const Rule &above) {
            above_it.push_back(&above);
            return !above.no_inherit;
        });
        for (const Rule *above : above_it) {
            if (rule.no_inherit) {
                if (const std::string lifted = restrictions_of(*above); !lifted.empty())
                    context.diagnostics.warning(
                        rule.inherit_at,
                        fmt::format("`inherit: false` lifts {} of the rule {}", lifted,
                                    describe(*above)),
                        "remove this line to keep them for this cgroup");
                continue;
            }
            const bool had_number = !together.no_number;
            const bool had_device = !together.devices || !together.devices->empty();
            if (rule.mode == IOASID_MODE_AUDIT || above->mode == IOASID_MODE_AUDIT)
                continue;
            together.add(*above);
            if (had_number && together.no_number)
                context.diagnostics.warning(
                    rule.range_at.line ? rule.range_at : rule.at,
                    fmt::format("the ranges of `{}` and {} do not overlap", rule.name,
                                describe(*above)),
                    "both apply: add `inherit: false` to ignore the ancestor's");
            if (had_device && together.devices && together.devices->empty())
                context.diagnostics.warning(
                    rule.devices_at.line ? rule.devices_at : rule.at,
                    fmt::format("the device lists of `{}` and {} have nothing in common", rule.name,
                                describe(*above)),
                    "both apply: add `inherit: false` to ignore the ancestor's");
        }
    }
}

// With `distribution: reserve`, the children of a limit must fit into it. Patterns with * are
// ignored: the number of cgroups that they match is unknown.
void check_reserve(Context &context)
{
    if (context.policy.distribution != IOASID_DISTRIBUTION_RESERVE)
        return;
    std::map<const Rule *, std::uint64_t> granted; // nullptr: right under the root
    for (std::size_t i = 0; i < context.patterns.size(); i++) {
        const Rule &rule = context.rule_of(i);
        if (!context.patterns[i].literal() || rule.max == IOASID_UNLIMITED)
            continue;
        const Rule *parent = nullptr;
        for_each_above(context, rule, [&](const Rule &above) {
            parent = above.max == IOASID_UNLIMITED ? nullptr : &above;
            return !parent;
        });
        granted[parent] += std::min(rule.max, pasids_there_are);
    }
    for (const auto &[parent, sum] : granted) {
        const std::uint64_t limit = parent ? parent->max : pasids_there_are - 1;
        if (sum > limit)
            context.diagnostics.warning(
                parent ? parent->max_at : Position{1, 1},
                fmt::format("the limits under {} add up to {}, exceeding {}",
                            parent ? describe(*parent) : "the root cgroup", sum, limit),
                "with `distribution: reserve`, apply rejects this policy when these cgroups exist");
    }
}

// `\x2d` is how systemd writes a dash in a unit's name; in double quotes YAML makes it one.
void check_escapes(const Context &context, const Rule &rule)
{
    std::string_view text = context.source.text().substr(context.source.offset(rule.cgroup_at));
    if (!text.starts_with('"'))
        return;
    text = text.substr(0, text.find('"', 1));
    if (text.find("\\x") != text.npos)
        context.diagnostics.warning(
            rule.cgroup_at,
            fmt::format("YAML interprets escapes in double quotes: the pattern becomes {}",
                        quoted(rule.cgroup)),
            "systemd unit names contain the backslash, e.g. `a\\x2db.scope`: use single quotes or "
            "none");
}

void check_invisible(const Context &context, const Rule &rule)
{
    if (const Lookalike *odd = find_lookalike(rule.cgroup))
        context.diagnostics.warning(
            rule.cgroup_at, fmt::format("the cgroup pattern has {}", odd->name),
            odd->meant == "nothing" ? std::string("remove it if it is not intended")
                                    : fmt::format("did you mean {}?", odd->meant));
}

// Name and location, so that an error about two rules points to both.
std::string placed(const Context &context, const Rule &rule)
{
    const std::string place = fmt::format("{}:{}", context.source.filename(), rule.at.line);
    return rule.name.empty() ? "at " + place : fmt::format("`{}` ({})", rule.name, place);
}

void report_complexity(const Context &context)
{
    std::vector<std::string> names;
    for (std::uint32_t pattern : context.automaton.complex_patterns)
        names.push_back(placed(context, context.rule_of(pattern)));
    const Rule &first = context.automaton.complex_patterns.empty()
                            ? context.policy.rules.front()
                            : context.rule_of(context.automaton.complex_patterns.front());
    context.diagnostics.error(
        names.empty() ? first.at : first.cgroup_at,
        fmt::format("policy too complex: {}{}{}", context.automaton.too_complex,
                    names.empty() ? "" : ", mainly because of ", fmt::join(names, ", ")),
        "list the names instead of using * where there are only a few; `*` and `**` after literal "
        "components are cheap");
}

void report_ties(const Context &context)
{
    for (const auto &tie : context.automaton.ties) {
        const Rule *first = &context.rule_of(tie.first);
        const Rule *second = &context.rule_of(tie.second);
        if (second->at < first->at)
            std::swap(first, second);
        if (first->cgroup == second->cgroup)
            context.diagnostics.error(second->cgroup_at,
                                      fmt::format("rules {} and {} match the same cgroups",
                                                  placed(context, *first),
                                                  placed(context, *second)),
                                      "remove one of the two");
        else
            context.diagnostics.warning(
                second->cgroup_at,
                fmt::format("the rules {} and {} are equally specific and both match {}",
                            placed(context, *first), placed(context, *second), quoted(tie.path)),
                "the first one in the file is used; make one more specific to avoid this");
    }
}

// Keys that say nothing without another one.
void check_dependencies(const Rule &rule, Diagnostics &diagnostics)
{
    if (rule.burst_at.line && !rule.rate_at.line)
        diagnostics.error(rule.burst_at, "`burst` without `rate`",
                          "add a rate, e.g. `rate: 1000/s`, or remove the line");
    if (rule.warn_at.line && rule.max_at.line == 0)
        diagnostics.error(rule.warn_at, "`warn` without `max`: there is no limit to warn about",
                          "add `max: COUNT`, or remove the line");
    else if (rule.warn_at.line && (rule.max == IOASID_UNLIMITED || rule.max == 0))
        diagnostics.error(
            rule.warn_at,
            fmt::format("`warn` can never happen with `max: {}`", rule.max == 0 ? "0" : "max"),
            "remove the line, or set `max` to at least 1");
}

} // namespace

bool check_key_dependencies(Context &context)
{
    for (const Rule &rule : context.policy.rules)
        check_dependencies(rule, context.diagnostics);
    return true;
}

bool check_names(Context &context)
{
    std::map<std::string_view, const Rule *> names;
    for (const Rule &rule : context.policy.rules) {
        if (!rule.name_at.line)
            continue;
        auto [first, added] = names.emplace(rule.name, &rule);
        if (!added)
            context.diagnostics.error(rule.name_at,
                                      fmt::format("two rules are named `{}`, the first on line {}",
                                                  rule.name, first->second->name_at.line),
                                      "rule names must be unique");
    }
    return true;
}

bool read_patterns(Context &context)
{
    for (std::uint32_t i = 0; i < context.policy.rules.size(); i++) {
        const Rule &rule = context.policy.rules[i];
        if (!rule.cgroup_at.line)
            continue;
        PatternResult result = parse_pattern(rule.cgroup);
        if (!result.ok) {
            Position at = rule.cgroup_at;
            std::string_view line = context.source.line(at.line);
            // Point into the pattern only if the file contains it verbatim.
            std::size_t start = at.column - 1;
            if (start <= line.size() && line.substr(start).starts_with(rule.cgroup))
                at.column += static_cast<std::uint32_t>(result.offset);
            context.diagnostics.error(at, result.message, result.help);
            continue;
        }
        check_escapes(context, rule);
        check_invisible(context, rule);
        context.patterns.push_back(std::move(result.pattern));
        context.pattern_rules.push_back(i);
    }
    return true;
}

bool match_patterns(Context &context)
{
    context.automaton = build_automaton(context.patterns);
    if (!context.automaton.too_complex.empty()) {
        report_complexity(context);
        return false;
    }
    report_ties(context);
    return true;
}

bool check_rule_semantics(Context &context)
{
    // Skip warnings if there are errors.
    if (context.diagnostics.failed())
        return false;
    for (const Rule &rule : context.policy.rules)
        check_limits(rule, context.diagnostics);
    check_ancestors(context);
    check_inherited(context);
    check_reserve(context);
    for (const auto &hidden : context.automaton.hidden) {
        const Rule &rule = context.rule_of(hidden.pattern);
        const Rule &by = context.rule_of(hidden.by);
        context.diagnostics.warning(
            rule.cgroup_at, fmt::format("the rule `{}` can never apply", rule.name),
            hidden.path.empty()
                ? std::string("more specific rules cover all cgroups that it matches")
                : fmt::format(
                      "more specific rules cover all cgroups that it matches, e.g. {}: rule {}",
                      quoted(hidden.path), describe(by)));
    }
    return true;
}

} // namespace pasid::policy
