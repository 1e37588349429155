// SPDX-License-Identifier: GPL-2.0
// The live view without a terminal: what is known, where the user is, what is selected. Keys
// change it (keymap.cpp), drawing reads it (draw.cpp), the loop feeds it (loop.cpp).
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tui/list.hpp"
#include "tui/text.hpp"
#include "tui/tui.hpp"
#include "tui/view.hpp"

namespace pasid::tui {

// What a key handler changed: what the loop has to do about it.
enum Changed : unsigned {
    changed_nothing = 0,
    changed_screen = 1u << 0,   // draw
    changed_snapshot = 1u << 1, // read the state now, and draw
    changed_repaint = 1u << 2,  // draw every cell
    changed_quit = 1u << 3,
};

// One place on the user's way, with what belongs to the place rather than to the view.
struct Stop {
    Place place;
    Cursor cursor = {};
    std::string filter = {};
    std::size_t page_top = 0;
};

class App {
  public:
    using Clock = std::chrono::steady_clock;

    App(const TuiOptions &options, const Glyphs &glyphs);

    // --- from the feed ---
    unsigned parts_needed() const;
    void take(Snapshot snapshot, Clock::time_point now);
    void take(std::vector<Event> &&events, Clock::time_point now);
    void fail(Error error);
    const State &state() const { return state_; }
    void has_events(bool yes) { state_.has_events = yes; }

    // --- where the user is ---
    const Stop &here() const { return stops_.back(); }
    const View &current_view() const { return view(here().place.view); }
    bool drilled() const { return stops_.size() > 1; }
    unsigned show(ViewId id);
    unsigned go(Place place);
    unsigned back();

    // --- the list; built when it is asked for ---
    const Table &table();
    const std::vector<Line> &lines();
    const Cursor &cursor() const { return here().cursor; }
    const ListChoice &choice() const { return choices_[index()]; }
    std::map<std::string_view, int> &widths() { return widths_[index()]; }
    unsigned move_by(long lines_down);
    unsigned move_to(std::size_t line);
    unsigned sort_by(int columns_right);
    unsigned reverse();
    unsigned toggle_tree();
    unsigned fold(bool folded);
    unsigned fold_all();
    unsigned drill();
    unsigned set_filter(std::string filter);

    // --- the rest ---
    bool prompting = false; // the filter is being typed
    bool frozen() const { return frozen_; }
    unsigned freeze();
    std::chrono::milliseconds interval() const { return interval_; }
    unsigned change_interval(int steps);
    const Glyphs &glyphs() const { return glyphs_; }

    // The last refusal, for some seconds; empty otherwise. @until is when it ends.
    std::string flash(Clock::time_point now) const;
    Clock::time_point flash_until() const { return flash_until_; }

    // Drawing tells how many lines it has: what a page is, what is visible.
    void set_body_height(std::size_t height);
    std::size_t body_height() const { return body_height_; }
    void clamp_page(std::size_t page_lines);

  private:
    std::size_t index() const { return static_cast<std::size_t>(here().place.view); }
    void ensure();
    void say(std::string text, Clock::time_point now);

    static constexpr std::size_t nr_views = static_cast<std::size_t>(ViewId::events) + 1;

    const Glyphs &glyphs_;
    State state_;
    std::vector<Stop> stops_;
    std::array<Stop, nr_views> homes_; // where each view was left
    std::array<ListChoice, nr_views> choices_;
    std::array<std::map<std::string_view, int>, nr_views> widths_;
    std::unique_ptr<Table> table_;
    std::vector<Line> lines_;
    bool stale_ = true;
    std::uint64_t log_version_ = 0;
    bool frozen_ = false;
    bool freeze_pending_ = false;
    std::chrono::milliseconds interval_;
    std::string flash_;
    Clock::time_point flash_until_{};
    std::size_t body_height_ = 1;
};

} // namespace pasid::tui
