// SPDX-License-Identifier: GPL-2.0-only
//
// Values that are more than a word or a number, and how they are written.
#pragma once

#include "policy/values.hpp"

namespace pasid::policy {

inline constexpr std::uint32_t last_pasid = (1u << 20) - 1;

Reading read_name(const TreeNode &node, const Key &key);    // of a rule
Reading read_tokens(const TreeNode &node, const Key &key);  // 1 to as many as there are PASIDs
Reading read_rate(const TreeNode &node, const Key &key);    // COUNT/s, /m, /h
Reading read_range(const TreeNode &node, const Key &key);   // FIRST-LAST
Reading read_percent(const TreeNode &node, const Key &key); // 1% to 100%
Reading read_devices(const TreeNode &node, const Key &key); // [NAME, …]

} // namespace pasid::policy
