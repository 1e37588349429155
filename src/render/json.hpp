// SPDX-License-Identifier: GPL-2.0
// Rows of fields as JSON.
#pragma once

#include <array>
#include <cstring>
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

// Writes JSON into one piece of memory that is used again and again.
class JsonLine {
  public:
    JsonLine() : memory_(4096) {}

    void clear() { size_ = 0; }
    std::string_view text() const { return {memory_.data(), size_}; }
    // The same text as json_text(json_value(value)).
    void put(const Value &value);
    void put(char c) { *room(1) = c, size_++; }
    // A key with what is around it, of any length up to 32, in a few moves.
    struct Key {
        std::array<char, 32> text{};
        std::size_t size = 0;
    };
    void put(const Key &key)
    {
        std::memcpy(room(key.text.size()), key.text.data(), key.text.size());
        size_ += key.size;
    }
    void put_plain(std::string_view text)
    {
        std::memcpy(room(text.size()), text.data(), text.size());
        size_ += text.size();
    }

  private:
    friend struct PutJson;
    char *room(std::size_t size)
    {
        if (memory_.size() - size_ < size)
            memory_.resize(2 * (memory_.size() + size));
        return memory_.data() + size_;
    }

    std::vector<char> memory_;
    std::size_t size_ = 0;
};

// Rows as text without a tree in between: that costs a tenth of one with it.
template <class Row> class JsonRows {
  public:
    JsonRows()
    {
        for (const Field<Row> &field : fields<Row>())
            for (unsigned kind = 0; field.in_json() && kind < kinds_.size(); kind++)
                if (field.kinds >> kind & 1)
                    kinds_[kind].push_back(part_of(field, kind));
    }

    // The text of rows that have all in common but the fields that vary.
    struct Outline {
        struct Gap {
            std::string before;
            Value (*get)(const Row &);
        };
        std::vector<Gap> gaps;
        std::string after;
    };

    Outline outline(const Row &row)
    {
        Outline outline;
        line_.clear();
        for (const Part &part : kinds_[kind_of(row) % kinds_.size()]) {
            if (!part.varies) {
                put(part, row);
                continue;
            }
            line_.put(part.key);
            outline.gaps.push_back({std::string(line_.text()), part.get});
            line_.clear();
        }
        outline.after = std::string(line_.text()) + '}';
        // In place of the first comma
        (outline.gaps.empty() ? outline.after : outline.gaps.front().before).front() = '{';
        return outline;
    }

    // append(to, row) for a row of this outline: nothing is read of it but what varies.
    void append(std::string &to, const Outline &outline, const Row &row)
    {
        line_.clear();
        for (const auto &gap : outline.gaps) {
            line_.put_plain(gap.before);
            line_.put(gap.get(row));
        }
        line_.put_plain(outline.after);
        to.append(line_.text());
    }

    // One object, the same as json_text(to_json(row)).
    void append(std::string &to, const Row &row)
    {
        line_.clear();
        for (const Part &part : kinds_[kind_of(row) % kinds_.size()])
            put(part, row);
        to.push_back('{'); // in place of the first comma
        if (!line_.text().empty())
            to.append(line_.text().substr(1));
        to.push_back('}');
    }

  private:
    struct Part {
        JsonLine::Key key;
        Value (*get)(const Row &); // null: the value stands behind the key
        bool varies = false;
    };

    void put(const Part &part, const Row &row)
    {
        if (!part.get) {
            line_.put(part.key);
            return;
        }
        const Value value = part.get(row);
        if (std::holds_alternative<Absent>(value))
            return;
        line_.put(part.key);
        line_.put(value);
    }

    static Part part_of(const Field<Row> &field, unsigned kind)
    {
        std::string text = ",\"" + std::string(field.key) + "\":";
        Part part{{}, field.get, field.varies};
        if (field.of_kind) {
            JsonLine value;
            value.put(field.get(row_of_kind<Row>(kind)));
            if (text.size() + value.text().size() <= part.key.text.size()) {
                text += value.text();
                part.get = nullptr;
            }
        }
        part.key.size = text.copy(part.key.text.data(), part.key.text.size());
        return part;
    }

    std::array<std::vector<Part>, 32> kinds_;
    JsonLine line_;
};

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
            json_.append(out_.pending(), row);
            empty_ = false;
        }
    }
    void end() { out_.line(empty_ ? "[]" : "]"); }

  private:
    Output &out_;
    JsonRows<Row> json_;
    bool empty_ = true;
};

template <class Row> void print_json_array(Output &out, std::span<const Row> rows)
{
    JsonArray<Row> array(out);
    array.add(rows);
    array.end();
}

} // namespace pasid
