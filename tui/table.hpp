// SPDX-License-Identifier: GPL-2.0-only
// The rows of one view, without their types: what sorting, filtering, layout and drawing see.
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

// What a row is, across refreshes. @birth tells two rows with the same number apart: a PASID
// that was freed and handed out again.
struct RowId {
    std::uint64_t number = 0;
    std::uint64_t birth = 0;

    // The linter takes the 0 that it is compared with for a null pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    friend auto operator<=>(const RowId &, const RowId &) = default;
};

enum class Kind {
    text,
    tree, // the column that carries the branches when the view is a tree
    bar,  // a share from 0 to 1, drawn as a bar
};

// A column as the live view shows it; all but the last two lines come from a field.
struct Column {
    std::string_view key;
    std::string_view title;
    std::string_view help;
    Unit unit = Unit::none;
    Align align = Align::left;
    Width width;
    Cut cut = Cut::end;
    Kind kind = Kind::text;
    int drop = 0; // when there is no room the highest goes first; 0 stays
};

inline constexpr std::uint32_t no_row = ~0u;

class Table {
  public:
    virtual ~Table() = default;

    virtual std::span<const Column> columns() const = 0;
    virtual std::span<const std::string_view> missing() const = 0; // empty in a sound build
    virtual std::size_t size() const = 0;
    virtual Value value(std::size_t row, std::size_t column) const = 0;
    virtual Role role(std::size_t row, std::size_t column) const = 0;
    virtual RowId id(std::size_t row) const = 0;

    // In a tree: the row above this one or no_row, and what is shown of its name.
    virtual bool is_tree() const { return false; }
    virtual std::uint32_t parent(std::size_t) const { return no_row; }
    virtual std::string tree_name(std::size_t) const { return {}; }
};

// One row of a view's list of columns: a field of src/render by its key (or by its title, for
// fields of tables only), or a column that only the live view has.
template <class Row> struct ColumnDef {
    std::string_view field;
    int drop = 0;
    Kind kind = Kind::text;
    Role (*role)(const Row &, const Rates &) = nullptr;
    Width width = {.min = 0};                               // least 0: the field's own
    Field<Row> own = {};                                    // described here ...
    Value (*own_get)(const Row &, const Rates &) = nullptr; // ... and had from here

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

// The columns of a view, resolved once. A name that no field has is noted; a test looks at that.
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

// A table over rows that live in a snapshot or in the event log.
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
