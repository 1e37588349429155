// SPDX-License-Identifier: GPL-2.0-only
#include "tui/page_parts.hpp"

#include <fmt/format.h>

#include "tui/graph.hpp"

namespace pasid::tui {

namespace {

constexpr int label_width = 10;
constexpr int field_indent = label_width + 4;
constexpr int min_two_column_width = 72;
constexpr int graph_indent = 2;

std::string amount(double value, Unit unit)
{
    return unit == Unit::rate ? fmt::format("{:.1f}/s", value) : fmt::format("{:g}", value);
}

bool above(const History::Series &series, double limit)
{
    return std::any_of(series.begin(), series.end(),
                       [limit](const auto &value) { return value && *value > limit; });
}

} // namespace

void add_section(std::vector<TextLine> &lines, std::string_view title)
{
    lines.push_back({});
    lines.push_back({{std::string(title), Role::title}});
}

void add_nothing(std::vector<TextLine> &lines, std::string_view what)
{
    lines.push_back({{"  " + std::string(what), Role::dim}});
}

FieldLines::FieldLines(int width, const Glyphs &glyphs)
    : glyphs_(glyphs), width_(width), half_(width >= min_two_column_width ? width / 2 : width)
{
}

void FieldLines::add(std::string_view title, std::string value, Cut cut)
{
    const bool is_long = half_ < width_ && display_width(value) > half_ - field_indent;
    value = cut_to(value, width_ - field_indent, cut, glyphs_.ascii);
    TextLine entry{
        {"  " + fit(title, label_width, Align::left, Cut::end, glyphs_) + "  ", Role::label},
        {std::move(value), Role::normal}};
    (is_long ? long_ : short_).push_back(std::move(entry));
}

std::vector<TextLine> FieldLines::take()
{
    const bool two = half_ < width_;
    const std::size_t rows = two ? (short_.size() + 1) / 2 : short_.size();
    std::vector<TextLine> lines(short_.begin(), short_.begin() + static_cast<long>(rows));
    for (std::size_t i = rows; i < short_.size(); i++) {
        TextLine &line = lines[i - rows];
        line[1].text = fit(line[1].text, half_ - field_indent, Align::left, Cut::end, glyphs_);
        std::move(short_[i].begin(), short_[i].end(), std::back_inserter(line));
    }
    std::move(long_.begin(), long_.end(), std::back_inserter(lines));
    return lines;
}

std::size_t page_samples(int width, const Glyphs &glyphs)
{
    return graph_samples(width - 2 * graph_indent, glyphs);
}

void add_graph(std::vector<TextLine> &lines, const Graph &graph, const History::Series &series,
               double seconds, int width, const Glyphs &glyphs)
{
    const int columns = std::max(width - 2 * graph_indent, 1);
    const double round = graph_top(series);
    const double top = graph.max && !above(series, *graph.max) ? *graph.max : round;
    const std::string now =
        !series.empty() && series.back() ? amount(*series.back(), graph.unit) : "-";
    lines.push_back({});
    lines.push_back(
        {{std::string(graph.title), Role::title},
         {"  " + now, Role::strong},
         {fmt::format("  of {}, last {:.0f} s", amount(top, graph.unit), seconds), Role::dim}});
    for (std::string &line : graph_text(series, top, columns, graph.height, glyphs))
        lines.push_back(
            {{std::string(graph_indent, ' '), Role::normal}, {std::move(line), graph.role}});
}

} // namespace pasid::tui
