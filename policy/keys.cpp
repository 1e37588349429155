// SPDX-License-Identifier: GPL-2.0-only
#include "policy/keys.hpp"

#include <fmt/format.h>

#include "policy/fields.hpp"

namespace pasid::policy {

namespace {

constexpr Key top_keys[] = {
    {Where::top, "version", true, "1", "1", "version of this language"},
    {Where::top, "defaults", false, "keys with values", "{max: 0}",
     "for cgroups that no rule governs"},
    {Where::top, "rules", false, "a list of rules", "[]", "one entry for each rule"},
};

std::vector<const Key *> all_keys()
{
    std::vector<const Key *> all;
    for (const Key &key : top_keys)
        all.push_back(&key);
    for (const DefaultField &field : default_fields())
        all.push_back(&field.key);
    for (const RuleField &field : rule_fields())
        all.push_back(&field.key);
    return all;
}

} // namespace

std::span<const Key *const> keys()
{
    static const std::vector<const Key *> all = all_keys();
    return all;
}

const Key *find_key(Where where, std::string_view name)
{
    for (const Key *key : keys())
        if (key->where == where && key->name == name)
            return key;
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
    for (const Key *key : keys())
        if (key->where == where)
            out += fmt::format("{}`{}`", out.empty() ? "" : ", ", key->name);
    return out;
}

} // namespace pasid::policy
