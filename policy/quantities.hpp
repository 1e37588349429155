// SPDX-License-Identifier: GPL-2.0-only
//
// Values that are more than a word or a number, and how they are written.
#pragma once

#include "policy/values.hpp"

namespace pasid::policy {

inline constexpr std::uint32_t last_pasid = (1u << 20) - 1;

ParseResult read_name(const TreeNode &node, const Key &key);    // of a rule
ParseResult read_tokens(const TreeNode &node, const Key &key);  // 1 to as many as there are PASIDs
ParseResult read_rate(const TreeNode &node, const Key &key);    // COUNT/s, /m, /h
ParseResult read_range(const TreeNode &node, const Key &key);   // FIRST-LAST
ParseResult read_percent(const TreeNode &node, const Key &key); // 1% to 100%
ParseResult read_devices(const TreeNode &node, const Key &key); // [NAME, …]

} // namespace pasid::policy
