// SPDX-License-Identifier: GPL-2.0-only
// Helpers for the tables of fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "render/field.hpp"

namespace pasid {

inline Value number(std::uint64_t value) { return value; }

// Not copied: must be part of the row or have static lifetime.
inline Value text(std::string_view value) { return value; }

// The value of a member of a row; an empty string or optional is null.
template <class T> Value value_of(const T &member)
{
    if constexpr (std::is_same_v<T, std::string>)
        return member.empty() ? Value{Null{}} : text(member);
    else if constexpr (std::is_same_v<T, std::optional<std::string>>)
        return member ? text(*member) : Value{Null{}};
    else if constexpr (requires { member.has_value(); })
        return member ? value_of(*member) : Value{Null{}};
    else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
        return number(member);
    else
        return Value{member};
}

struct Format {
    Unit unit = Unit::none;
    Align align = Align::left;
    Width width = {};
    Cut cut = Cut::end;
};

inline constexpr Width id_width{.min = 7};
inline constexpr Format number_format{.align = Align::right};
inline constexpr Format id_format{.align = Align::right, .width = id_width};
inline constexpr Format count_format{.unit = Unit::count, .align = Align::right};
inline constexpr Format duration_format{.unit = Unit::duration, .align = Align::right};
inline constexpr Format comm_format{.width = {.min = 8, .max = 15, .flex = true}};
inline constexpr Format path_format{.width = {.min = 12, .flex = true}, .cut = Cut::start};

template <class Row>
constexpr Field<Row> field(std::string_view key, std::string_view title, std::string_view help,
                           Value (*get)(const Row &), const Format &format = {})
{
    return {key, title, help, format.unit, format.align, format.width, format.cut, get};
}

template <class Member> struct RowOf;
template <class Row, class T> struct RowOf<T Row::*> {
    using Type = Row;
};

// A field whose value is a member of the row.
template <auto member, class Row = typename RowOf<decltype(member)>::Type>
constexpr Field<Row> field(std::string_view key, std::string_view title, std::string_view help,
                           const Format &format = {})
{
    return field<Row>(
        key, title, help, [](const Row &row) { return value_of(row.*member); }, format);
}

} // namespace pasid
