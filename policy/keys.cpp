// SPDX-License-Identifier: GPL-2.0
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
    {"process", IOASID_OWNER_PROCESS},
    {"cgroup", IOASID_OWNER_CGROUP, false},
    {"user", IOASID_OWNER_USER, false},
};
static_assert(std::size(owners) == IOASID_NR_OWNERS, "a row for every owner");

constexpr Choice distributions[] = {
    {"limit", 0},
    {"reserve", 1, false},
};

constexpr Key table[] =
    {
        {Where::top, "version", Type::version, true, "1", "version of this language", {}, nullptr},
        {Where::top,
         "defaults",
         Type::defaults,
         false,
         "keys with values",
         "for cgroups that no rule governs",
         {},
         nullptr},
        {Where::top,
         "rules",
         Type::rules,
         false,
         "a list of rules",
         "one entry for each rule",
         {},
         nullptr},

        {Where::defaults,
         "max",
         Type::count,
         false,
         "a count or `max`",
         "PASIDs that such a cgroup may hold at once; `max`, the default, is no limit",
         {},
         [](Policy &policy, Rule *, const Value &value) { policy.default_max = value.number; }},
        {Where::defaults, "distribution", Type::choice, false, "`limit` or `reserve`",
         "limit: limits may add up to more than there is", distributions, nullptr},

        {Where::rule,
         "name",
         Type::name,
         true,
         "1 to 63 of A-Z a-z 0-9 . _ -",
         "what denials and reports call the rule; unique",
         {},
         [](Policy &, Rule *rule, const Value &value) {
    rule->name = value.text;
    rule->name_at = value.at;
         }},
        {Where::rule,
         "cgroup",
         Type::cgroup,
         true,
         "a cgroup v2 path, with * and **",
         "the cgroups it is for; the most specific rule wins",
         {},
         [](Policy &, Rule *rule, const Value &value) {
    rule->cgroup = value.text;
    rule->cgroup_at = value.at;
         }},
              {Where::rule,
               "max",
               Type::count,
               false,
               "a count or `max`",
               "PASIDs held at once by the cgroup and all below it; `max` is no limit",
               {},
               [](Policy &, Rule *rule, const Value &value) {
    rule->max = value.number;
    rule->max_at = value.at;
               }},
    {Where::rule, "mode", Type::choice, false, "`enforce` or `audit`",
     "audit: count and report what would be refused, refuse nothing", modes,
     [](Policy &, Rule *rule, const Value &value) {
    rule->mode = static_cast<ioasid_mode>(value.number);
    rule->mode_at = value.at;
     }},
    {Where::rule, "owner", Type::choice, false, "`process`, `cgroup` or `user`",
     "who may use a PASID", owners, nullptr},
    {Where::rule,
     "max_bindings",
     Type::later,
     false,
     "a count or `max`",
     "device bindings held at once",
     {},
     nullptr},
    {Where::rule,
     "rate",
     Type::later,
     false,
     "a count and a time, as 1000/s",
     "allocations in a time",
     {},
     nullptr},
    {Where::rule,
     "burst",
     Type::later,
     false,
     "a count",
     "allocations at once beyond the rate",
     {},
     nullptr},
    {Where::rule,
     "range",
     Type::later,
     false,
     "FIRST-LAST",
     "the PASIDs that the cgroup may use",
     {},
     nullptr},
    {Where::rule,
     "devices",
     Type::later,
     false,
     "a list of devices",
     "the devices that the cgroup may use",
     {},
     nullptr},
    {Where::rule,
     "warn",
     Type::later,
     false,
     "a percentage, as 80%",
     "a warning event when use crosses it",
     {},
     nullptr},
    };

constexpr bool complete()
{
    for (std::size_t i = 0; i < std::size(table); i++) {
        const Key &key = table[i];
        if (key.name.empty() || key.allowed.empty() || key.help.empty())
            return false;
        if ((key.type == Type::choice) != !key.choices.empty())
            return false;
        if ((key.type == Type::count || key.type == Type::name || key.type == Type::cgroup) &&
            !key.store)
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

std::string names_in(Where where)
{
    std::string out;
    for (const Key &key : table)
        if (key.where == where && key.type != Type::later)
            out += fmt::format("{}`{}`", out.empty() ? "" : ", ", key.name);
    return out;
}

} // namespace pasid::policy
