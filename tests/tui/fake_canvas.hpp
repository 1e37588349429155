// SPDX-License-Identifier: GPL-2.0-only
// A canvas in memory. Drawing unprintable characters, or outside of the screen, fails the test.
#pragma once

#include <string>
#include <vector>

#include "tui/canvas.hpp"

namespace pasid::test {

class FakeCanvas final : public tui::Canvas {
  public:
    FakeCanvas(int width, int height);

    int width() const override { return width_; }
    int height() const override { return height_; }
    void put(int row, int column, std::string_view text, tui::Paint paint) override;
    void cursor(int row, int column) override;

    void clear();
    std::string line(int row) const; // without trailing blanks
    std::string text() const;        // all lines
    bool shows(std::string_view text) const;
    int row_of(std::string_view text) const; // -1: not found

    // The paint of the first occurrence of @text.
    tui::Paint paint_of(std::string_view text) const;
    tui::Paint paint_at(int row, int column) const;
    bool has_cursor() const { return cursor_row_ >= 0; }

  private:
    struct Cell {
        std::string text = " "; // "" right of a wide character
        tui::Paint paint = {};
    };
    int width_;
    int height_;
    int cursor_row_ = -1;
    std::vector<Cell> cells_;
};

} // namespace pasid::test
