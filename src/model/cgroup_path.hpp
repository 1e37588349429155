// SPDX-License-Identifier: GPL-2.0-only
// Paths of cgroups; "/" is the root.
#pragma once

#include <string>
#include <string_view>

namespace pasid {

// Whether @path is @ancestor or one of its descendants.
bool is_within(std::string_view path, std::string_view ancestor);

// '/' sorts first: a parent, its children, then its next sibling.
bool path_less(std::string_view a, std::string_view b);

// The parent of the root is the root.
std::string parent_cgroup(const std::string &path);

} // namespace pasid
