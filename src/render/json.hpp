// SPDX-License-Identifier: GPL-2.0-only
// Writes rows of fields as JSON.
#pragma once

#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "render/field.hpp"
#include "render/output.hpp"

namespace pasid {

using Json = nlohmann::ordered_json;

// Not for Omitted: such a key is left out.
Json json_value(const Value &value);

// One line without newline; bytes that are not UTF-8 become U+FFFD.
std::string json_text(const Json &json);

// Writes JSON to a reusable buffer.
class JsonText {
  public:
    void clear() { size_ = 0; }
    std::string_view text() const { return {memory_.data(), size_}; }

    void put(char c) { *room(1) = c, size_++; }
    void put(std::string_view text)
    {
        std::memcpy(room(text.size()), text.data(), text.size());
        size_ += text.size();
    }
    // Same output as json_text(json_value(value)).
    void put_value(const Value &value);
    // Same output as json_text(to_json(row)) but without building a tree, which is too slow for
    // events and long lists.
    template <class Row> void put_row(const Row &row)
    {
        static const auto keys = keys_of<Row>();
        const std::size_t begin = size_;
        const std::string *key = keys.data();
        for (const Field<Row> &field : fields<Row>()) {
            const std::string &before = *key++;
            if (!field.has(row))
                continue;
            const Value value = field.get(row);
            if (std::holds_alternative<Omitted>(value))
                continue;
            put(before);
            put_value(value);
        }
        if (size_ == begin)
            put(' ');
        memory_[begin] = '{'; // overwrites the first comma
        put('}');
    }

  private:
    // Text before each field's value
    template <class Row> static std::vector<std::string> keys_of()
    {
        std::vector<std::string> keys;
        for (const Field<Row> &field : fields<Row>())
            keys.push_back(",\"" + std::string(field.key) + "\":");
        return keys;
    }
    char *room(std::size_t size)
    {
        if (memory_.size() - size_ < size)
            memory_.resize(2 * (memory_.size() + size));
        return memory_.data() + size_;
    }

    std::string memory_;
    std::size_t size_ = 0;
};

template <class Row> Json to_json(const Row &row)
{
    Json object = Json::object();
    for (const Field<Row> &field : fields<Row>()) {
        if (!field.has(row))
            continue;
        const Value value = field.get(row);
        if (!std::holds_alternative<Omitted>(value))
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

// An array with one row per line, written row by row, so that a million rows need no tree in
// memory.
template <class Row> class JsonArray {
  public:
    explicit JsonArray(Output &out) : out_(out) {}

    void add(std::span<const Row> rows)
    {
        for (const Row &row : rows) {
            if (!empty_)
                out_.line(",");
            row_.clear();
            row_.put(empty_ ? '[' : ' ');
            row_.put_row(row);
            out_.pending().append(row_.text());
            empty_ = false;
        }
    }
    void end() { out_.line(empty_ ? "[]" : "]"); }

  private:
    Output &out_;
    JsonText row_;
    bool empty_ = true;
};

template <class Row> void print_json_array(Output &out, std::span<const Row> rows)
{
    JsonArray<Row> array(out);
    array.add(rows);
    array.end();
}

} // namespace pasid
