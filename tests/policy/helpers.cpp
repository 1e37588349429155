// SPDX-License-Identifier: GPL-2.0-only
#include "helpers.hpp"

#include <fmt/format.h>

namespace pasid::policy {

namespace {

bool match_name(std::string_view glob, std::string_view name)
{
    if (glob.empty())
        return name.empty();
    if (glob[0] == '*')
        return match_name(glob.substr(1), name) ||
               (!name.empty() && match_name(glob, name.substr(1)));
    return !name.empty() && glob[0] == name[0] && match_name(glob.substr(1), name.substr(1));
}

std::vector<std::string_view> split(std::string_view path)
{
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        std::size_t end = std::min(path.find('/'), path.size());
        if (end)
            parts.push_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return parts;
}

using Parts = std::vector<std::string_view>;

bool match_parts(const Parts &pattern, std::size_t p, const Parts &path, std::size_t c)
{
    if (p == pattern.size())
        return c == path.size();
    if (pattern[p] == "**")
        return match_parts(pattern, p + 1, path, c) ||
               (c < path.size() && match_parts(pattern, p, path, c + 1));
    return c < path.size() && match_name(pattern[p], path[c]) &&
           match_parts(pattern, p + 1, path, c + 1);
}

} // namespace

std::string policy_text(const std::vector<PatternMax> &rules, std::string_view default_max)
{
    std::string out = fmt::format("version: 1\ndefaults:\n  max: {}\nrules:{}\n", default_max,
                                  rules.empty() ? " []" : "");
    for (std::size_t i = 0; i < rules.size(); i++)
        out += fmt::format("  - name: r{}\n    cgroup: {}\n    max: {}\n", i, rules[i].cgroup,
                           rules[i].max);
    return out;
}

std::string summary(const std::vector<Diagnostic> &diagnostics)
{
    std::string out;
    for (const Diagnostic &d : diagnostics)
        out += fmt::format("{}:{}: {}: {} | {}\n", d.line, d.column,
                           d.severity == Severity::error ? "error" : "warning", d.message, d.help);
    return out;
}

bool naive_match(std::string_view pattern, std::string_view path)
{
    auto components = split(path);
    // No rule applies to the root cgroup.
    return !components.empty() && match_parts(split(pattern), 0, components, 0);
}

} // namespace pasid::policy
