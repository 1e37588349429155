// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/keys.hpp"

namespace pasid::policy {

ParseResult read_count(const TreeNode &node, const Key &key);
ParseResult read_choice(const TreeNode &node, const Key &key);
// Text: not a truth value or a null, which other YAML readers would make of it.
ParseResult read_text(const TreeNode &node, const Key &key);

ParseResult read_name(const TreeNode &node, const Key &key);    // of a rule
ParseResult read_tokens(const TreeNode &node, const Key &key);  // 1 to as many as there are PASIDs
ParseResult read_rate(const TreeNode &node, const Key &key);    // COUNT/s, /m, /h
ParseResult read_range(const TreeNode &node, const Key &key);   // FIRST-LAST
ParseResult read_percent(const TreeNode &node, const Key &key); // 1% to 100%
ParseResult read_devices(const TreeNode &node, const Key &key); // [NAME, …]

ParseResult wrong(std::string message, std::string help);
// All of @digits.
std::optional<std::uint64_t> to_number(std::string_view digits, int base);
// "64.0", "1k", "1e3": what a number in another notation is; nothing: it is none.
std::optional<double> plain_number(std::string_view text);

// Would other YAML readers take the plain text for a truth value or for nothing?
bool needs_quotes(std::string_view text);

// The closest of @candidates, empty when none is close.
std::string_view closest(std::string_view word, const std::vector<std::string_view> &candidates);

} // namespace pasid::policy
