// SPDX-License-Identifier: GPL-2.0
// One PASID whole: its fields, its bindings, the events about it that are still known.
#include <algorithm>

#include "tui/app.hpp"
#include "tui/page.hpp"
#include "tui/text.hpp"

namespace pasid::tui {

namespace {

constexpr int label_width = 10;

void section(std::vector<TextLine> &lines, std::string_view title)
{
    lines.push_back({});
    lines.push_back({{std::string(title), Role::title}});
}

void nothing(std::vector<TextLine> &lines, std::string_view what)
{
    lines.push_back({{"  " + std::string(what), Role::dim}});
}

void add_fields(std::vector<TextLine> &lines, const Ioasid &row, int width, const Glyphs &glyphs)
{
    for (const Field<Ioasid> &field : fields<Ioasid>()) {
        if (!field.in_table())
            continue;
        const std::string value =
            cut_to(field.text(row), width - label_width - 4, field.cut, glyphs.ascii);
        lines.push_back(
            {{"  " + fit(field.title, label_width, Align::left, Cut::end, glyphs) + "  ",
              Role::label},
             {value, Role::normal}});
    }
}

// A small table: every column as wide as its longest cell.
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

void add_bindings(std::vector<TextLine> &lines, const State &state, const Scope &scope,
                  const Glyphs &glyphs)
{
    std::vector<const Binding *> rows;
    for (const Binding &row : state.snapshot.bindings)
        if (row.pasid == scope.number)
            rows.push_back(&row);
    section(lines, "Bindings");
    if (rows.empty())
        return nothing(lines, "no device is bound under it");
    add_table<Binding>(lines, rows, {"device", "age_ns", "faults"}, glyphs);
}

void add_events(std::vector<TextLine> &lines, const State &state, const Scope &scope,
                const Glyphs &glyphs)
{
    std::vector<const Event *> rows;
    for (const Event &row : state.log.events())
        if (in_scope(scope, row))
            rows.push_back(&row);
    std::reverse(rows.begin(), rows.end());
    section(lines, "Events, newest first");
    if (rows.empty())
        return nothing(lines, "none since this view was started");
    add_table<Event>(lines, rows, {"TIME", "EVENT", "device", "RESULT"}, glyphs);
}

} // namespace

std::vector<TextLine> build_pasid(App &app, int width)
{
    std::vector<TextLine> lines;
    const State &state = app.state();
    const Scope &scope = app.here().place.scope;
    const auto &all = state.snapshot.ioasids;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Ioasid &row) { return row.pasid == scope.number; });
    if (found != all.end())
        add_fields(lines, *found, width, app.glyphs());
    else
        nothing(lines, "this PASID is free: it was given back, or its process ended");
    add_bindings(lines, state, scope, app.glyphs());
    add_events(lines, state, scope, app.glyphs());
    return lines;
}

} // namespace pasid::tui
