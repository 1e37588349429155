// SPDX-License-Identifier: GPL-2.0-only
#include "model/cgroup_path.hpp"

#include <algorithm>

namespace pasid {

bool is_within(std::string_view path, std::string_view ancestor)
{
    if (ancestor == "/" || path == ancestor)
        return true;
    return path.size() > ancestor.size() && path.starts_with(ancestor) &&
           path[ancestor.size()] == '/';
}

bool path_less(std::string_view a, std::string_view b)
{
    const auto rank = [](char c) { return c == '/' ? -1 : int{static_cast<unsigned char>(c)}; };
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [&](char x, char y) { return rank(x) < rank(y); });
}

std::string parent_cgroup(const std::string &path)
{
    const auto slash = path.rfind('/');
    return slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace pasid
