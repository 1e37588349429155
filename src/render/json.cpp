// SPDX-License-Identifier: GPL-2.0-only
#include "render/json.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pasid {

namespace {

struct ToJson {
    Json operator()(Absent) const { return nullptr; }
    Json operator()(Null) const { return nullptr; }
    template <class T> Json operator()(const T &value) const { return value; }
};

// Does it stand in JSON as it is?
bool is_plain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

struct AppendJson {
    std::string &to;

    void operator()(Absent) const { to += "null"; }
    void operator()(Null) const { to += "null"; }
    void operator()(bool value) const { to += value ? "true" : "false"; }
    void operator()(double value) const { to += json_text(value); }
    void operator()(std::int64_t value) const { number(value); }
    void operator()(std::uint64_t value) const { number(value); }
    void operator()(const std::string &value) const { (*this)(std::string_view(value)); }
    void operator()(std::string_view value) const
    {
        if (is_plain(value))
            to.append(1, '"').append(value).append(1, '"');
        else
            to += json_text(value);
    }
    void operator()(const std::vector<std::string> &values) const
    {
        to += '[';
        for (const std::string &value : values) {
            if (&value != &values.front())
                to += ',';
            (*this)(std::string_view(value));
        }
        to += ']';
    }

  private:
    template <class Number> void number(Number value) const
    {
        const fmt::format_int digits(value);
        to.append(digits.data(), digits.size());
    }
};

} // namespace

Json json_value(const Value &value) { return std::visit(ToJson{}, value); }

void append_value(std::string &to, const Value &value) { std::visit(AppendJson{to}, value); }

std::string json_text(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace pasid
