// SPDX-License-Identifier: GPL-2.0-only
// --sort KEY: sorts rows by one of their fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>

#include "render/sort.hpp"

namespace pasid {

template <class Row> class SortOption {
  public:
    // @given: the default, a JSON key; with a leading '-' in descending order.
    explicit SortOption(std::string given) : given_(std::move(given)) {}

    CLI::Option *add_to(CLI::App &app)
    {
        return app.add_option("--sort", given_, "Sort by this JSON key; -KEY for descending order")
            ->type_name("KEY")
            ->check(validate);
    }

    bool is(std::string_view key) const { return given_ == key; }

    void sort(std::vector<Row> &rows) const
    {
        sort_rows(rows, *find_field<Row>(key_of(given_)), given_.starts_with('-'));
    }

  private:
    static std::string key_of(const std::string &given)
    {
        return given.starts_with('-') ? given.substr(1) : given;
    }

    static std::string validate(const std::string &given)
    {
        if (find_field<Row>(key_of(given)))
            return "";
        std::string keys;
        for (const Field<Row> &field : fields<Row>())
            if (field.in_json())
                keys.append(keys.empty() ? "" : ", ").append(field.key);
        return "'" + key_of(given) + "' is not a key; use one of: " + keys;
    }

    std::string given_;
};

} // namespace pasid
