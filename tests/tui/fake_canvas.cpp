// SPDX-License-Identifier: GPL-2.0-only
#include "fake_canvas.hpp"

#include <gtest/gtest.h>

#include "render/value.hpp"

namespace pasid::test {

FakeCanvas::FakeCanvas(int width, int height) : width_(width), height_(height) { clear(); }

void FakeCanvas::clear()
{
    cells_.assign(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), {});
    cursor_row_ = -1;
}

void FakeCanvas::put(int row, int column, std::string_view text, tui::Paint paint)
{
    EXPECT_EQ(printable(text), text) << "unprintable text on line " << row;
    if (row < 0 || row >= height_ || column < 0) {
        ADD_FAILURE() << "drawn off the screen: " << row << "," << column << " \"" << text << '"';
        return;
    }
    while (!text.empty() && column < width_) {
        std::size_t bytes = 1;
        while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xc0) == 0x80)
            bytes++;
        const int wide = display_width(text.substr(0, bytes));
        if (column + wide > width_)
            break;
        Cell *cell = &cells_[static_cast<std::size_t>(row * width_ + column)];
        cell[0] = {std::string(text.substr(0, bytes)), paint};
        for (int i = 1; i < wide; i++)
            cell[i] = {"", paint};
        column += wide;
        text.remove_prefix(bytes);
    }
}

void FakeCanvas::cursor(int row, int column)
{
    EXPECT_TRUE(row >= 0 && row < height_ && column >= 0 && column < width_);
    cursor_row_ = row;
}

std::string FakeCanvas::line(int row) const
{
    std::string out;
    for (int column = 0; column < width_; column++)
        out += cells_[static_cast<std::size_t>(row * width_ + column)].text;
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

std::string FakeCanvas::text() const
{
    std::string out;
    for (int row = 0; row < height_; row++)
        out += line(row) + "\n";
    return out;
}

int FakeCanvas::row_of(std::string_view wanted) const
{
    for (int row = 0; row < height_; row++)
        if (line(row).find(wanted) != std::string::npos)
            return row;
    return -1;
}

bool FakeCanvas::shows(std::string_view wanted) const { return row_of(wanted) >= 0; }

tui::Paint FakeCanvas::paint_of(std::string_view wanted) const
{
    const int row = row_of(wanted);
    if (row < 0) {
        ADD_FAILURE() << "not on the screen: " << wanted << "\n" << text();
        return {};
    }
    const std::string whole = line(row);
    const std::string_view before = std::string_view(whole).substr(0, whole.find(wanted));
    return paint_at(row, display_width(before));
}

tui::Paint FakeCanvas::paint_at(int row, int column) const
{
    return cells_[static_cast<std::size_t>(row * width_ + column)].paint;
}

} // namespace pasid::test
