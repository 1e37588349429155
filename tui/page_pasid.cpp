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

// Two fields beside each other where there is room, so that bindings and events are on the first
// screen; one that is too long for that has a line to itself and is shown whole.
class FieldLines {
  public:
    FieldLines(int width, const Glyphs &glyphs)
        : glyphs_(glyphs), width_(width), half_(width >= least_for_two ? width / 2 : width)
    {
    }

    void add(std::string_view title, std::string value, Cut cut)
    {
        const bool is_long = half_ < width_ && display_width(value) > half_ - indent;
        value = cut_to(value, width_ - indent, cut, glyphs_.ascii);
        TextLine entry{
            {"  " + fit(title, label_width, Align::left, Cut::end, glyphs_) + "  ", Role::label},
            {std::move(value), Role::normal}};
        (is_long ? long_ : short_).push_back(std::move(entry));
    }

    std::vector<TextLine> take()
    {
        const bool two = half_ < width_;
        const std::size_t rows = two ? (short_.size() + 1) / 2 : short_.size();
        std::vector<TextLine> lines(short_.begin(), short_.begin() + static_cast<long>(rows));
        for (std::size_t i = rows; i < short_.size(); i++) {
            TextLine &line = lines[i - rows];
            line[1].text = fit(line[1].text, half_ - indent, Align::left, Cut::end, glyphs_);
            std::move(short_[i].begin(), short_[i].end(), std::back_inserter(line));
        }
        std::move(long_.begin(), long_.end(), std::back_inserter(lines));
        return lines;
    }

  private:
    static constexpr int least_for_two = 72;
    static constexpr int indent = label_width + 4;
    const Glyphs &glyphs_;
    int width_;
    int half_;
    std::vector<TextLine> short_;
    std::vector<TextLine> long_;
};

void add_fields(std::vector<TextLine> &lines, const Ioasid &row, int width, const Glyphs &glyphs)
{
    FieldLines all(width, glyphs);
    for (const Field<Ioasid> &field : fields<Ioasid>())
        if (field.in_table())
            all.add(field.title, field.text(row), field.cut);
    for (TextLine &line : all.take())
        lines.push_back(std::move(line));
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
