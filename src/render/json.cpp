// SPDX-License-Identifier: GPL-2.0-only
#include "render/json.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace pasid {

namespace {

struct ToJson {
    Json operator()(Omitted) const { return nullptr; }
    Json operator()(Null) const { return nullptr; }
    template <class T> Json operator()(const T &value) const { return value; }
};

// Characters that need no escape in JSON.
constexpr auto plain = [] {
    std::array<bool, 256> table{};
    for (unsigned c = ' '; c <= '~'; c++)
        table[c] = c != '"' && c != '\\';
    return table;
}();

struct PutJson {
    JsonText &to;

    void operator()(Omitted) const { to.put("null"); }
    void operator()(Null) const { to.put("null"); }
    void operator()(bool value) const { to.put(value ? "true" : "false"); }
    void operator()(double value) const { to.put(json_text(value)); }
    void operator()(std::int64_t value) const { number(value); }
    void operator()(std::uint64_t value) const { number(value); }
    void operator()(const std::string &value) const { (*this)(std::string_view(value)); }
    void operator()(std::string_view value) const
    {
        if (!std::all_of(value.begin(), value.end(), [](unsigned char c) { return plain[c]; }))
            return to.put(json_text(value));
        to.put('"');
        to.put(value);
        to.put('"');
    }
    void operator()(const std::vector<std::string> &values) const
    {
        to.put('[');
        for (const std::string &value : values) {
            if (&value != &values.front())
                to.put(',');
            (*this)(std::string_view(value));
        }
        to.put(']');
    }

  private:
    template <class Number> void number(Number value) const
    {
        const fmt::format_int digits(value);
        to.put({digits.data(), digits.size()});
    }
};

} // namespace

Json json_value(const Value &value) { return std::visit(ToJson{}, value); }

void JsonText::put_value(const Value &value) { std::visit(PutJson{*this}, value); }

std::string json_text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace pasid
