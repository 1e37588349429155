// SPDX-License-Identifier: GPL-2.0-only
// Draws a frame. All screen output goes through here.
#pragma once

#include "tui/app.hpp"
#include "tui/canvas.hpp"

namespace pasid::tui {

void draw(App &app, Canvas &canvas, App::Clock::time_point now);

// Parts of the frame, one file each; rows are lines of the canvas.
int draw_header(App &app, Canvas &canvas, int max_rows); // returns the number of rows used
void draw_table(App &app, Canvas &canvas, int first_row, int rows);
void draw_page(App &app, Canvas &canvas, int first_row, int rows);
void draw_status(App &app, Canvas &canvas, int row, App::Clock::time_point now);
void draw_footer(App &app, Canvas &canvas, int row);
void draw_tabs(App &app, Canvas &canvas, int row);

} // namespace pasid::tui
