// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <string_view>

#include "policy/tree.hpp"

namespace pasid::policy {

// Where a key may stand.
enum class Where { top, defaults, rule };

// What a key's value is; read_keys.cpp has one reader for each.
enum class Type {
    version,
    defaults,
    rules,
    count,
    tokens,
    name,
    cgroup,
    choice,
    rate,
    range,
    devices,
    percent,
};

struct Choice {
    std::string_view name;
    std::uint32_t value;
};

struct Value {
    std::uint64_t number = 0;
    std::string_view text{};
    Position at{};
    Rate rate{};
    Range range{};
    std::vector<std::string> list{};
};

// A key is a row of the table in keys.cpp: help, messages and reading come from it.
struct Key {
    Where where;
    std::string_view name;
    Type type;
    bool required;
    std::string_view allowed; // what may be written, for people
    std::string_view help;
    std::span<const Choice> choices;
    // Puts the value where it belongs; @rule is null outside of rules. Null: the reader does.
    void (*store)(Policy &policy, Rule *rule, const Value &value);
};

std::span<const Key> keys();
const Key *find_key(Where where, std::string_view name);

// "a rule", …
std::string_view name_of(Where where);
// "in `defaults` or in a rule", …; "" for what is no key.
std::string places_of(std::string_view name);
// "`name`, `cgroup`, …"
std::string names_in(Where where);

} // namespace pasid::policy
