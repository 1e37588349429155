// SPDX-License-Identifier: GPL-2.0-only
// Rows of a view with their types erased, for sorting, filtering, layout and drawing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "model/rates.hpp"
#include "render/fields.hpp"
#include "tui/canvas.hpp"

namespace pasid::tui {

// Identifies a row across refreshes. @birth distinguishes rows with the same number, such as a
// PASID that was freed and reallocated.
struct RowId {
    std::uint64_t number = 0;
    std::uint64_t birth = 0;

    // clang-tidy mistakes the 0 of the comparison for a null pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    friend auto operator<=>(const RowId &, const RowId &) = default;
};

enum class Kind {
    text,
    tree, // the column with the branches of a tree
    bar,  // a share from 0 to 1, shown as a bar
};

// A column of the live view; all but the last two members come from a field.
struct Column {
    std::string_view key;
    std::string_view title;
    std::string_view help;
    Unit unit = Unit::none;
    Align align = Align::left;
    Width width;
    Cut cut = Cut::end;
    Kind kind = Kind::text;
    int drop = 0; // if there is no room, the highest is dropped first; 0: never dropped
};

inline constexpr std::uint32_t no_row = ~0u;

class Table {
  public:
    virtual ~Table() = default;

    virtual std::span<const Column> columns() const = 0;
    // must be empty; checked by a test
    virtual std::span<const std::string_view> missing() const = 0;
    virtual std::size_t size() const = 0;
    virtual Value value(std::size_t row, std::size_t column) const = 0;
    virtual Role role(std::size_t row, std::size_t column) const = 0;
    virtual RowId id(std::size_t row) const = 0;

    // For trees: the parent row or no_row, and the displayed part of the name.
    virtual bool is_tree() const { return false; }
    virtual std::uint32_t parent(std::size_t) const { return no_row; }
    virtual std::string tree_name(std::size_t) const { return {}; }
};

// A column of a view: a field of src/render by its key (by its title for fields without key), or a
// column that only the live view has.
template <class Row> struct ColumnDef {
    std::string_view field;
    int drop = 0;
    Kind kind = Kind::text;
    Role (*role)(const Row &, const Rates &) = nullptr;
    Width width = {.min = 0};                               // min 0: the field's width
    Field<Row> own = {};                                    // description of a live-view column
    Value (*own_get)(const Row &, const Rates &) = nullptr; // getter of a live-view column

    const Field<Row> *describe() const
    {
        if (own_get)
            return &own;
        for (const Field<Row> &candidate : fields<Row>())
            if (candidate.in_table() && (candidate.key == field || candidate.title == field))
                return &candidate;
        return nullptr;
    }
};

// The resolved columns of a view. Unknown field names are collected in @missing, which a test
// checks.
template <class Row> struct ColumnSet {
    std::vector<Column> columns;
    std::vector<ColumnDef<Row>> defs;
    std::vector<std::string_view> missing;

    explicit ColumnSet(std::span<const ColumnDef<Row>> all)
    {
        for (const ColumnDef<Row> &def : all) {
            const Field<Row> *found = def.describe();
            if (!found) {
                missing.push_back(def.field);
                continue;
            }
            columns.push_back({.key = found->key.empty() ? found->title : found->key,
                               .title = found->title,
                               .help = found->help,
                               .unit = found->unit,
                               .align = found->align,
                               .width = def.width.min ? def.width : found->width,
                               .cut = found->cut,
                               .kind = def.kind,
                               .drop = def.drop});
            defs.push_back(def);
            defs.back().own = *found;
        }
    }
};

// A table of rows in a snapshot or in the event log.
template <class Row> class TableOf : public Table {
  public:
    TableOf(const ColumnSet<Row> &set, std::vector<const Row *> rows, const Rates &rates,
            RowId (*identify)(const Row &))
        : set_(set), rows_(std::move(rows)), rates_(rates), id_(identify)
    {
    }

    std::span<const Column> columns() const override { return set_.columns; }
    std::span<const std::string_view> missing() const override { return set_.missing; }
    std::size_t size() const override { return rows_.size(); }
    RowId id(std::size_t row) const override { return id_(*rows_[row]); }

    Value value(std::size_t row, std::size_t column) const override
    {
        const ColumnDef<Row> &def = set_.defs[column];
        return def.own_get ? def.own_get(*rows_[row], rates_) : def.own.get(*rows_[row]);
    }

    Role role(std::size_t row, std::size_t column) const override
    {
        const ColumnDef<Row> &def = set_.defs[column];
        return def.role ? def.role(*rows_[row], rates_) : Role::normal;
    }

  protected:
    const Row &row(std::size_t number) const { return *rows_[number]; }

  private:
    const ColumnSet<Row> &set_;
    std::vector<const Row *> rows_;
    const Rates &rates_;
    RowId (*id_)(const Row &);
};

} // namespace pasid::tui
