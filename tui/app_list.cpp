// SPDX-License-Identifier: GPL-2.0-only
// The list: rows, order and selection.
#include <algorithm>

#include "tui/app.hpp"
#include "tui/page.hpp"

namespace pasid::tui {

// The table points into the snapshot and the log. Everything that changes them must mark it stale,
// and all readers must call this first.
void App::ensure()
{
    const bool log_moved =
        here().place.view == ViewId::events && log_version_ != state_.log.version();
    if (!stale_ && !log_moved)
        return;
    const View &now = current_view();
    table_ = now.build(state_, here().place.scope);
    lines_ = arrange(*table_, list_settings_[index()], here().filter);
    navigation_.back().cursor.restore(*table_, lines_, now.sticky_top, follow_);
    navigation_.back().cursor.scroll(lines_.size(), body_height_);
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
    navigation_.back().cursor.move_to(*table_, lines_, line);
    navigation_.back().cursor.scroll(lines_.size(), body_height_);
    return changed_screen;
}

// On a large system only the rows near the screen are read. Requests more when the selection comes
// near the end of them.
unsigned App::near_end()
{
    const bool near = state_.snapshot.ioasids_cut && current_view().id == ViewId::pasids &&
                      window().limit > state_.snapshot.ioasids.size() &&
                      cursor().selected() + 2 * body_height_ > lines_.size();
    return near ? changed_screen | changed_snapshot : unsigned{changed_screen};
}

unsigned App::to_end()
{
    if (here().place.page == PageId::none && current_view().id == ViewId::pasids &&
        state_.snapshot.ioasids_cut && !here().read_far) {
        navigation_.back().read_far = true;
        end_pending_ = true;
        return changed_screen | changed_snapshot;
    }
    return move_by(1'000'000'000);
}

unsigned App::move_by(long lines_down)
{
    if (here().place.page == PageId::columns) {
        const long last = static_cast<long>(column_settings().size()) - 1;
        chooser_at_ = static_cast<std::size_t>(
            std::clamp(static_cast<long>(chooser_at_) + lines_down, 0L, std::max(last, 0L)));
        return changed_screen;
    }
    if (here().place.page != PageId::none) {
        const long top = static_cast<long>(here().page_top) + lines_down;
        navigation_.back().page_top = top < 0 ? 0 : static_cast<std::size_t>(top);
        return changed_screen;
    }
    ensure();
    navigation_.back().cursor.move_by(*table_, lines_, lines_down);
    navigation_.back().cursor.scroll(lines_.size(), body_height_);
    return near_end();
}

unsigned App::sort_by(int columns_right)
{
    const auto columns = table().columns();
    const std::vector<std::size_t> shown = shown_columns();
    const int count = static_cast<int>(shown.size());
    if (count == 0)
        return changed_nothing;
    int at = 0;
    for (int i = 0; i < count; i++)
        if (columns[shown[static_cast<std::size_t>(i)]].key == list_settings().sort_key)
            at = i;
    return set_sort(columns[shown[static_cast<std::size_t>((at + columns_right + count) % count)]]);
}

unsigned App::sort_by_column(std::string_view key)
{
    if (key == list_settings().sort_key)
        return reverse();
    for (const Column &column : table().columns())
        if (column.key == key)
            return set_sort(column);
    return changed_nothing;
}

unsigned App::set_sort(const Column &column)
{
    ListSettings &chosen = list_settings_[index()];
    chosen.sort_key = column.key;
    // Start with the largest amount, but with the smallest name or ID.
    chosen.reverse = column.kind == Kind::bar || column.unit == Unit::count ||
                     column.unit == Unit::bytes || column.unit == Unit::rate ||
                     column.unit == Unit::clock;
    return reordered();
}

// On a large system other rows may come first now, so read again.
unsigned App::reordered()
{
    widths().clear();
    stale_ = true;
    return state_.snapshot.ioasids_cut ? changed_screen | changed_snapshot
                                       : unsigned{changed_screen};
}

unsigned App::reverse()
{
    list_settings_[index()].reverse = !list_settings_[index()].reverse;
    return reordered();
}

unsigned App::toggle_tree()
{
    if (!table().is_tree())
        return changed_nothing;
    list_settings_[index()].tree = !list_settings_[index()].tree;
    stale_ = true;
    return changed_screen;
}

// Folding a row that is folded or has no children moves to its parent.
unsigned App::fold(bool folded)
{
    ensure();
    ListSettings &chosen = list_settings_[index()];
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

// Folds everything below the first level, or unfolds everything if anything is folded.
unsigned App::fold_all()
{
    ensure();
    ListSettings &chosen = list_settings_[index()];
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
    if (here().place.page == PageId::columns)
        return toggle_column();
    if (here().place.page != PageId::none) {
        const auto drill_page = page(here().place.page).drill;
        auto target = drill_page ? drill_page(state_, here().place.scope) : std::nullopt;
        return target ? go(std::move(*target)) : unsigned{changed_nothing};
    }
    ensure();
    if (lines_.empty())
        return changed_nothing;
    auto target = current_view().drill(state_, table_->id(lines_[cursor().selected()].row));
    return target ? go(std::move(*target)) : unsigned{changed_nothing};
}

unsigned App::details()
{
    ensure();
    if (!current_view().details)
        return drill();
    if (lines_.empty())
        return changed_nothing;
    auto target = current_view().details(state_, table_->id(lines_[cursor().selected()].row));
    return target ? go(std::move(*target)) : unsigned{changed_nothing};
}

unsigned App::toggle_follow()
{
    follow_ = !follow_;
    show_message(follow_ ? "the selection follows its row" : "the selection stays on its line",
                 Clock::now());
    return changed_screen;
}

unsigned App::set_filter(std::string filter)
{
    navigation_.back().filter = std::move(filter);
    stale_ = true;
    return changed_screen;
}

} // namespace pasid::tui
