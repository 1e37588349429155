// SPDX-License-Identifier: GPL-2.0-only
#include "policy/keys.hpp"

#include <fmt/format.h>

namespace pasid::policy {

namespace {

constexpr Choice modes[] = {
#define X(constant, name) {#name, IOASID_MODE_##constant},
    IOASID_MODES(X)
#undef X
};

constexpr Choice owners[] = {
#define X(constant, name) {#name, IOASID_OWNER_##constant},
    IOASID_OWNERS(X)
#undef X
};

constexpr Choice inheritance[] = {{"true", 0}, {"false", 1}};

constexpr Choice distributions[] = {
#define X(constant, name) {#name, IOASID_DISTRIBUTION_##constant},
    IOASID_DISTRIBUTIONS(X)
#undef X
};

using Store = void (*)(Policy &policy, Rule *rule, const Value &value);

template <auto field> using FieldOf = std::remove_reference_t<decltype(Rule{}.*field)>;

// Into a field of the rule, and where it was written: the part of a value that fits the field.
template <auto field, auto at> void put(Policy &, Rule *rule, const Value &value)
{
    using Field = FieldOf<field>;
    if constexpr (std::is_same_v<Field, std::string>)
        rule->*field = value.text;
    else if constexpr (std::is_same_v<Field, Rate>)
        rule->*field = value.rate;
    else if constexpr (std::is_same_v<Field, Range>)
        rule->*field = value.range;
    else if constexpr (std::is_same_v<Field, std::vector<std::string>>)
        rule->*field = value.list;
    else
        rule->*field = static_cast<Field>(value.number);
    rule->*at = value.at;
}

void put_default_max(Policy &policy, Rule *, const Value &value)
{
    policy.default_max = value.number;
}

void put_distribution(Policy &policy, Rule *, const Value &value)
{
    policy.distribution = static_cast<ioasid_distribution>(value.number);
}

constexpr std::string_view count = "a count or `max`";

// clang-format off
constexpr Key table[] = {
    {Where::top, "version", Type::version, true, "1", "version of this language", {}, nullptr},
    {Where::top, "defaults", Type::defaults, false, "keys with values",
     "for cgroups that no rule governs", {}, nullptr},
    {Where::top, "rules", Type::rules, false, "a list of rules",
     "one entry for each rule", {}, nullptr},

    {Where::defaults, "max", Type::count, false, count,
     "PASIDs that such a cgroup may hold at once; `max`, the default, is no limit",
     {}, put_default_max},
    {Where::defaults, "distribution", Type::choice, false, "`limit` or `reserve`",
     "limit: limits may add up to more than there is; reserve: they come out of what there is",
     distributions, put_distribution},

    {Where::rule, "name", Type::name, true, "1 to 63 of A-Z a-z 0-9 . _ -",
     "what denials and reports call the rule; unique", {}, put<&Rule::name, &Rule::name_at>},
    {Where::rule, "cgroup", Type::cgroup, true, "a cgroup v2 path, with * and **",
     "the cgroups it is for; the most specific rule wins",
     {}, put<&Rule::cgroup, &Rule::cgroup_at>},
    {Where::rule, "max", Type::count, false, count,
     "PASIDs held at once by the cgroup and all below it; `max` is no limit",
     {}, put<&Rule::max, &Rule::max_at>},
    {Where::rule, "max_bindings", Type::count, false, count,
     "device bindings held at once by the cgroup and all below it",
     {}, put<&Rule::max_bindings, &Rule::max_bindings_at>},
    {Where::rule, "rate", Type::rate, false, "a count and a time, as 1000/s, 60/m or 10/h",
     "allocations in a second, minute or hour, by the cgroup and all it governs together",
     {}, put<&Rule::rate, &Rule::rate_at>},
    {Where::rule, "burst", Type::tokens, false, "a count from 1 to 1048576",
     "allocations at once before the rate holds; as many as the rate's count without it",
     {}, put<&Rule::burst, &Rule::burst_at>},
    {Where::rule, "range", Type::range, false, "FIRST-LAST, as 0x100-0xfff, from 1 to 1048575",
     "the PASIDs that may be given out", {}, put<&Rule::range, &Rule::range_at>},
    {Where::rule, "devices", Type::devices, false, "a list of devices, as [\"sim0\"]",
     "the devices that may be bound; any without it", {}, put<&Rule::devices, &Rule::devices_at>},
    {Where::rule, "owner", Type::choice, false, "`process`, `cgroup` or `user`",
     "who of the same user may use a PASID; process, its holder, where no rule says it",
     owners, put<&Rule::owner, &Rule::owner_at>},
    {Where::rule, "inherit", Type::choice, false, "`true` or `false`",
     "false: rules of cgroups above restrict only counts here, not rate, range, devices and owner",
     inheritance, put<&Rule::alone, &Rule::alone_at>},
    {Where::rule, "mode", Type::choice, false, "`enforce` or `audit`",
     "audit: count and report what would be refused, refuse nothing",
     modes, put<&Rule::mode, &Rule::mode_at>},
    {Where::rule, "warn", Type::percent, false, "a percentage, as 80%",
     "a warning event when use reaches this part of `max`",
     {}, put<&Rule::warn_percent, &Rule::warn_at>},
};
// clang-format on

constexpr bool complete()
{
    for (std::size_t i = 0; i < std::size(table); i++) {
        const Key &key = table[i];
        if (key.name.empty() || key.allowed.empty() || key.help.empty())
            return false;
        if ((key.type == Type::choice) != !key.choices.empty())
            return false;
        // The reader itself goes on with what has keys of its own.
        const bool read_inside =
            key.type == Type::version || key.type == Type::defaults || key.type == Type::rules;
        if (read_inside != !key.store)
            return false;
        for (std::size_t j = 0; j < i; j++)
            if (table[j].where == key.where && table[j].name == key.name)
                return false;
    }
    return true;
}
static_assert(complete(), "a row of the key table lacks something or is there twice");

} // namespace

std::span<const Key> keys() { return table; }

const Key *find_key(Where where, std::string_view name)
{
    for (const Key &key : table)
        if (key.where == where && key.name == name)
            return &key;
    return nullptr;
}

std::string_view name_of(Where where)
{
    switch (where) {
    case Where::top:
        return "a policy";
    case Where::defaults:
        return "`defaults`";
    case Where::rule:
        break;
    }
    return "a rule";
}

std::string places_of(std::string_view name)
{
    std::string places;
    for (const Where where : {Where::top, Where::defaults, Where::rule})
        if (find_key(where, name))
            places += fmt::format("{}{}", places.empty() ? "" : " or ",
                                  where == Where::top ? "at the top"
                                                      : fmt::format("in {}", name_of(where)));
    return places;
}

std::string names_in(Where where)
{
    std::string out;
    for (const Key &key : table)
        if (key.where == where)
            out += fmt::format("{}`{}`", out.empty() ? "" : ", ", key.name);
    return out;
}

} // namespace pasid::policy
