// SPDX-License-Identifier: GPL-2.0-only
#include "render/table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace pasid {

namespace {

int line_width(std::span<const int> widths)
{
    return std::accumulate(widths.begin(), widths.end(), 0) + static_cast<int>(widths.size()) - 1;
}

void append_cell(std::string &line, const Column &column, std::string_view cell, int width,
                 bool last)
{
    const auto padding = static_cast<std::size_t>(std::max(0, width - display_width(cell)));
    if (column.align == Align::right)
        line.append(padding, ' ');
    line.append(cell);
    if (column.align == Align::left && !last)
        line.append(padding, ' ');
}

std::string toned(const Terminal &terminal, Tone tone, std::string_view text)
{
    std::string line(tone_on(terminal, tone));
    return line.append(text).append(tone_off(terminal, tone));
}

Cells titles_of(std::span<const Column> columns)
{
    Cells titles;
    for (const Column &column : columns)
        titles.push_back(column.title);
    return titles;
}

} // namespace

std::vector<int> fit_widths(std::span<const Column> columns, std::span<const int> natural,
                            int total)
{
    std::vector<int> widths;
    for (std::size_t i = 0; i < columns.size(); i++) {
        int width = std::max(natural[i], display_width(columns[i].title));
        if (columns[i].width.max)
            width =
                std::min(width, std::max(columns[i].width.max, display_width(columns[i].title)));
        widths.push_back(width);
    }

    while (total > 0 && line_width(widths) > total) {
        std::size_t widest = columns.size();
        for (std::size_t i = 0; i < columns.size(); i++) {
            const int min_width = std::max(columns[i].width.min, display_width(columns[i].title));
            if (columns[i].width.flex && widths[i] > min_width &&
                (widest == columns.size() || widths[i] > widths[widest]))
                widest = i;
        }
        if (widest == columns.size())
            break;
        widths[widest]--;
    }
    return widths;
}

std::string format_row(std::span<const Column> columns, std::span<const int> widths,
                       const Cells &cells, const Terminal &terminal)
{
    std::string line;
    for (std::size_t i = 0; i < columns.size(); i++) {
        const bool last = i + 1 == columns.size();
        const bool cut = terminal.width > 0 && display_width(cells[i]) > widths[i];
        if (i > 0)
            line.push_back(' ');
        append_cell(line, columns[i],
                    cut ? cut_to(cells[i], widths[i], columns[i].cut, terminal.ascii) : cells[i],
                    widths[i], last);
    }
    return line;
}

void BlockTable::add(const std::vector<Cells> &rows, std::span<const Tone> tones)
{
    for (const Cells &cells : rows)
        for (std::size_t i = 0; i < columns_.size(); i++)
            natural_[i] = std::max(natural_[i], display_width(cells[i]));

    const std::vector<int> widths = fit_widths(columns_, natural_, terminal_.width);
    const auto print = [&](const Cells &cells, Tone tone) {
        out_.line(toned(terminal_, tone, format_row(columns_, widths, cells, terminal_)));
    };
    if (!std::exchange(has_header_, true))
        print(titles_of(columns_), Tone::strong);
    for (std::size_t i = 0; i < rows.size(); i++)
        print(rows[i], tones.empty() ? Tone::plain : tones[i]);
}

void print_cells(Output &out, std::span<const Column> columns, const std::vector<Cells> &rows,
                 const Terminal &terminal, std::span<const Tone> tones)
{
    BlockTable(out, {columns.begin(), columns.end()}, terminal).add(rows, tones);
}

StreamTable::StreamTable(std::vector<Column> columns, Terminal terminal)
    : columns_(std::move(columns))
{
    resize(terminal);
}

void StreamTable::resize(Terminal terminal)
{
    terminal_ = terminal;
    // Without a limit, give flexible columns some room, so that most rows are aligned.
    constexpr int roomy = 24;
    std::vector<int> natural;
    for (const Column &column : columns_) {
        const int wish = column.width.max ? column.width.max : roomy;
        natural.push_back(column.width.flex ? std::max(column.width.min, wish) : column.width.min);
    }
    widths_ = fit_widths(columns_, natural, terminal.width);
}

std::string StreamTable::header() const
{
    return toned(terminal_, Tone::strong,
                 format_row(columns_, widths_, titles_of(columns_), terminal_));
}

std::string StreamTable::row(const Cells &cells, Tone tone) const
{
    const int room = terminal_.width - line_width(widths_) + widths_.back();
    if (terminal_.width == 0 || display_width(cells.back()) <= room) {
        std::vector<int> widths = widths_;
        widths.back() = std::max(widths.back(), room);
        return toned(terminal_, tone, format_row(columns_, widths, cells, terminal_));
    }
    // Keep the result in its column and move the details to the next line.
    const std::string &whole = cells.back();
    const auto blank = whole.find(' ');
    const bool splits = blank != std::string::npos &&
                        display_width(std::string_view(whole).substr(0, blank)) <= room;
    Cells head = cells;
    head.back() = splits ? whole.substr(0, blank) : "";
    const std::string indent(static_cast<std::size_t>(widths_.front()) + 1, ' ');
    const std::string rest = splits ? whole.substr(blank + 1) : whole;
    return toned(terminal_, tone,
                 format_row(columns_, widths_, head, terminal_) + "\n" + indent + rest);
}

} // namespace pasid
