// SPDX-License-Identifier: GPL-2.0-only
// Sorts rows by one field.
#pragma once

#include <algorithm>
#include <vector>

#include "render/field.hpp"

namespace pasid {

// Missing values sort first, then numbers, then text.
bool value_less(const Value &a, const Value &b);

template <class Row>
void sort_rows(std::vector<Row> &rows, const Field<Row> &field, bool descending = false)
{
    std::stable_sort(rows.begin(), rows.end(), [&](const Row &a, const Row &b) {
        return descending ? value_less(field.get(b), field.get(a))
                          : value_less(field.get(a), field.get(b));
    });
}

} // namespace pasid
