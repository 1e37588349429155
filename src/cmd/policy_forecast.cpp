// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/policy_forecast.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/snapshot.hpp"
#include "render/value.hpp"

namespace pasid {

namespace {

struct Level {
    Level *parent = nullptr;
    const ioasid_rule *rule = nullptr; // for exactly this cgroup
    bool governed = false;
    std::uint64_t own = 0;      // PASIDs of its own processes
    std::uint64_t held = 0;     // including its descendants
    std::uint64_t bindings = 0; // including its descendants
    std::uint64_t taken = 0;    // held, or reserved by descendants
    // by descendants, down to the next limit
    std::vector<std::pair<std::string, std::uint64_t>> reserved;

    bool enforced() const { return rule && rule->mode == IOASID_MODE_ENFORCE; }
    bool limits() const { return rule && rule->max != IOASID_UNLIMITED; }
};

// A parent's path sorts before its children's.
using Levels = std::map<std::string, Level>;

Level &level_at(Levels &levels, const ioasid_policy_image &image, const std::string &path)
{
    const auto [found, added] = levels.try_emplace(path);
    Level &level = found->second;
    if (!added)
        return level;
    const auto match = policy::match(image, path);
    level.governed = match.governor != 0;
    if (match.rule != 0 && match.rule <= IOASID_MAX_RULES)
        level.rule = &image.rules[match.rule - 1];
    if (path != "/")
        level.parent = &level_at(levels, image, parent_cgroup(path));
    return level;
}

LimitViolation violation_of(const std::string &path, const Level &level, std::string_view what,
                            std::uint64_t max, std::uint64_t current)
{
    LimitViolation violation;
    violation.cgroup = path;
    if (level.rule) {
        violation.rule = std::string(level.rule->name);
        violation.mode = static_cast<ioasid_mode>(level.rule->mode);
    }
    violation.what = what;
    violation.max = max;
    violation.current = current;
    return violation;
}

void check_over(const std::string &path, const Level &level, const ioasid_policy_image &image,
                std::vector<LimitViolation> &over)
{
    if (level.limits() && level.held > level.rule->max)
        over.push_back(violation_of(path, level, "pasids", level.rule->max, level.held));
    if (level.rule && level.bindings > level.rule->max_bindings)
        over.push_back(
            violation_of(path, level, "bindings", level.rule->max_bindings, level.bindings));
    if (!level.governed && level.own > image.default_max)
        over.push_back(violation_of(path, level, "pasids", image.default_max, level.own));
}

// Adds this level's use to its parent. All children must have been processed.
void reserve(const std::string &path, Level &level, std::uint64_t capacity,
             std::vector<LimitViolation> &overcommitted)
{
    level.taken += level.own;
    const bool limited = path == "/" || (level.enforced() && level.limits());
    const std::uint64_t max = path == "/" ? capacity : limited ? level.rule->max : 0;
    if (limited && level.taken > max && !level.reserved.empty()) {
        overcommitted.push_back(violation_of(path, level, "reserved", max, level.taken));
        auto &by = overcommitted.back().reserved;
        by = level.reserved;
        std::sort(by.begin(), by.end(), [](auto &a, auto &b) {
            return a.second != b.second ? a.second > b.second : a.first < b.first;
        });
    }
    if (!level.parent)
        return;
    if (limited) {
        level.taken = std::max(level.taken, max);
        if (max)
            level.parent->reserved.emplace_back(path, max);
    } else {
        auto &above = level.parent->reserved;
        above.insert(above.end(), level.reserved.begin(), level.reserved.end());
    }
    level.parent->taken += level.taken;
}

} // namespace

Forecast forecast(const ioasid_policy_image &image, const std::vector<std::string> &cgroups,
                  const std::vector<LocalUsage> &holdings, std::uint64_t capacity)
{
    Levels levels;
    Forecast result;
    result.capacity = capacity;
    for (const std::string &path : cgroups)
        level_at(levels, image, path);
    for (const LocalUsage &holding : holdings) {
        Level *level = &level_at(levels, image, holding.cgroup);
        level->own += holding.pasids;
        for (; level; level = level->parent) {
            level->held += holding.pasids;
            level->bindings += holding.bindings;
        }
    }
    for (auto &[path, level] : levels)
        check_over(path, level, image, result.over);
    if (image.distribution == IOASID_DISTRIBUTION_RESERVE)
        for (auto level = levels.rbegin(); level != levels.rend(); ++level)
            reserve(level->first, level->second, capacity, result.overcommitted);
    return result;
}

Result<Forecast> forecast_now(Context &context, const ioasid_policy_image &image)
{
    const auto cgroups_here = context.environment.open_cgroups();
    if (const auto whole = cgroups_here->whole(); !whole)
        return whole.error();
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    const auto snapshot = (*feed)->snapshot(part_system | part_ioasids);
    if (!snapshot)
        return snapshot.error();
    const auto directories = cgroups_here->all();
    if (!directories)
        return directories.error();
    std::vector<std::string> cgroups;
    for (const CgroupDirectory &directory : *directories)
        cgroups.push_back(directory.path);
    std::map<std::string, LocalUsage> holdings;
    for (const Ioasid &ioasid : snapshot->ioasids) {
        if (ioasid.cgroup.empty() || ioasid.cgroup.front() != '/')
            continue; // held by the kernel, or of a removed cgroup
        LocalUsage &holding = holdings[ioasid.cgroup];
        holding.pasids++;
        holding.bindings += ioasid.devices.size();
    }
    std::vector<LocalUsage> list;
    for (auto &[path, holding] : holdings) {
        holding.cgroup = path;
        list.push_back(holding);
    }
    return forecast(image, cgroups, list, snapshot->system.capacity);
}

Result<void> prepare_image(Context &context, ioasid_policy_image &image)
{
    if (image.distribution != IOASID_DISTRIBUTION_RESERVE)
        return {}; // reading all PASIDs has a cost
    const auto forecast = forecast_now(context, image);
    if (!forecast)
        return forecast.error();
    image.capacity = forecast->capacity;
    if (forecast->overcommitted.empty())
        return {};
    return Error{
        "cannot apply the policy",
        "more PASIDs are reserved than available: " + to_text(forecast->overcommitted.front()),
        "lower these limits, or use `distribution: limit`; nothing was changed", 0, Exit::refused};
}

std::string to_text(const LimitViolation &violation)
{
    constexpr std::size_t named = 3;
    std::string out = fmt::format(
        "{}: {} {}, max is {} ({})", printable(violation.cgroup), violation.current,
        violation.what == "reserved" ? "reserved or held" : violation.what, violation.max,
        violation.rule                                            ? "rule " + *violation.rule
        : violation.cgroup == "/" && violation.what == "reserved" ? "the system capacity"
                                                                  : "the defaults");
    for (std::size_t i = 0; i < std::min(named, violation.reserved.size()); i++)
        out += fmt::format("{} {} {}", i ? "," : ":", printable(violation.reserved[i].first),
                           violation.reserved[i].second);
    if (violation.reserved.size() > named)
        out += fmt::format(" and {} more", violation.reserved.size() - named);
    return out;
}

} // namespace pasid
