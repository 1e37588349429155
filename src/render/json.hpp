// SPDX-License-Identifier: GPL-2.0
// Rows of fields as JSON.
#pragma once

#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "render/field.hpp"
#include "render/output.hpp"

namespace pasid {

using Json = nlohmann::ordered_json;

// Not for Absent: such a key is left out.
Json json_value(const Value &value);

// One line without newline; bytes that are not UTF-8 become U+FFFD.
std::string json_text(const Json &json);

template <class Row> Json to_json(const Row &row)
{
    Json object = Json::object();
    for (const Field<Row> &field : fields<Row>()) {
        if (!field.in_json())
            continue;
        const Value value = field.get(row);
        if (!std::holds_alternative<Absent>(value))
            object[std::string(field.key)] = json_value(value);
    }
    return object;
}

template <class Row> Json to_json(std::span<const Row> rows)
{
    Json array = Json::array();
    for (const Row &row : rows)
        array.push_back(to_json(row));
    return array;
}

// An array with one row a line, written as it goes: a million rows need no tree.
template <class Row> void print_json_array(Output &out, std::span<const Row> rows)
{
    if (rows.empty()) {
        out.line("[]");
        return;
    }
    for (std::size_t i = 0; i < rows.size(); i++)
        out.line((i == 0 ? "[" : " ") + json_text(to_json(rows[i])) +
                 (i + 1 == rows.size() ? "]" : ","));
}

} // namespace pasid
