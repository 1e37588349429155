// SPDX-License-Identifier: GPL-2.0-only
#include "tui/line_writer.hpp"

#include <algorithm>
#include <numeric>

namespace pasid::tui {

LineWriter &LineWriter::text(std::string_view text, Paint paint)
{
    const int width = display_width(text);
    if (room() > 0)
        canvas_.put(row_, column_, text, paint);
    return skip(width);
}

LineWriter &LineWriter::fill(Paint paint)
{
    if (room() > 0)
        text(std::string(static_cast<std::size_t>(room()), ' '), paint);
    return *this;
}

int width_of(const TextLine &line)
{
    return std::accumulate(line.begin(), line.end(), 0, [](int sum, const Span &span) {
        return sum + display_width(span.text);
    });
}

std::vector<Segment> fitting(std::vector<Segment> segments, int width, int gap)
{
    for (;;) {
        int used = -gap;
        for (const Segment &segment : segments)
            used += width_of(segment.spans) + gap;
        if (used <= width || segments.empty())
            return segments;
        // The last one with the highest drop number. One segment always stays, and is cut if
        // necessary.
        auto worst =
            std::max_element(segments.rbegin(), segments.rend(),
                             [](const Segment &a, const Segment &b) { return a.drop < b.drop; });
        if (worst->drop == 0)
            return segments;
        segments.erase(std::next(worst).base());
    }
}

std::vector<SegmentPosition> draw_segments(Canvas &canvas, int row, std::vector<Segment> segments,
                                           int gap)
{
    segments = fitting(std::move(segments), canvas.width(), gap);
    int right_width = -gap;
    for (const Segment &segment : segments)
        right_width += segment.right ? width_of(segment.spans) + gap : 0;

    LineWriter left(canvas, row);
    LineWriter right(canvas, row, canvas.width() - right_width);
    std::vector<SegmentPosition> drawn;
    for (const Segment &segment : segments) {
        LineWriter &writer = segment.right ? right : left;
        const int from = writer.column();
        for (const Span &span : segment.spans)
            writer.text(span.text, span.role);
        if (!segment.name.empty())
            drawn.push_back({segment.name, from, writer.column()});
        writer.skip(gap);
    }
    return drawn;
}

} // namespace pasid::tui
