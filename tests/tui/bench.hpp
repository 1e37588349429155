// SPDX-License-Identifier: GPL-2.0-only
// The live view on a fake canvas: takes keys, returns the screen; the clock stands still.
#pragma once

#include <string>

#include "fake_canvas.hpp"
#include "model/snapshot.hpp"
#include "sample.hpp"
#include "tui/app.hpp"

namespace pasid::test {

class Bench {
  public:
    explicit Bench(int width = 80, int height = 24, const char *view = "cgroups",
                   const tui::Glyphs &glyphs = tui::unicode_glyphs());

    Snapshot system = sample_snapshot(); // read by the next refresh

    tui::App &app() { return app_; }
    FakeCanvas &canvas() { return canvas_; }

    void refresh();
    void events(std::vector<Event> events) { app_.take(std::move(events), now); }
    unsigned press(tui::Key key); // like the main loop; returns Changed bits
    void type(std::string_view characters);
    unsigned click(int row, int column, tui::Mouse::What what = tui::Mouse::press);
    unsigned click_on(std::string_view text); // at its position on the screen
    void resize(int width, int height) { canvas_ = FakeCanvas(width, height); }
    const FakeCanvas &draw();
    std::string selected_line(); // as drawn

    tui::App::Clock::time_point now{};

  private:
    tui::App app_;
    FakeCanvas canvas_;
};

} // namespace pasid::test
