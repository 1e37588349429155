// SPDX-License-Identifier: GPL-2.0-only
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

// Appends the same text as json_text(json_value(value)).
void append_value(std::string &to, const Value &value);

// Appends the same text as json_text(to_json(row)). Without a tree in between it is
// written in a tenth of the time, which events and long lists need.
template <class Row> void append_row(std::string &to, const Row &row)
{
    char separator = '{';
    for (const Field<Row> &field : fields<Row>()) {
        if (!field.has(row))
            continue;
        const Value value = field.get(row);
        if (std::holds_alternative<Absent>(value))
            continue;
        to.append(1, separator).append(1, '"').append(field.key).append("\":");
        append_value(to, value);
        separator = ',';
    }
    to += separator == '{' ? "{}" : "}";
}

template <class Row> Json to_json(const Row &row)
{
    Json object = Json::object();
    for (const Field<Row> &field : fields<Row>()) {
        if (!field.has(row))
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
template <class Row> class JsonArray {
  public:
    explicit JsonArray(Output &out) : out_(out) {}

    void add(std::span<const Row> rows)
    {
        for (const Row &row : rows) {
            if (!empty_)
                out_.line(",");
            out_.pending() += empty_ ? '[' : ' ';
            append_row(out_.pending(), row);
            empty_ = false;
        }
    }
    void end() { out_.line(empty_ ? "[]" : "]"); }

  private:
    Output &out_;
    bool empty_ = true;
};

template <class Row> void print_json_array(Output &out, std::span<const Row> rows)
{
    JsonArray<Row> array(out);
    array.add(rows);
    array.end();
}

} // namespace pasid
