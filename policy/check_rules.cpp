// SPDX-License-Identifier: GPL-2.0
#include <map>

#include <fmt/format.h>

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
                            "add `max: COUNT`, or `max: max` to say that there is no limit");
    if (rule.max == IOASID_UNLIMITED)
        return;
    if (rule.max >= pasids_there_are)
        diagnostics.warning(rule.max_at, fmt::format("{} is more than there can ever be", rule.max),
                            fmt::format("a PASID has 20 bits: {} at most; write `max` for no limit",
                                        pasids_there_are - 1));
    if (rule.range.last && rule.max > rule.range.last - rule.range.first + 1)
        diagnostics.warning(rule.max_at,
                            fmt::format("the limit {} is more than the {} numbers of the range",
                                        rule.max, rule.range.last - rule.range.first + 1),
                            "the range is what limits");
    if (rule.max == 0 && rule.mode == IOASID_MODE_AUDIT)
        diagnostics.warning(rule.max_at, "every allocation will be reported, none refused",
                            "that is what `max: 0` with `mode: audit` means");
}

// A rule whose limit can never be reached since one above it is lower.
void check_ancestors(Context &context)
{
    std::map<std::string, const Rule *> literal;
    for (std::size_t i = 0; i < context.patterns.size(); i++)
        if (context.patterns[i].literal()) {
            const Rule &rule = context.policy.rules[context.pattern_rules[i]];
            literal.emplace(rule.cgroup, &rule);
        }
    for (const Rule &rule : context.policy.rules) {
        if (rule.max == IOASID_UNLIMITED || rule.mode == IOASID_MODE_AUDIT)
            continue;
        for (std::size_t end = rule.cgroup.rfind('/'); end != 0 && end != std::string::npos;
             end = rule.cgroup.rfind('/', end - 1)) {
            auto above = literal.find(rule.cgroup.substr(0, end));
            if (above == literal.end() || above->second->mode == IOASID_MODE_AUDIT ||
                above->second->max >= rule.max)
                continue;
            context.diagnostics.warning(
                rule.max_at,
                fmt::format("the limit {} of `{}` can never be reached", rule.max, rule.name),
                fmt::format("the cgroup lies under the rule {}, whose max is {}",
                            describe(*above->second), above->second->max));
            break;
        }
    }
}

// So that both places of an error about two rules can be gone to.
std::string placed(const Context &context, const Rule &rule)
{
    const std::string place = fmt::format("{}:{}", context.source.filename(), rule.at.line);
    return rule.name.empty() ? "at " + place : fmt::format("`{}` ({})", rule.name, place);
}

void report_ties(const Context &context)
{
    for (const auto &tie : context.automaton.ties) {
        const Rule *first = &context.policy.rules[context.pattern_rules[tie.first]];
        const Rule *second = &context.policy.rules[context.pattern_rules[tie.second]];
        if (second->at < first->at)
            std::swap(first, second);
        bool equal = first->cgroup == second->cgroup;
        context.diagnostics.error(
            second->cgroup_at,
            equal
                ? fmt::format("the rules {} and {} are for the same cgroups",
                              placed(context, *first), placed(context, *second))
                : fmt::format("the rules {} and {} are equally specific and both match {}",
                              placed(context, *first), placed(context, *second), quoted(tie.path)),
            equal ? "remove one of the two"
                  : "make one more specific, or add a more specific rule for what both match");
    }
}

// Keys that say nothing without another one.
void check_together(const Rule &rule, Diagnostics &diagnostics)
{
    if (rule.burst_at.line && !rule.rate_at.line)
        diagnostics.error(rule.burst_at, "`burst` without `rate`",
                          "add a rate, as `rate: 1000/s`, or remove the line");
    if (rule.warn_at.line && rule.max_at.line == 0)
        diagnostics.error(rule.warn_at, "`warn` without `max`: there is nothing to warn of",
                          "add `max: COUNT`, or remove the line");
    else if (rule.warn_at.line && (rule.max == IOASID_UNLIMITED || rule.max == 0))
        diagnostics.error(
            rule.warn_at,
            fmt::format("`warn` can never happen with `max: {}`", rule.max == 0 ? "0" : "max"),
            "remove the line, or give `max` a count from 1");
}

} // namespace

Pass make_check_together()
{
    return {"check_together", [](Context &context) {
                for (const Rule &rule : context.policy.rules)
                    check_together(rule, context.diagnostics);
                return true;
            }};
}

Pass make_check_names()
{
    return {"check_names", [](Context &context) {
                std::map<std::string_view, const Rule *> names;
                for (const Rule &rule : context.policy.rules) {
                    if (!rule.name_at.line)
                        continue;
                    auto [first, added] = names.emplace(rule.name, &rule);
                    if (!added)
                        context.diagnostics.error(
                            rule.name_at,
                            fmt::format("two rules are named `{}`, the first on line {}", rule.name,
                                        first->second->name_at.line),
                            "denials and reports call a rule by its name: choose another");
                }
                return true;
            }};
}

Pass make_read_patterns()
{
    return {"read_patterns", [](Context &context) {
                for (std::uint32_t i = 0; i < context.policy.rules.size(); i++) {
                    const Rule &rule = context.policy.rules[i];
                    if (!rule.cgroup_at.line)
                        continue;
                    PatternResult result = parse_pattern(rule.cgroup);
                    if (!result.ok) {
                        Position at = rule.cgroup_at;
                        std::string_view line = context.source.line(at.line);
                        // Only where the text stands in the file as it is can we point into it.
                        std::size_t start = at.column - 1;
                        if (start <= line.size() && line.substr(start).starts_with(rule.cgroup))
                            at.column += static_cast<std::uint32_t>(result.offset);
                        context.diagnostics.error(at, result.message, result.help);
                        continue;
                    }
                    context.patterns.push_back(std::move(result.pattern));
                    context.pattern_rules.push_back(i);
                }
                return true;
            }};
}

Pass make_build_automaton()
{
    return {"build_automaton", [](Context &context) {
                context.automaton = build_automaton(context.patterns);
                if (!context.automaton.too_complex.empty()) {
                    context.diagnostics.error(
                        context.policy.rules.front().at,
                        fmt::format("policy too complex: {}", context.automaton.too_complex),
                        "use fewer `**` and fewer patterns with several * in one component");
                    return false;
                }
                report_ties(context);
                return true;
            }};
}

Pass make_check_sense()
{
    return {"check_sense",
            [](Context &context) {
        // What is wrong comes first: half a policy makes little sense anyway.
        if (context.diagnostics.failed())
            return false;
        for (const Rule &rule : context.policy.rules)
            check_limits(rule, context.diagnostics);
        check_ancestors(context);
        for (const auto &hidden : context.automaton.hidden) {
            const Rule &rule = context.policy.rules[context.pattern_rules[hidden.pattern]];
            const Rule &by = context.policy.rules[context.pattern_rules[hidden.by]];
            context.diagnostics.warning(
                rule.cgroup_at, fmt::format("the rule `{}` can never apply", rule.name),
                hidden.path.empty()
                    ? std::string("whatever it matches is under more specific rules")
                    : fmt::format("what it matches is under more specific rules: {} under {}",
                                  quoted(hidden.path), describe(by)));
        }
        return true;
            }};
}

} // namespace pasid::policy
