// SPDX-License-Identifier: GPL-2.0-only
#include "tui/app.hpp"

#include <algorithm>
#include <utility>

#include "tui/page.hpp"
#include "tui/theme.hpp"

namespace pasid::tui {

namespace {

using namespace std::chrono_literals;

constexpr std::array interval_steps{100ms,  200ms,   500ms,   1000ms, 2000ms,
                                    5000ms, 10000ms, 30000ms, 60000ms};
constexpr auto flash_time = 5s;
constexpr auto min_interval = 100ms;

} // namespace

App::App(const TuiOptions &options, const Glyphs &glyphs)
    : glyphs_(glyphs), state_(options.log_size), theme_(themes().front().name), interval_(1s)
{
    for (const View &each : views()) {
        const auto i = static_cast<std::size_t>(each.id);
        saved_entries_[i].place.view = each.id;
        list_settings_[i] = {.sort_key = std::string(each.sort),
                             .reverse = each.reverse,
                             .tree = each.tree,
                             .folded = {}};
    }
    navigation_.push_back(saved_entries_.front());
    if (options.settings)
        load_settings();
    if (const View *first = find_view(options.view.value_or("")))
        navigation_ = {saved_entries_[static_cast<std::size_t>(first->id)]};
    if (options.theme)
        theme_ = *options.theme;
    interval_ = std::max(options.interval.value_or(interval_), min_interval);
}

unsigned App::parts_needed() const
{
    if (freeze_pending_ || replaying())
        return part_all; // every view must be available while frozen or replaying
    return part_system | current_view().parts | page(here().place.page).parts;
}

void App::show_message(std::string text, Clock::time_point now)
{
    flash_ = std::move(text);
    flash_until_ = now + flash_time;
}

void App::take(Snapshot snapshot, Clock::time_point now)
{
    const System &before = state_.snapshot.system;
    if (before.policy_attached && !snapshot.system.policy_attached)
        show_message(std::string("policy removed ") + std::string(glyphs_.dash) +
                         (snapshot.system.fail_closed ? " fail-closed, allocations are denied"
                                                      : " limits are not enforced"),
                     now);
    state_.advance(std::move(snapshot));
    state_.event_rates.update(state_.log, state_.snapshot.mono_ns);
    stale_ = true;
    if (freeze_pending_) {
        freeze_pending_ = false;
        frozen_ = true;
        state_.log.pause(true);
    }
    if (std::exchange(end_pending_, false)) {
        move_to(lines().size());
        if (state_.snapshot.ioasids_cut)
            show_message("only the first " + grouped(lines().size()) +
                             " rows in this order are shown; press r to reverse, or open a cgroup "
                             "or process",
                         now);
    }
}

void App::take(std::vector<Event> &&events, Clock::time_point now)
{
    const std::uint64_t denials = state_.log.count(IOASID_EVENT_DENY);
    state_.log.add(std::move(events));
    const std::uint64_t added = state_.log.count(IOASID_EVENT_DENY) - denials;
    if (added == 0)
        return;
    std::string text = denial_text(*state_.log.last_denial());
    if (added > 1)
        text.insert(0, std::to_string(added) + " denials, the last: ");
    show_message(std::move(text), now);
}

void App::fail(Error error)
{
    state_.error = std::move(error);
    freeze_pending_ = false;
}

std::string App::flash(Clock::time_point now) const
{
    return now < flash_until_ ? flash_ : std::string{};
}

unsigned App::show(ViewId id)
{
    saved_entries_[static_cast<std::size_t>(navigation_.front().place.view)] = navigation_.front();
    navigation_ = {saved_entries_[static_cast<std::size_t>(id)]};
    stale_ = true;
    return changed_screen | changed_snapshot;
}

unsigned App::go(Location place)
{
    navigation_.push_back({.place = std::move(place)});
    stale_ = true;
    return changed_screen | changed_snapshot;
}

// Reads the rows on the screen and a few screens more; the maximum if the user goes to the end,
// searches or filters.
IoasidWindow App::window() const
{
    constexpr std::size_t step = 1024;
    constexpr std::size_t max = 16'384;
    IoasidWindow window;
    const Scope &scope = here().place.scope;
    const bool searching_or_filtering = !here().filter.empty() || prompting() || !search_.empty();
    const std::size_t seen = here().cursor.selected() + 4 * body_height_;
    window.limit = here().read_far || searching_or_filtering || freeze_pending_
                       ? max
                       : std::min(max, (seen / step + 1) * step);
    const ListSettings &chosen = list_settings_[static_cast<std::size_t>(ViewId::pasids)];
    window.sort = chosen.sort_key;
    window.reverse = chosen.reverse;
    if (scope.what == Scope::cgroup)
        window.cgroup = scope.name;
    else if (scope.what == Scope::device)
        window.device = scope.name;
    else if (scope.what == Scope::process)
        window.pid = scope.number;
    else if (scope.what == Scope::pasid)
        window.pasid = scope.number;
    return window;
}

// Clears the filter first, then leaves the location.
unsigned App::back()
{
    if (here().place.page == PageId::none && !here().filter.empty())
        return set_filter({});
    if (!drilled())
        return changed_nothing;
    navigation_.pop_back();
    stale_ = true;
    return changed_screen | changed_snapshot;
}

unsigned App::freeze()
{
    if (replaying()) {
        playing_ = !playing_;
        if (playing_ && player_->position() + 1 >= player_->count())
            wanted_frame_ = 0; // from the beginning
        return changed_screen | changed_snapshot;
    }
    if (!frozen_) {
        freeze_pending_ = true;
        return changed_screen | changed_snapshot;
    }
    frozen_ = false;
    state_.log.pause(false);
    stale_ = true;
    return changed_screen | changed_snapshot;
}

unsigned App::change_interval(int steps)
{
    int at = 0;
    const int count = static_cast<int>(interval_steps.size());
    while (at < count - 1 && interval_steps[static_cast<std::size_t>(at)] < interval_)
        at++;
    const bool between = interval_steps[static_cast<std::size_t>(at)] != interval_;
    at = std::clamp(at + (between && steps > 0 ? steps - 1 : steps), 0, count - 1);
    interval_ = interval_steps[static_cast<std::size_t>(at)];
    return changed_screen;
}

void App::set_body_height(std::size_t height)
{
    body_height_ = std::max<std::size_t>(height, 1);
    ensure();
    navigation_.back().cursor.scroll(lines_.size(), body_height_);
}

void App::clamp_page(std::size_t page_lines)
{
    const std::size_t max = page_lines > body_height_ ? page_lines - body_height_ : 0;
    if (here().place.page == PageId::columns) {
        std::size_t &top = navigation_.back().page_top;
        top = std::min(top, chooser_at_);
        top = std::max(top, chooser_at_ + 1 - std::min(chooser_at_ + 1, body_height_));
    }
    navigation_.back().page_top = std::min(here().page_top, max);
}

} // namespace pasid::tui
