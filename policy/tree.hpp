// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "policy/source.hpp"

namespace pasid::policy {

// What YAML says, with places: the part of YAML that a policy may use.
struct TreeNode {
    enum class Kind { null, scalar, sequence, mapping, refused };

    Kind kind = Kind::null;
    Position at;
    std::string text{};                                   // scalar
    bool quoted = false;                                  // scalar: in quotes, or a block of text
    std::vector<TreeNode> items{};                        // sequence
    std::vector<std::pair<TreeNode, TreeNode>> entries{}; // mapping

    // "a list", "nothing", …
    std::string_view kind_name() const;
};

} // namespace pasid::policy
