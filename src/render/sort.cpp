// SPDX-License-Identifier: GPL-2.0
#include "render/sort.hpp"

namespace pasid {

bool value_less(const Value &a, const Value &b)
{
    if (a.index() != b.index())
        return a.index() < b.index();
    return std::visit(
        [&](const auto &left) {
        using Type = std::decay_t<decltype(left)>;
        if constexpr (std::is_same_v<Type, Absent> || std::is_same_v<Type, Null>)
            return false;
        else
            return left < std::get<Type>(b);
        },
        a);
}

} // namespace pasid
