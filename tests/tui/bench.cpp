// SPDX-License-Identifier: GPL-2.0-only
#include "bench.hpp"

#include <clocale>
#include <cstdlib>
#include <ctime>

#include <gtest/gtest.h>

#include "render/value.hpp"
#include "tui/draw.hpp"
#include "tui/keymap.hpp"

namespace pasid::test {

namespace {

// Fix the locale and the time zone, so that the screens do not depend on the system.
void fix_surroundings()
{
    std::setlocale(LC_CTYPE, "C.UTF-8");
    setenv("TZ", "UTC", 1);
    tzset();
}

TuiOptions options_for(const char *view)
{
    fix_surroundings();
    TuiOptions options;
    options.view = view;
    options.log_size = 100;
    options.settings = false;
    return options;
}

} // namespace

Bench::Bench(int width, int height, const char *view, const tui::Glyphs &glyphs)
    : now(std::chrono::hours(1)), app_(options_for(view), glyphs), canvas_(width, height)
{
    app_.has_events(true);
    refresh();
}

void Bench::refresh() { app_.take(only_parts(system, app_.parts_needed()), now); }

unsigned Bench::click(int row, int column, tui::Mouse::What what)
{
    const unsigned changed = app_.click({what, row, column});
    if ((changed & tui::changed_snapshot) && !app_.frozen())
        refresh();
    return changed;
}

unsigned Bench::click_on(std::string_view text)
{
    draw();
    const int row = canvas_.row_of(text);
    EXPECT_GE(row, 0) << text << "\n" << canvas_.text();
    const std::string line = row < 0 ? "" : canvas_.line(row);
    return click(row, display_width(std::string_view(line).substr(0, line.find(text))));
}

unsigned Bench::press(tui::Key key)
{
    const unsigned changed = tui::press(app_, key);
    if ((changed & tui::changed_snapshot) && !app_.frozen())
        refresh();
    return changed;
}

void Bench::type(std::string_view characters)
{
    for (const char character : characters)
        press(static_cast<tui::Key>(character));
}

const FakeCanvas &Bench::draw()
{
    canvas_.clear();
    tui::draw(app_, canvas_, now);
    return canvas_;
}

std::string Bench::selected_line()
{
    draw();
    for (int row = 0; row < canvas_.height(); row++)
        if (canvas_.paint_at(row, 0).selected)
            return canvas_.line(row);
    return {};
}

} // namespace pasid::test
