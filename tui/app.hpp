// SPDX-License-Identifier: GPL-2.0-only
// The live view's state, independent of the terminal: data, location and selection. Keys change it
// (keymap.cpp), drawing reads it (draw.cpp), the loop feeds it (loop.cpp).
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tui/click_targets.hpp"
#include "tui/list.hpp"
#include "tui/settings.hpp"
#include "tui/text.hpp"
#include "tui/tui.hpp"
#include "tui/view.hpp"

namespace pasid::tui {

// What a key handler changed, for the loop to act on.
enum ChangeFlags : unsigned {
    changed_nothing = 0,
    changed_screen = 1u << 0,   // draw
    changed_snapshot = 1u << 1, // refresh now, then draw
    changed_repaint = 1u << 2,  // draw every cell
    changed_quit = 1u << 3,
    changed_appearance = 1u << 4, // theme or mouse mode, which the screen has to change
};

// The active prompt.
enum class Prompt : unsigned char { none, filter, search, jump };

// One step of the user's navigation, with the state that belongs to the location rather than to the
// view.
struct NavigationEntry {
    Location place;
    Cursor cursor = {};
    std::string filter = {};
    std::size_t page_top = 0;
    bool read_far = false; // the user went to the end: read more than the screen shows
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
    IoasidWindow window() const; // IOASIDs that the location shows
    void note(FeedNote note) { note_ = std::move(note); }
    const FeedNote &note() const { return note_; }

    // --- replay of a recording ---
    void replay(Player *player) { player_ = player; }
    bool replaying() const { return player_ != nullptr; }
    bool playing() const { return playing_; }
    std::size_t wanted_frame() const { return wanted_frame_; }
    bool advance_playback(); // advances one frame while playing
    unsigned step(long frames);
    unsigned jump(const std::string &text); // see jump_target() in replay.hpp
    void reset_baseline(); // after a jump, the next snapshot does not follow the last one
    void clear_flash() { flash_until_ = {}; }

    // --- location ---
    const NavigationEntry &here() const { return navigation_.back(); }
    const View &current_view() const { return view(here().place.view); }
    bool drilled() const { return navigation_.size() > 1; }
    unsigned show(ViewId id);
    unsigned go(Location place);
    unsigned back();
    unsigned click(const Mouse &mouse);
    ClickTargets &click_targets() { return click_targets_; }

    // --- the list, built on demand ---
    const Table &table();
    const std::vector<Line> &lines();
    const Cursor &cursor() const { return here().cursor; }
    const ListSettings &list_settings() const { return list_settings_[index()]; }
    std::map<std::string_view, int> &widths() { return widths_[index()]; }
    unsigned move_by(long lines_down);
    unsigned move_to(std::size_t line);
    unsigned sort_by(int columns_right);
    unsigned reverse();
    unsigned toggle_tree();
    unsigned fold(bool folded);
    unsigned fold_all();
    unsigned drill();
    unsigned details();
    unsigned set_filter(std::string filter);
    unsigned sort_by_column(std::string_view key); // on the sorted column: reverses
    unsigned to_end();
    unsigned toggle_follow();

    // --- search, from the line where it started ---
    unsigned set_search(std::string text);
    unsigned search_next(int direction);

    // --- columns ---
    std::vector<std::size_t> shown_columns(); // indices of the table's columns
    std::vector<ColumnSetting> column_settings();
    std::size_t chooser_at() const { return chooser_at_; }
    unsigned open_chooser();
    unsigned toggle_column();
    unsigned move_column(int places);
    unsigned reset_columns();

    // --- prompts ---
    Prompt prompt() const { return prompt_; }
    bool prompting() const { return prompt_ != Prompt::none; }
    unsigned open_prompt(Prompt prompt);
    unsigned close_prompt(bool keep);
    const std::string &typed() const;
    unsigned type(std::string text); // sets the whole text

    // --- the rest ---
    Settings settings() const;
    unsigned save_settings();
    const std::string &theme() const { return theme_; }
    unsigned next_theme();
    bool mouse_used() const { return mouse_used_; }
    unsigned toggle_mouse();
    bool frozen() const { return frozen_; }
    unsigned freeze();
    std::chrono::milliseconds interval() const { return interval_; }
    unsigned change_interval(int steps);
    const Glyphs &glyphs() const { return glyphs_; }

    // The current message; empty after some seconds. flash_until() is when it ends.
    std::string flash(Clock::time_point now) const;
    Clock::time_point flash_until() const { return flash_until_; }

    // Drawing reports the number of visible lines, for paging and scrolling.
    void set_body_height(std::size_t height);
    std::size_t body_height() const { return body_height_; }
    void clamp_page(std::size_t page_lines);

  private:
    std::size_t index() const { return static_cast<std::size_t>(here().place.view); }
    void ensure();
    void show_message(std::string text, Clock::time_point now);
    void load_settings();
    unsigned set_sort(const Column &column);
    unsigned reordered();
    std::optional<std::size_t> find_line(std::size_t from, int direction);
    unsigned near_end();

    const Glyphs &glyphs_;
    State state_;
    std::vector<NavigationEntry> navigation_;
    std::array<NavigationEntry, nr_views> saved_entries_; // last state of each view
    std::array<ListSettings, nr_views> list_settings_;
    std::array<std::map<std::string_view, int>, nr_views> widths_;
    std::unique_ptr<Table> table_;
    std::vector<Line> lines_;
    bool stale_ = true;
    std::uint64_t log_version_ = 0;
    bool frozen_ = false;
    bool freeze_pending_ = false;
    bool follow_ = true;
    bool mouse_used_ = true;
    std::string theme_;
    ClickTargets click_targets_;
    FeedNote note_;
    Player *player_ = nullptr;
    bool playing_ = false;
    std::size_t wanted_frame_ = 0;
    Prompt prompt_ = Prompt::none;
    std::string search_;
    std::size_t search_origin_ = 0;
    std::string jump_;
    std::size_t chooser_at_ = 0;
    bool end_pending_ = false;
    std::chrono::milliseconds interval_;
    std::string flash_;
    Clock::time_point flash_until_{};
    std::size_t body_height_ = 1;
};

} // namespace pasid::tui
