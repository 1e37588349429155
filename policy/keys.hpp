// SPDX-License-Identifier: GPL-2.0-only
//
// The words of the language. What a value becomes once it is read is in fields.hpp.
#pragma once

#include <span>
#include <string_view>

#include "policy/tree.hpp"

namespace pasid::policy {

// Where a key may stand.
enum class Where { top, defaults, rule };

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

// A value, or what is wrong with what was written.
struct ParseResult {
    bool ok = false;
    Value value;
    std::string message;
    std::string help;
};

struct Key {
    Where where;
    std::string_view name;
    bool required;
    std::string_view allowed; // the values, for error messages and the manual
    std::string_view example; // one of them, not the default
    std::string_view help;
    std::span<const Choice> choices{};
    // Null: the value has keys of its own, which read_keys.cpp reads.
    ParseResult (*read)(const TreeNode &node, const Key &key) = nullptr;
    // Puts the value into the policy; @rule is null outside of rules.
    void (*store)(Policy &policy, Rule *rule, const Value &value) = nullptr;
};

std::span<const Key *const> keys();
const Key *find_key(Where where, std::string_view name);

// "a rule", …
std::string_view name_of(Where where);
// "in `defaults` or in a rule", …; "" for a word that is not a key.
std::string places_of(std::string_view name);
// "`name`, `cgroup`, …"
std::string names_in(Where where);

} // namespace pasid::policy
