// SPDX-License-Identifier: GPL-2.0-only
#include "tui/list.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace pasid::tui {

namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool contains(std::string_view text, std::string_view word)
{
    return std::search(text.begin(), text.end(), word.begin(), word.end(),
                       [](char a, char b) { return lower(a) == b; }) != text.end();
}

// Names and IDs can be searched; amounts and times cannot, because "12" should match an ID.
bool searchable(const Column &column)
{
    return column.kind != Kind::bar && column.unit == Unit::none;
}

bool found_in(const Value &value, Unit unit, std::string_view word)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return contains(*text, word);
    if (const auto *view = std::get_if<std::string_view>(&value))
        return contains(*view, word);
    if (std::holds_alternative<Null>(value) || std::holds_alternative<Omitted>(value))
        return false;
    return contains(to_text(value, unit), word);
}

} // namespace

Filter::Filter(std::string_view text)
{
    std::string word;
    for (char c : text) {
        if (c != ' ')
            word += lower(c);
        else if (!word.empty())
            words_.push_back(std::exchange(word, {}));
    }
    if (!word.empty())
        words_.push_back(word);
}

bool Filter::matches(const Table &table, std::size_t row) const
{
    const auto columns = table.columns();
    return std::all_of(words_.begin(), words_.end(), [&](const std::string &word) {
        for (std::size_t i = 0; i < columns.size(); i++)
            if (searchable(columns[i]) && found_in(table.value(row, i), columns[i].unit, word))
                return true;
        return false;
    });
}

} // namespace pasid::tui
