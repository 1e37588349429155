// SPDX-License-Identifier: GPL-2.0
#include "render/json.hpp"

#include <charconv>
#include <cstring>

namespace pasid {

namespace {

struct ToJson {
    Json operator()(Absent) const { return nullptr; }
    Json operator()(Null) const { return nullptr; }
    template <class T> Json operator()(const T &value) const { return value; }
};

constexpr std::uint64_t ones = 0x0101010101010101u, tops = ones << 7;

// Bits where one of eight characters may need more than itself in JSON.
std::uint64_t special(std::uint64_t word)
{
    const auto zero_byte = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & tops; };
    return (word & tops) | ((word - ones * 0x20) & ~word & tops) | zero_byte(word ^ (ones * '"')) |
           zero_byte(word ^ (ones * '\\'));
}

std::uint64_t eight(const char *text)
{
    std::uint64_t word = 0;
    std::memcpy(&word, text, sizeof(word));
    return word;
}

// Does it stand in JSON as it is?
bool is_plain(std::string_view text)
{
    std::uint64_t found = 0;
    if (text.size() < sizeof(std::uint64_t)) {
        std::uint64_t word = ones * ' ';
        for (const char c : text)
            word = word << 8 | static_cast<unsigned char>(c);
        return special(word) == 0;
    }
    const char *last = text.data() + text.size() - sizeof(std::uint64_t);
    for (const char *at = text.data(); at < last; at += sizeof(std::uint64_t))
        found |= special(eight(at));
    return (found | special(eight(last))) == 0;
}

} // namespace

Json json_value(const Value &value) { return std::visit(ToJson{}, value); }

struct PutJson {
    JsonLine &line;

    void operator()(Absent) const { line.put_plain("null"); }
    void operator()(Null) const { line.put_plain("null"); }
    void operator()(bool value) const { line.put_plain(value ? "true" : "false"); }
    void operator()(double value) const { line.put_plain(json_text(value)); }
    void operator()(std::int64_t value) const { number(value); }
    void operator()(std::uint64_t value) const { number(value); }
    void operator()(const std::string &value) const { (*this)(std::string_view(value)); }
    void operator()(std::string_view value) const
    {
        if (!is_plain(value)) {
            line.put_plain(json_text(value));
            return;
        }
        char *to = line.room(value.size() + 2);
        *to++ = '"';
        std::memcpy(to, value.data(), value.size());
        to[value.size()] = '"';
        line.size_ += value.size() + 2;
    }
    void operator()(const std::vector<std::string> &values) const
    {
        line.put('[');
        for (const std::string &value : values) {
            if (&value != &values.front())
                line.put(',');
            (*this)(std::string_view(value));
        }
        line.put(']');
    }

  private:
    template <class Number> void number(Number value) const
    {
        constexpr std::size_t most = 20;
        char *to = line.room(most);
        line.size_ += static_cast<std::size_t>(std::to_chars(to, to + most, value).ptr - to);
    }
};

// The usual ones first: std::visit has a call through a table for each.
void JsonLine::put(const Value &value)
{
    const PutJson put{*this};
    if (const auto *number = std::get_if<std::uint64_t>(&value))
        put(*number);
    else if (const auto *text = std::get_if<std::string_view>(&value))
        put(*text);
    else if (std::holds_alternative<Null>(value))
        put(Null{});
    else
        std::visit(put, value);
}

std::string json_text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace pasid
