// SPDX-License-Identifier: GPL-2.0-only
// Each field is described once; tables, JSON, the live view and the manual page are generated from
// it. To add a column, add a row in render/fields_*.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "render/value.hpp"

namespace pasid {

enum class Align { left, right };

// Width of a column. If not all columns fit, flexible ones shrink towards their minimum first.
struct Width {
    int min = 1;
    int max = 0;       // 0: width of the longest cell
    bool flex = false; // may shrink below its longest cell
};

// For row types whose rows have different keys depending on their kind.
template <class Row> unsigned kind_of(const Row &) { return 0; }

template <class Row> struct Field {
    std::string_view key;   // JSON key; "": only in tables
    std::string_view title; // column title; "": only in JSON
    std::string_view help;
    Unit unit = Unit::none;
    Align align = Align::left;
    Width width = {};
    Cut cut = Cut::end;
    Value (*get)(const Row &) = nullptr;
    std::uint32_t kinds = ~0u; // JSON: bits of kind_of(row) with this key

    constexpr bool in_json() const { return !key.empty(); }
    bool has(const Row &row) const { return in_json() && (kinds >> kind_of(row) & 1); }
    constexpr bool in_table() const { return !title.empty(); }
    std::string text(const Row &row) const { return to_text(get(row), unit); }
};

// The fields of a row type in their order; declared in render/fields.hpp.
template <class Row> std::span<const Field<Row>> fields();

// Finds a field by its JSON key.
template <class Row> const Field<Row> *find_field(std::string_view key)
{
    for (const auto &field : fields<Row>())
        if (field.key == key && !key.empty())
            return &field;
    return nullptr;
}

// For a static_assert after each table of fields.
template <class Row> constexpr bool well_formed(std::span<const Field<Row>> table)
{
    for (std::size_t i = 0; i < table.size(); i++) {
        const auto &field = table[i];
        if (field.help.empty() || (field.key.empty() && field.title.empty()))
            return false;
        for (char c : field.key)
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
                return false;
        for (std::size_t j = 0; j < i; j++)
            if (!field.key.empty() && table[j].key == field.key)
                return false;
    }
    return true;
}

} // namespace pasid
