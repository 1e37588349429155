// SPDX-License-Identifier: GPL-2.0-only
// --sort KEY: sorts rows by one of their fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include "render/sort.hpp"

namespace pasid {

// @given: a JSON key of the row; with a leading '-' in descending order.
inline std::string sort_key_of(const std::string &given)
{
    return given.starts_with('-') ? given.substr(1) : given;
}

// What is wrong with it; "" if nothing.
template <class Row> std::string check_sort_key(const std::string &given)
{
    if (find_field<Row>(sort_key_of(given)))
        return "";
    std::string keys;
    for (const Field<Row> &field : fields<Row>())
        if (field.in_json())
            keys.append(keys.empty() ? "" : ", ").append(field.key);
    return "'" + sort_key_of(given) + "' is not a key; use one of: " + keys;
}

template <class Row> void sort_by_key(std::vector<Row> &rows, const std::string &given)
{
    sort_rows(rows, *find_field<Row>(sort_key_of(given)), given.starts_with('-'));
}

inline CLI::Option *add_sort_option(CLI::App &app, std::string &given)
{
    return app.add_option("--sort", given, "Sort by this JSON key; -KEY for descending order")
        ->type_name("KEY");
}

template <class Row> class SortOption {
  public:
    // @given: the default, a JSON key; with a leading '-' in descending order.
    explicit SortOption(std::string given) : given_(std::move(given)) {}

    CLI::Option *add_to(CLI::App &app)
    {
        return add_sort_option(app, given_)->check(check_sort_key<Row>);
    }

    bool is(std::string_view key) const { return given_ == key; }

    void sort(std::vector<Row> &rows) const { sort_by_key(rows, given_); }

  private:
    std::string given_;
};

} // namespace pasid
