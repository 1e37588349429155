// SPDX-License-Identifier: GPL-2.0-only
// Helpers for the tables of fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "render/field.hpp"

namespace pasid {

inline Value number(std::uint64_t value) { return value; }

template <class T> Value number_or_null(const std::optional<T> &value)
{
    return value ? Value{static_cast<std::uint64_t>(*value)} : Value{Null{}};
}

// Not copied: must be part of the row or have static lifetime.
inline Value text(std::string_view value) { return value; }

inline Value text_or_null(const std::string &value)
{
    return value.empty() ? Value{Null{}} : Value{std::string_view(value)};
}

inline Value text_or_null(const std::optional<std::string> &value)
{
    return value ? Value{std::string_view(*value)} : Value{Null{}};
}

inline constexpr Width id_width{.min = 7};
inline constexpr Width comm_width{.min = 8, .max = 15, .flex = true};
inline constexpr Width path_width{.min = 12, .flex = true};

} // namespace pasid
