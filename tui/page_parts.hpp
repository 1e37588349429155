// SPDX-License-Identifier: GPL-2.0-only
// Building blocks of pages.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <string_view>
#include <vector>

#include "render/fields.hpp"
#include "tui/history.hpp"
#include "tui/page.hpp"
#include "tui/text.hpp"

namespace pasid::tui {

void add_section(std::vector<TextLine> &lines, std::string_view title);
void add_nothing(std::vector<TextLine> &lines, std::string_view what);

// Lays out fields in two columns if there is room; a field too long for that gets a line of its
// own.
class FieldLines {
  public:
    FieldLines(int width, const Glyphs &glyphs);
    void add(std::string_view title, std::string value, Cut cut);
    std::vector<TextLine> take();

  private:
    const Glyphs &glyphs_;
    int width_;
    int half_;
    std::vector<TextLine> short_;
    std::vector<TextLine> long_;
};

template <class Row>
void add_fields(std::vector<TextLine> &lines, const Row &row, int width, const Glyphs &glyphs)
{
    FieldLines all(width, glyphs);
    for (const Field<Row> &field : fields<Row>())
        if (field.in_table())
            all.add(field.title, field.text(row), field.cut);
    for (TextLine &line : all.take())
        lines.push_back(std::move(line));
}

// A small table; each column is as wide as its longest cell.
template <class Row>
void add_table(std::vector<TextLine> &lines, const std::vector<const Row *> &rows,
               std::initializer_list<std::string_view> columns, const Glyphs &glyphs)
{
    std::vector<TextLine> table(rows.size() + 1, TextLine{{"  ", Role::normal}});
    for (std::string_view name : columns) {
        for (const Field<Row> &field : fields<Row>()) {
            if (!field.in_table() || (field.key != name && field.title != name))
                continue;
            std::vector<std::string> cells{std::string(field.title)};
            for (const Row *row : rows)
                cells.push_back(field.text(*row));
            int width = 0;
            for (const std::string &cell : cells)
                width = std::max(width, display_width(cell));
            for (std::size_t i = 0; i < cells.size(); i++)
                table[i].push_back({fit(cells[i], width, field.align, field.cut, glyphs) + "  ",
                                    i == 0 ? Role::label : Role::normal});
        }
    }
    std::move(table.begin(), table.end(), std::back_inserter(lines));
}

// A graph with its title, latest value, top edge and time span.
struct Graph {
    std::string_view title;
    Unit unit = Unit::count;
    std::optional<double> max = {}; // natural top edge, if any
    Role role = Role::good;
    int height = 3;
};
void add_graph(std::vector<TextLine> &lines, const Graph &graph, const History::Series &series,
               double seconds, int width, const Glyphs &glyphs);

// Number of samples that fit on a page of this width.
std::size_t page_samples(int width, const Glyphs &glyphs);

} // namespace pasid::tui
