// SPDX-License-Identifier: GPL-2.0
// Rows of fields as JSON.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "render/field.hpp"
#include "render/output.hpp"

namespace pasid {

using Json = nlohmann::ordered_json;

// Not for Absent: such a key is left out.
Json json_value(const Value &value);

// One line without newline; bytes that are not UTF-8 become U+FFFD.
std::string json_text(const Json &json);

// The same text as json_text(json_value(value)), at the end of @to.
void append_json(std::string &to, const Value &value);

// Rows as text without a tree in between: a line costs a tenth of it.
template <class Row> class JsonRows {
  public:
    JsonRows()
    {
        for (const Field<Row> &field : fields<Row>())
            if (field.in_json())
                parts_.push_back({"\"" + std::string(field.key) + "\":", field.get});
    }

    // One object, the same as json_text(to_json(row)).
    void append(std::string &to, const Row &row) const
    {
        char before = '{';
        for (const Part &part : parts_) {
            const Value value = part.get(row);
            if (std::holds_alternative<Absent>(value))
                continue;
            to.push_back(before);
            to.append(part.key);
            append_json(to, value);
            before = ',';
        }
        to.push_back('}');
    }

  private:
    struct Part {
        std::string key;
        Value (*get)(const Row &);
    };
    std::vector<Part> parts_;
};

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
    const JsonRows<Row> json;
    for (std::size_t i = 0; i < rows.size(); i++) {
        out.pending() += i == 0 ? '[' : ' ';
        json.append(out.pending(), rows[i]);
        out.line(i + 1 == rows.size() ? "]" : ",");
    }
}

} // namespace pasid
