// SPDX-License-Identifier: GPL-2.0-only
// Rows of a view with their types erased, for sorting, filtering, layout and drawing.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
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
    std::string_view field = {};
    int drop = 0;
    Kind kind = Kind::text;
    Role (*role)(const Row &, const Rates &) = nullptr;
    Width width = {.min = 0};                               // min 0: the field's width
    Field<Row> own = {};                                    // description of a live-view column
    Value (*own_get)(const Row &, const Rates &) = nullptr; // getter of a live-view column

    // Throws if there is no such field; a test builds every view.
    const Field<Row> &describe() const
    {
        if (own_get)
            return own;
        for (const Field<Row> &candidate : fields<Row>())
            if (candidate.in_table() && (candidate.key == field || candidate.title == field))
                return candidate;
        throw std::invalid_argument(std::string(field));
    }
};

// The rate of a row since the previous snapshot; null if there is none.
template <auto rates_by_id, auto id, auto rate, class Row>
Value rate_of(const Row &row, const Rates &rates)
{
    const auto found = (rates.*rates_by_id).find(row.*id);
    return found == (rates.*rates_by_id).end() ? Value{Null{}} : Value{found->second.*rate};
}

// Of a counter that is bad while it grows; @before: if it did earlier.
template <auto rates_by_id, auto id, auto rate, auto count, Role before, class Row>
Role counter_role(const Row &row, const Rates &rates)
{
    const Value now = rate_of<rates_by_id, id, rate>(row, rates);
    if (const auto *per_second = std::get_if<double>(&now); per_second && *per_second > 0)
        return Role::bad;
    return row.*count ? before : Role::dim;
}

template <class Row>
constexpr ColumnDef<Row> rate_column(std::string_view key, std::string_view title,
                                     std::string_view help, int drop,
                                     Value (*get)(const Row &, const Rates &),
                                     Role (*role)(const Row &, const Rates &) = nullptr)
{
    return {.drop = drop,
            .role = role,
            .own = {.key = key,
                    .title = title,
                    .help = help,
                    .unit = Unit::rate,
                    .align = Align::right},
            .own_get = get};
}

// The resolved columns of a view.
template <class Row> struct ColumnSet {
    std::vector<Column> columns;
    std::vector<ColumnDef<Row>> defs;

    explicit ColumnSet(std::span<const ColumnDef<Row>> all) : defs(all.begin(), all.end())
    {
        for (ColumnDef<Row> &def : defs) {
            def.own = def.describe();
            columns.push_back({.key = def.own.key.empty() ? def.own.title : def.own.key,
                               .title = def.own.title,
                               .help = def.own.help,
                               .unit = def.own.unit,
                               .align = def.own.align,
                               .width = def.width.min ? def.width : def.own.width,
                               .cut = def.own.cut,
                               .kind = def.kind,
                               .drop = def.drop});
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
