// SPDX-License-Identifier: GPL-2.0-only
//
// The keys of a rule and of `defaults`: one row each. Everything that handles a policy key by
// key goes through these tables: reading, the kernel's image and back, YAML, JSON, comparing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "policy/keys.hpp"

namespace pasid::policy {

// Text that other YAML readers could take for a number or a truth value.
struct Word {
    std::string text;
};

// A key's value for people and scripts; null: not given, or no limit.
using FieldValue =
    std::variant<std::nullptr_t, bool, std::uint64_t, std::string, Word, std::vector<std::string>>;

template <class Object, class Image> struct Field {
    Key key;
    std::size_t image_bytes; // of @Image, that pack() fills
    // Into the image; false: the strings of @whole are full.
    bool (*pack)(const Object &from, Image &to, ioasid_policy_image &whole);
    void (*unpack)(const Image &from, Object &to, const ioasid_policy_image &whole);
    bool (*same)(const Object &a, const Object &b);
    FieldValue (*given)(const Object &object);    // as it stands in a file
    FieldValue (*in_force)(const Object &object); // what holds, given or not; for --json
    std::string_view json_key;
    std::string_view schema; // its type in docs/json.schema.json
};

using RuleField = Field<Rule, ioasid_rule>;
using DefaultField = Field<Policy, ioasid_policy_image>;

std::span<const RuleField> rule_fields();
std::span<const DefaultField> default_fields();

} // namespace pasid::policy
