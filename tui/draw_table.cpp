// SPDX-License-Identifier: GPL-2.0-only
// Draws the list. Only visible rows are formatted.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "tui/draw.hpp"
#include "tui/layout.hpp"
#include "tui/line_writer.hpp"

namespace pasid::tui {

namespace {

using Cells = std::vector<std::string>; // of one line, one per column of the table

std::string tree_text(const Table &table, const Line &line, const Glyphs &glyphs)
{
    std::string text;
    for (unsigned level = 1; level < line.depth; level++)
        text += level < 64 && (line.through >> level) & 1 ? glyphs.tree_through : glyphs.tree_blank;
    if (line.depth > 0)
        text += line.last ? glyphs.tree_last : glyphs.tree_branch;
    if (line.parent)
        text += line.folded ? glyphs.folded : glyphs.unfolded;
    else
        text += line.depth > 0 ? glyphs.leaf : " ";
    text += " ";
    return text + table.tree_name(line.row);
}

Cells format(const App &app, const Table &table, const Line &line)
{
    const auto columns = table.columns();
    const bool tree = table.is_tree() && app.list_settings().tree;
    Cells cells;
    cells.reserve(columns.size());
    for (std::size_t i = 0; i < columns.size(); i++) {
        if (columns[i].kind == Kind::tree && tree)
            cells.push_back(tree_text(table, line, app.glyphs()));
        else if (columns[i].kind == Kind::bar)
            cells.emplace_back(); // drawn once its width is known
        else
            cells.push_back(to_text(table.value(line.row, i), columns[i].unit));
    }
    return cells;
}

std::string bar_cell(const Value &value, int width, const Glyphs &glyphs)
{
    const auto *share = std::get_if<double>(&value);
    if (!share)
        return fit(width >= 8 ? "no limit" : "-", width, Align::left, Cut::end, glyphs);
    constexpr int percent_width = 5;
    const std::string percent =
        *share < 9.995 ? fmt::format("{:>4.0f}%", std::floor(*share * 100)) : " >999%";
    const int bar = width - std::max(percent_width, static_cast<int>(percent.size()));
    return bar < 3 ? fit(percent, width, Align::right, Cut::end, glyphs)
                   : bar_text(*share, bar, glyphs) + percent;
}

std::string heading_text(const Column &column, const App &app)
{
    std::string text(column.title);
    if (column.key == app.list_settings().sort_key)
        text += app.list_settings().reverse ? app.glyphs().descending : app.glyphs().ascending;
    return text;
}

// Columns only grow while a list is shown, so that columns to the right do not move when a value
// gets shorter.
std::vector<int> wanted_widths(App &app, const Table &table, const std::vector<Cells> &visible)
{
    const auto columns = table.columns();
    std::vector<int> wanted;
    for (std::size_t i = 0; i < columns.size(); i++) {
        int width = std::max(display_width(heading_text(columns[i], app)), columns[i].width.min);
        if (columns[i].kind == Kind::bar)
            width = std::max(width, columns[i].width.max);
        for (const Cells &cells : visible)
            width = std::max(width, display_width(cells[i]));
        if (columns[i].width.max > 0)
            width = std::min(width, std::max(columns[i].width.max, columns[i].width.min));
        int &remembered = app.widths()[columns[i].key];
        remembered = std::max(remembered, width);
        wanted.push_back(remembered);
    }
    return wanted;
}

// The columns that the user selected, in the user's order, as far as they fit.
std::vector<ColumnWidth> place(App &app, const Table &table, const std::vector<int> &wanted,
                               int width, int gap)
{
    const std::vector<std::size_t> shown = app.shown_columns();
    std::vector<Column> columns;
    std::vector<int> widths;
    for (std::size_t number : shown) {
        columns.push_back(table.columns()[number]);
        widths.push_back(wanted[number]);
    }
    std::vector<ColumnWidth> placed = lay_out(columns, widths, width, gap);
    for (ColumnWidth &each : placed)
        each.column = shown[each.column];
    return placed;
}

void draw_heading(App &app, Canvas &canvas, const Table &table,
                  const std::vector<ColumnWidth> &placed, int row, int gap)
{
    LineWriter writer(canvas, row);
    for (const ColumnWidth &each : placed) {
        const Column &column = table.columns()[each.column];
        const bool sorted = column.key == app.list_settings().sort_key;
        app.click_targets().add({ClickTarget::heading, row, writer.column(),
                                 writer.column() + each.width + gap, 0, column.key});
        writer.text(
            fit(heading_text(column, app), each.width, column.align, Cut::end, app.glyphs()),
            sorted ? Role::heading_sorted : Role::heading);
        writer.text(std::string(static_cast<std::size_t>(gap), ' '), Role::heading);
    }
    writer.fill(Role::heading);
}

void draw_line(const App &app, Canvas &canvas, const Table &table, const Line &line,
               const Cells &cells, const std::vector<ColumnWidth> &placed, int row, bool selected,
               int gap)
{
    LineWriter writer(canvas, row);
    for (const ColumnWidth &each : placed) {
        const Column &column = table.columns()[each.column];
        Role role = line.matches ? table.role(line.row, each.column) : Role::dim;
        std::string text =
            column.kind == Kind::bar
                ? bar_cell(table.value(line.row, each.column), each.width, app.glyphs())
                : fit(cells[each.column], each.width, column.align,
                      column.kind == Kind::tree && app.list_settings().tree ? Cut::end : column.cut,
                      app.glyphs());
        if (cells[each.column] == "-")
            role = Role::dim;
        writer.text(text, {role, selected});
        writer.text(std::string(static_cast<std::size_t>(gap), ' '), {Role::normal, selected});
    }
    if (selected)
        writer.fill({Role::normal, true});
}

// Explains why the list is empty.
std::string empty_text(const App &app)
{
    const State &state = app.state();
    const View &view = app.current_view();
    if (state.error && !state.snapshot.parts)
        return describe(*state.error);
    if ((state.snapshot.parts & view.parts) != view.parts)
        return app.frozen() ? "not read before the screen was frozen" : "reading...";
    if (!app.here().filter.empty())
        return fmt::format("nothing matches \"{}\"; Esc clears the filter", app.here().filter);
    if (app.drilled() && app.here().place.scope.what != Scope::all)
        return fmt::format("{} for {}", view.empty, app.here().place.scope.text());
    if (view.id == ViewId::events && !state.has_events)
        return "events are not available here";
    return std::string(view.empty);
}

void draw_empty(const App &app, Canvas &canvas, int row, int rows)
{
    const int middle = row + std::max(0, (rows - 1) / 3);
    std::vector<std::string> lines{empty_text(app)};
    const State &state = app.state();
    if (app.current_view().id == ViewId::cgroups && state.snapshot.parts &&
        !state.snapshot.system.policy_attached && app.here().filter.empty())
        lines.push_back(fmt::format("no policy {} limits are not enforced", app.glyphs().dash));
    for (std::size_t i = 0; i < lines.size() && middle + static_cast<int>(i) < row + rows; i++) {
        const std::string text =
            cut_to(printable(lines[i]), canvas.width(), Cut::end, app.glyphs().ascii);
        canvas.put(middle + static_cast<int>(i), (canvas.width() - display_width(text)) / 2, text,
                   state.error && !state.snapshot.parts ? Role::bad : Role::dim);
    }
}

} // namespace

void draw_table(App &app, Canvas &canvas, int first_row, int rows)
{
    const int body = rows - 1;
    app.set_body_height(static_cast<std::size_t>(std::max(body, 1)));
    const Table &table = app.table();
    const std::vector<Line> &lines = app.lines();
    const std::size_t top = app.cursor().top();
    const std::size_t end =
        std::min(lines.size(), top + static_cast<std::size_t>(std::max(body, 0)));

    std::vector<Cells> visible;
    for (std::size_t i = top; i < end; i++)
        visible.push_back(format(app, table, lines[i]));
    const int gap = canvas.width() >= 100 ? 2 : 1;
    const std::vector<int> wanted = wanted_widths(app, table, visible);
    const std::vector<ColumnWidth> placed = place(app, table, wanted, canvas.width(), gap);

    draw_heading(app, canvas, table, placed, first_row, gap);
    for (std::size_t i = top; i < end; i++)
        app.click_targets().add(
            {ClickTarget::line, first_row + 1 + static_cast<int>(i - top), 0, canvas.width(), i});
    for (std::size_t i = top; i < end; i++)
        draw_line(app, canvas, table, lines[i], visible[i - top], placed,
                  first_row + 1 + static_cast<int>(i - top), i == app.cursor().selected(), gap);
    if (lines.empty() && body > 0)
        draw_empty(app, canvas, first_row + 1, body);
}

} // namespace pasid::tui
