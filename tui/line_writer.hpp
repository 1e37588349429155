// SPDX-License-Identifier: GPL-2.0-only
// Writes one line of a canvas from left to right, clipped at the edge.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tui/canvas.hpp"
#include "tui/page.hpp"
#include "tui/text.hpp"

namespace pasid::tui {

class LineWriter {
  public:
    LineWriter(Canvas &canvas, int row, int column = 0)
        : canvas_(canvas), row_(row), column_(column), limit_(canvas.width())
    {
    }

    LineWriter &text(std::string_view text, Paint paint = {});
    LineWriter &skip(int columns)
    {
        column_ += columns;
        return *this;
    }
    LineWriter &fill(Paint paint); // fills with blanks up to the right edge
    int column() const { return column_; }
    int room() const { return limit_ - column_; }

  private:
    Canvas &canvas_;
    int row_;
    int column_;
    int limit_;
};

// A part of a line that is shown completely or not at all; the highest @drop is dropped first.
struct Segment {
    TextLine spans;
    int drop = 0; // 0: never dropped, but cut if necessary
    bool right = false;
    std::string_view name = {}; // for draw_segments() to report the position
};

int width_of(const TextLine &line);

// Drops segments until the rest, @gap columns apart, fits @width.
std::vector<Segment> fitting(std::vector<Segment> segments, int width, int gap);

// Draws segments at the left edge, or at the right edge if so marked. Returns the positions of the
// named ones.
struct SegmentPosition {
    std::string_view name;
    int from = 0;
    int to = 0;
};
std::vector<SegmentPosition> draw_segments(Canvas &canvas, int row, std::vector<Segment> segments,
                                           int gap = 2);

} // namespace pasid::tui
