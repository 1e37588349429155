// SPDX-License-Identifier: GPL-2.0-only
// The event loop: waits for keys, signals, events and timers, and redraws.
#pragma once

#include "lib/signals.hpp"
#include "tui/app.hpp"
#include "tui/screen.hpp"

namespace pasid::tui {

class Loop {
  public:
    Loop(Feed &feed, App &app, Screen &screen, Signals &signals);
    void run();

  private:
    using Clock = App::Clock;

    void refresh();
    bool read();
    bool replay();
    void drain();
    void draw_now();
    void apply(unsigned changed);
    void take_signals();
    void take_keys();
    void stop_and_continue();
    void wait();
    bool reads_events(Clock::time_point now) const;
    Clock::time_point deadline(Clock::time_point now) const;

    Feed &feed_;
    App &app_;
    Screen &screen_;
    Signals &signals_;
    bool quit_ = false;
    std::size_t shown_frame_ = ~std::size_t{0};
    bool dirty_ = true;       // draw as soon as the terminal is writable
    bool dirty_soon_ = false; // draw, but at most every events_draw_gap
    bool flashing_ = false;
    bool events_ready_ = false;
    bool events_broken_ = false; // until the next refresh
    Clock::time_point next_refresh_{};
    Clock::time_point next_drain_{};
    Clock::time_point last_draw_{};
};

} // namespace pasid::tui
