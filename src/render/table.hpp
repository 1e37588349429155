// SPDX-License-Identifier: GPL-2.0-only
// Formats rows of fields as text: a complete table, or a stream of rows.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "render/field.hpp"
#include "render/output.hpp"
#include "render/terminal.hpp"

namespace pasid {

// Layout properties of a column.
struct Column {
    std::string title;
    Align align = Align::left;
    Width width;
    Cut cut = Cut::end;
};

using Cells = std::vector<std::string>;

// Widths for columns whose longest cells are @natural, to fit @total columns with one blank between
// them. Flexible columns shrink first, widest first. @total 0: no limit.
std::vector<int> fit_widths(std::span<const Column> columns, std::span<const int> natural,
                            int total);

// One line; the last column is not padded.
std::string format_row(std::span<const Column> columns, std::span<const int> widths,
                       const Cells &cells, const Terminal &terminal);

// A header and rows, added in blocks. Columns fit the rows so far and only get wider.
class BlockTable {
  public:
    BlockTable(Output &out, std::vector<Column> columns, const Terminal &terminal)
        : out_(out), columns_(std::move(columns)), terminal_(terminal), natural_(columns_.size(), 1)
    {
    }

    // @tones: color of each row, or empty.
    void add(const std::vector<Cells> &rows, std::span<const Tone> tones = {});

  private:
    Output &out_;
    std::vector<Column> columns_;
    Terminal terminal_;
    std::vector<int> natural_;
    bool has_header_ = false;
};

// Prints all rows at once.
void print_cells(Output &out, std::span<const Column> columns, const std::vector<Cells> &rows,
                 const Terminal &terminal, std::span<const Tone> tones = {});

template <class Row> using FieldList = std::vector<const Field<Row> *>;

// Fields with these titles, in this order.
template <class Row> FieldList<Row> by_title(std::initializer_list<std::string_view> titles)
{
    FieldList<Row> list;
    for (const std::string_view title : titles)
        for (const Field<Row> &field : fields<Row>())
            if (field.title == title)
                list.push_back(&field);
    return list;
}

template <class Row> std::vector<Column> columns_of(const FieldList<Row> &list)
{
    std::vector<Column> columns;
    for (const Field<Row> *field : list)
        columns.push_back({std::string(field->title), field->align, field->width, field->cut});
    return columns;
}

template <class Row> Cells cells_of(const FieldList<Row> &list, const Row &row)
{
    Cells cells;
    cells.reserve(list.size());
    for (const Field<Row> *field : list)
        cells.push_back(field->text(row));
    return cells;
}

template <class Row>
std::vector<Cells> cells_of(const FieldList<Row> &list, std::span<const Row> rows)
{
    std::vector<Cells> cells;
    cells.reserve(rows.size());
    for (const Row &row : rows)
        cells.push_back(cells_of(list, row));
    return cells;
}

template <class Row>
void print_table(Output &out, const FieldList<Row> &list, std::span<const Row> rows,
                 const Terminal &terminal)
{
    print_cells(out, columns_of(list), cells_of(list, rows), terminal);
}

// Widths are chosen in advance, because later rows are not known.
class StreamTable {
  public:
    StreamTable(std::vector<Column> columns, Terminal terminal);

    // The terminal's width has changed.
    void resize(Terminal terminal);
    std::string header() const;

    // One row. If the last cell does not fit, the rest follows on its own line, because denials and
    // their reasons must not be cut.
    std::string row(const Cells &cells, Tone tone) const;

  private:
    std::vector<Column> columns_;
    Terminal terminal_;
    std::vector<int> widths_;
};

} // namespace pasid
