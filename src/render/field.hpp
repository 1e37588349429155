// SPDX-License-Identifier: GPL-2.0-only
// A field is described once; tables, JSON, the live view and the manual pages
// are made from it. Adding a column is one row in render/fields_*.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "render/value.hpp"

namespace pasid {

enum class Align { left, right };

// Columns on a terminal. When all fields do not fit, flexible ones shrink to
// their least first.
struct Width {
    int min = 1;
    int max = 0;       // 0: as long as the longest cell
    bool flex = false; // may shrink below its longest cell
};

// Rows of some nouns are of several kinds, which differ in their keys.
template <class Row> unsigned kind_of(const Row &) { return 0; }

template <class Row> struct Field {
    std::string_view key;   // JSON key; "": in tables only
    std::string_view title; // column title; "": in JSON only
    std::string_view help;
    Unit unit = Unit::none;
    Align align = Align::left;
    Width width = {};
    Cut cut = Cut::end;
    Value (*get)(const Row &) = nullptr;
    std::uint32_t kinds = ~0u; // JSON: bits of kind_of(row) that have this key

    constexpr bool in_json() const { return !key.empty(); }
    bool has(const Row &row) const { return in_json() && (kinds >> kind_of(row) & 1); }
    constexpr bool in_table() const { return !title.empty(); }
    std::string text(const Row &row) const { return to_text(get(row), unit); }
};

// The fields of a noun in their order: fields<Ioasid>(), fields<CgroupUsage>(),
// fields<Event>() and so on; declared in render/fields.hpp.
template <class Row> std::span<const Field<Row>> fields();

// By JSON key, or by title in lower case for fields of tables only.
template <class Row> const Field<Row> *find_field(std::string_view key)
{
    for (const auto &field : fields<Row>())
        if (field.key == key && !key.empty())
            return &field;
    return nullptr;
}

// Used in a static_assert behind each table of fields.
template <class Row> constexpr bool well_formed(std::span<const Field<Row>> table)
{
    for (std::size_t i = 0; i < table.size(); i++) {
        const auto &field = table[i];
        if (!field.get || field.help.empty() || (field.key.empty() && field.title.empty()))
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
