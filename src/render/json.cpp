// SPDX-License-Identifier: GPL-2.0
#include "render/json.hpp"

#include <cstring>

#include <fmt/format.h>

namespace pasid {

namespace {

struct ToJson {
    Json operator()(Absent) const { return nullptr; }
    Json operator()(Null) const { return nullptr; }
    template <class T> Json operator()(const T &value) const { return value; }
};

// Does it stand in JSON as it is? Eight characters at a time.
bool is_plain(std::string_view text)
{
    constexpr std::uint64_t ones = 0x0101010101010101u, tops = ones << 7;
    const auto zero_byte = [](std::uint64_t word) { return (word - ones) & ~word & tops; };
    std::uint64_t found = 0;
    while (!text.empty()) {
        std::uint64_t word = ones * ' ';
        const std::size_t size = std::min(text.size(), sizeof(word));
        if (size == sizeof(word))
            std::memcpy(&word, text.data(), sizeof(word));
        else
            for (std::size_t i = 0; i < size; i++)
                reinterpret_cast<char *>(&word)[i] = text[i];
        found |= (word & tops) | ((word - ones * 0x20) & ~word & tops) |
                 zero_byte(word ^ (ones * '"')) | zero_byte(word ^ (ones * '\\'));
        text.remove_prefix(size);
    }
    return found == 0;
}

struct AppendJson {
    std::string &to;

    void operator()(Absent) const { to += "null"; }
    void operator()(Null) const { to.append("null", 4); }
    void operator()(bool value) const { to += value ? "true" : "false"; }
    void operator()(double value) const { to += json_text(value); }
    void operator()(std::int64_t value) const { number(fmt::format_int(value)); }
    void operator()(std::uint64_t value) const { number(fmt::format_int(value)); }
    void operator()(const std::string &value) const { (*this)(std::string_view(value)); }
    void operator()(std::string_view value) const
    {
        if (!is_plain(value)) {
            to += json_text(value);
            return;
        }
        to.push_back('"');
        to.append(value);
        to.push_back('"');
    }
    void operator()(const std::vector<std::string> &values) const
    {
        to.push_back('[');
        for (const std::string &value : values) {
            if (&value != &values.front())
                to.push_back(',');
            (*this)(std::string_view(value));
        }
        to.push_back(']');
    }

  private:
    void number(const fmt::format_int &digits) const { to.append(digits.data(), digits.size()); }
};

} // namespace

Json json_value(const Value &value) { return std::visit(ToJson{}, value); }

void append_json(std::string &to, const Value &value) { std::visit(AppendJson{to}, value); }

std::string json_text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace pasid
