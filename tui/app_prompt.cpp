// SPDX-License-Identifier: GPL-2.0-only
// Prompts, the mouse and replay.
#include <algorithm>

#include "tui/app.hpp"
#include "tui/keymap.hpp"
#include "tui/replay.hpp"

namespace pasid::tui {

namespace {

constexpr long wheel_lines = 3;

} // namespace

unsigned App::open_prompt(Prompt prompt)
{
    prompt_ = prompt;
    if (prompt == Prompt::search) {
        ensure();
        search_origin_ = cursor().selected();
        search_.clear();
    }
    jump_.clear();
    return changed_screen;
}

const std::string &App::typed() const
{
    return prompt_ == Prompt::search ? search_ : prompt_ == Prompt::jump ? jump_ : here().filter;
}

unsigned App::type(std::string text)
{
    switch (prompt_) {
    case Prompt::search:
        return set_search(std::move(text));
    case Prompt::jump:
        jump_ = std::move(text);
        return changed_screen;
    default:
        return set_filter(std::move(text));
    }
}

// Without @keep, clears the filter, or returns to where the search started.
unsigned App::close_prompt(bool keep)
{
    const Prompt was = prompt_;
    prompt_ = Prompt::none;
    if (was == Prompt::jump)
        return keep && !jump_.empty() ? jump(jump_) : unsigned{changed_screen};
    if (keep)
        return changed_screen;
    if (was == Prompt::search) {
        search_.clear();
        return move_to(search_origin_);
    }
    return set_filter({});
}

// Finds the next match, wrapping around; @from itself is checked last.
std::optional<std::size_t> App::find_line(std::size_t from, int direction)
{
    const Filter wanted(search_);
    const std::size_t count = lines_.size();
    if (wanted.empty())
        return std::nullopt;
    for (std::size_t step = 1; step <= count; step++) {
        const std::size_t line =
            direction > 0 ? (from + step) % count : (from + count - step % count) % count;
        if (wanted.matches(*table_, lines_[line].row))
            return line;
    }
    return std::nullopt;
}

unsigned App::set_search(std::string text)
{
    search_ = std::move(text);
    ensure();
    const std::size_t count = lines_.size();
    // The search starts with the line where the prompt was opened.
    const auto found = count
                           ? find_line((std::min(search_origin_, count - 1) + count - 1) % count, 1)
                           : std::nullopt;
    return move_to(found.value_or(search_origin_));
}

unsigned App::search_next(int direction)
{
    if (search_.empty())
        return open_prompt(Prompt::search);
    ensure();
    const auto found = find_line(cursor().selected(), direction);
    if (found)
        return move_to(*found) | near_end();
    show_message("no row contains \"" + printable(search_) + "\"", Clock::now());
    return changed_screen;
}

unsigned App::click(const Mouse &mouse)
{
    if (mouse.what != Mouse::press)
        return prompting() ? unsigned{changed_nothing}
                           : move_by(mouse.what == Mouse::wheel_up ? -wheel_lines : wheel_lines);
    const ClickTarget target = click_targets_.at(mouse.row, mouse.column);
    if (prompting() && target.what != ClickTarget::nothing)
        close_prompt(true);
    switch (target.what) {
    case ClickTarget::tab:
        return show(static_cast<ViewId>(target.number));
    case ClickTarget::heading:
        return sort_by_column(target.name);
    case ClickTarget::line:
        ensure();
        return target.number == cursor().selected() ? drill() : move_to(target.number);
    case ClickTarget::command:
        return run(*this, target.name);
    default:
        return changed_nothing;
    }
}

unsigned App::step(long frames)
{
    if (!player_)
        return changed_nothing;
    const long last = static_cast<long>(player_->count()) - 1;
    const long to = std::clamp(static_cast<long>(player_->position()) + frames, 0L, last);
    playing_ = false;
    wanted_frame_ = static_cast<std::size_t>(to);
    return changed_screen | changed_snapshot;
}

unsigned App::jump(const std::string &text)
{
    if (!player_)
        return changed_nothing;
    const auto target = jump_target(*player_, text);
    if (!target) {
        show_message("invalid time \"" + printable(text) + "\"; use +90s -5m 12:41 50% #17",
                     Clock::now());
        return changed_screen;
    }
    playing_ = false;
    wanted_frame_ = *target;
    return changed_screen | changed_snapshot;
}

// Advances to the next frame until the end.
bool App::advance_playback()
{
    if (!playing_)
        return false;
    if (player_->position() + 1 >= player_->count()) {
        playing_ = false;
        return true;
    }
    wanted_frame_ = player_->position() + 1;
    return true;
}

void App::reset_baseline()
{
    state_.reset_baseline();
    stale_ = true;
}

} // namespace pasid::tui
