// SPDX-License-Identifier: GPL-2.0-only
#include "tui/graph.hpp"

#include <algorithm>
#include <cmath>

#include "tui/text_input.hpp"

namespace pasid::tui {

namespace {

// A braille cell is two dots wide and four dots high. Bits of one column, from the bottom up.
constexpr Key braille_blank = 0x2800;
constexpr unsigned braille_bits[2][4] = {{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}};
constexpr int braille_columns = 2;
constexpr int braille_rows = 4;

// An ASCII cell is one column that is empty, half full or full.
constexpr int ascii_rows = 2;
constexpr std::string_view ascii_levels = " .:";

int dots_for(const std::optional<double> &value, double max, int dots)
{
    if (!value || !(*value > 0) || !(max > 0))
        return 0;
    return std::clamp(static_cast<int>(std::lround(*value / max * dots)), 1, dots);
}

// The part of a column of @dots within the cell whose lowest dot is @bottom.
int part(int dots, int bottom, int rows) { return std::clamp(dots - bottom, 0, rows); }

} // namespace

std::size_t graph_samples(int width, const Glyphs &glyphs)
{
    return static_cast<std::size_t>(std::max(width, 0) * (glyphs.ascii ? 1 : braille_columns));
}

std::vector<std::string> graph_text(std::span<const std::optional<double>> values, double max,
                                    int width, int height, const Glyphs &glyphs)
{
    const int columns = glyphs.ascii ? 1 : braille_columns;
    const int rows = glyphs.ascii ? ascii_rows : braille_rows;
    const std::size_t samples = graph_samples(width, glyphs);
    if (values.size() > samples)
        values = values.last(samples);
    std::vector<int> dots(samples, 0);
    for (std::size_t i = 0; i < values.size(); i++)
        dots[samples - values.size() + i] = dots_for(values[i], max, height * rows);

    std::vector<std::string> lines;
    for (int line = 0; line < height; line++) {
        const int bottom = (height - 1 - line) * rows;
        std::string text;
        for (int cell = 0; cell < width; cell++) {
            const int *column =
                &dots[static_cast<std::size_t>(cell) * static_cast<std::size_t>(columns)];
            if (glyphs.ascii) {
                text += ascii_levels[static_cast<std::size_t>(part(*column, bottom, rows))];
                continue;
            }
            unsigned bits = 0;
            for (int side = 0; side < columns; side++)
                for (int dot = 0; dot < part(column[side], bottom, rows); dot++)
                    bits |= braille_bits[side][dot];
            text += bits ? utf8(braille_blank + bits) : " ";
        }
        lines.push_back(std::move(text));
    }
    return lines;
}

double graph_top(std::span<const std::optional<double>> values)
{
    double max = 0;
    for (const auto &value : values)
        max = std::max(max, value.value_or(0));
    double top = 1;
    for (int step = 0; top < max && step < 60; step++)
        top *= step % 3 == 1 ? 2.5 : 2; // 1, 2, 5, 10, 20, 50, ...
    return top;
}

} // namespace pasid::tui
