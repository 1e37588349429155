// SPDX-License-Identifier: GPL-2.0-only
// A canvas in memory, strict: a test fails when something unprintable is drawn, or off the screen.
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
    std::string line(int row) const; // without blanks at the end
    std::string text() const;        // all lines
    bool shows(std::string_view text) const;
    int row_of(std::string_view text) const; // -1: nowhere

    // How the first place where @text stands is painted.
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
