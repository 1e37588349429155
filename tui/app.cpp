// SPDX-License-Identifier: GPL-2.0
#include "tui/app.hpp"

#include <algorithm>

#include "tui/page.hpp"

namespace pasid::tui {

namespace {

using namespace std::chrono_literals;

constexpr std::array interval_steps{100ms,  200ms,   500ms,   1000ms, 2000ms,
                                    5000ms, 10000ms, 30000ms, 60000ms};
constexpr auto flash_time = 5s;

} // namespace

App::App(const TuiOptions &options, const Glyphs &glyphs)
    : glyphs_(glyphs), state_(options.log_size), interval_(std::max(options.interval, 100ms))
{
    for (const View &each : views()) {
        const auto i = static_cast<std::size_t>(each.id);
        homes_[i].place.view = each.id;
        choices_[i] = {.sort_key = std::string(each.sort),
                       .reverse = each.reverse,
                       .tree = each.tree,
                       .folded = {}};
    }
    const View *first = find_view(options.view);
    stops_.push_back(homes_[first ? static_cast<std::size_t>(first->id) : 0]);
}

unsigned App::parts_needed() const
{
    if (freeze_pending_)
        return part_all; // every view must be there to be looked at
    return part_system | current_view().parts | page(here().place.page).parts;
}

void App::say(std::string text, Clock::time_point now)
{
    flash_ = std::move(text);
    flash_until_ = now + flash_time;
}

void App::take(Snapshot snapshot, Clock::time_point now)
{
    const System &before = state_.snapshot.system;
    if (before.policy_attached && !snapshot.system.policy_attached)
        say(std::string("policy removed ") + std::string(glyphs_.dash) +
                (snapshot.system.fail_closed ? " fail-closed, allocations are refused"
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
    say(std::move(text), now);
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
    homes_[static_cast<std::size_t>(stops_.front().place.view)] = stops_.front();
    stops_ = {homes_[static_cast<std::size_t>(id)]};
    stale_ = true;
    return changed_screen | changed_snapshot;
}

unsigned App::go(Place place)
{
    stops_.push_back({.place = std::move(place)});
    stale_ = true;
    return changed_screen | changed_snapshot;
}

// One step back: first out of the filter, then out of the place.
unsigned App::back()
{
    if (here().place.page == PageId::none && !here().filter.empty())
        return set_filter({});
    if (!drilled())
        return changed_nothing;
    stops_.pop_back();
    stale_ = true;
    return changed_screen | changed_snapshot;
}

// The table points into the snapshot and the log. Everything that changes those makes it stale,
// and nothing reads it but through here.
void App::ensure()
{
    const bool log_moved =
        here().place.view == ViewId::events && log_version_ != state_.log.version();
    if (!stale_ && !log_moved)
        return;
    const View &now = current_view();
    table_ = now.build(state_, here().place.scope);
    lines_ = arrange(*table_, choices_[index()], here().filter);
    stops_.back().cursor.restore(*table_, lines_, now.sticky_top);
    stops_.back().cursor.scroll(lines_.size(), body_height_);
    log_version_ = state_.log.version();
    stale_ = false;
}

const Table &App::table()
{
    ensure();
    return *table_;
}

const std::vector<Line> &App::lines()
{
    ensure();
    return lines_;
}

unsigned App::move_to(std::size_t line)
{
    ensure();
    stops_.back().cursor.move_to(*table_, lines_, line);
    stops_.back().cursor.scroll(lines_.size(), body_height_);
    return changed_screen;
}

unsigned App::move_by(long lines_down)
{
    if (here().place.page != PageId::none) {
        const long top = static_cast<long>(here().page_top) + lines_down;
        stops_.back().page_top = top < 0 ? 0 : static_cast<std::size_t>(top);
        return changed_screen;
    }
    ensure();
    stops_.back().cursor.move_by(*table_, lines_, lines_down);
    stops_.back().cursor.scroll(lines_.size(), body_height_);
    return changed_screen;
}

unsigned App::sort_by(int columns_right)
{
    const auto columns = table().columns();
    ListChoice &chosen = choices_[index()];
    const int count = static_cast<int>(columns.size());
    int at = 0;
    for (int i = 0; i < count; i++)
        if (columns[static_cast<std::size_t>(i)].key == chosen.sort_key)
            at = i;
    const Column &next = columns[static_cast<std::size_t>((at + columns_right + count) % count)];
    chosen.sort_key = next.key;
    // Of amounts the largest is wanted first, of names and numbers the smallest.
    chosen.reverse = next.kind == Kind::bar || next.unit == Unit::count ||
                     next.unit == Unit::rate || next.unit == Unit::clock;
    widths().clear();
    stale_ = true;
    return changed_screen;
}

unsigned App::reverse()
{
    choices_[index()].reverse = !choices_[index()].reverse;
    stale_ = true;
    return changed_screen;
}

unsigned App::toggle_tree()
{
    if (!table().is_tree())
        return changed_nothing;
    choices_[index()].tree = !choices_[index()].tree;
    stale_ = true;
    return changed_screen;
}

// Folding what is folded, or has no children, goes to the parent: so that one key climbs.
unsigned App::fold(bool folded)
{
    ensure();
    ListChoice &chosen = choices_[index()];
    if (!chosen.tree || !table_->is_tree() || lines_.empty())
        return changed_nothing;
    const Line &line = lines_[cursor().selected()];
    if (folded && (line.folded || !line.parent)) {
        const std::uint32_t parent = table_->parent(line.row);
        for (std::size_t i = 0; parent != no_row && i < lines_.size(); i++)
            if (lines_[i].row == parent)
                return move_to(i);
        return changed_nothing;
    }
    if (folded)
        chosen.folded.insert(table_->id(line.row));
    else
        chosen.folded.erase(table_->id(line.row));
    stale_ = true;
    return changed_screen;
}

// Everything below the first level, or nothing when something is folded.
unsigned App::fold_all()
{
    ensure();
    ListChoice &chosen = choices_[index()];
    if (!chosen.tree || !table_->is_tree())
        return changed_nothing;
    if (!chosen.folded.empty()) {
        chosen.folded.clear();
    } else {
        for (std::size_t row = 0; row < table_->size(); row++)
            if (table_->parent(row) != no_row)
                chosen.folded.insert(table_->id(row));
    }
    stale_ = true;
    return changed_screen;
}

unsigned App::drill()
{
    ensure();
    if (lines_.empty())
        return changed_nothing;
    auto target = current_view().drill(state_, table_->id(lines_[cursor().selected()].row));
    return target ? go(std::move(*target)) : unsigned{changed_nothing};
}

unsigned App::set_filter(std::string filter)
{
    stops_.back().filter = std::move(filter);
    stale_ = true;
    return changed_screen;
}

unsigned App::freeze()
{
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
    stops_.back().cursor.scroll(lines_.size(), body_height_);
}

void App::clamp_page(std::size_t page_lines)
{
    const std::size_t most = page_lines > body_height_ ? page_lines - body_height_ : 0;
    stops_.back().page_top = std::min(here().page_top, most);
}

} // namespace pasid::tui
