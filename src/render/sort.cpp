// SPDX-License-Identifier: GPL-2.0-only
#include "render/sort.hpp"

#include <optional>

namespace pasid {

namespace {

std::optional<std::string_view> text_of(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return *text;
    if (const auto *view = std::get_if<std::string_view>(&value))
        return *view;
    return std::nullopt;
}

} // namespace

bool value_less(const Value &a, const Value &b)
{
    const auto *left = std::get_if<std::string>(&a), *right = std::get_if<std::string>(&b);
    if (left || right) // either may be a string or a string_view
        if (const auto x = text_of(a), y = text_of(b); x && y)
            return *x < *y;
    if (a.index() != b.index())
        return a.index() < b.index();
    return std::visit(
        [&](const auto &value) {
        using Type = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<Type, Omitted> || std::is_same_v<Type, Null>)
            return false;
        else
            return value < std::get<Type>(b);
        },
        a);
}

} // namespace pasid
