// SPDX-License-Identifier: GPL-2.0-only
// User settings: columns, theme, mouse, and saving them.
#include <algorithm>

#include "tui/app.hpp"
#include "tui/theme.hpp"

namespace pasid::tui {

// The columns in the user's order, followed by columns that the settings do not mention.
std::vector<ColumnSetting> App::column_settings()
{
    const auto columns = table().columns();
    std::vector<ColumnSetting> all;
    for (const ColumnSetting &chosen : list_settings().columns)
        if (std::any_of(columns.begin(), columns.end(),
                        [&](const Column &column) { return column.key == chosen.key; }))
            all.push_back(chosen);
    for (const Column &column : columns)
        if (std::none_of(all.begin(), all.end(),
                         [&](const ColumnSetting &chosen) { return column.key == chosen.key; }))
            all.push_back({std::string(column.key), true});
    return all;
}

std::vector<std::size_t> App::shown_columns()
{
    const auto columns = table().columns();
    std::vector<std::size_t> numbers;
    for (const ColumnSetting &chosen : column_settings())
        for (std::size_t i = 0; chosen.shown && i < columns.size(); i++)
            if (columns[i].key == chosen.key)
                numbers.push_back(i);
    if (numbers.empty()) // possible with an edited file
        numbers.push_back(0);
    return numbers;
}

unsigned App::open_chooser()
{
    chooser_at_ = 0;
    Location place = here().place;
    place.page = PageId::columns;
    return go(std::move(place));
}

// At least one column stays visible.
unsigned App::toggle_column()
{
    auto all = column_settings();
    if (chooser_at_ >= all.size())
        return changed_nothing;
    const auto shown =
        std::count_if(all.begin(), all.end(), [](const ColumnSetting &each) { return each.shown; });
    if (all[chooser_at_].shown && shown == 1)
        return changed_nothing;
    all[chooser_at_].shown = !all[chooser_at_].shown;
    list_settings_[index()].columns = std::move(all);
    return changed_screen;
}

unsigned App::move_column(int places)
{
    auto all = column_settings();
    const long to = static_cast<long>(chooser_at_) + places;
    if (chooser_at_ >= all.size() || to < 0 || to >= static_cast<long>(all.size()))
        return changed_nothing;
    std::swap(all[chooser_at_], all[static_cast<std::size_t>(to)]);
    chooser_at_ = static_cast<std::size_t>(to);
    list_settings_[index()].columns = std::move(all);
    return changed_screen;
}

unsigned App::reset_columns()
{
    list_settings_[index()].columns.clear();
    return changed_screen;
}

unsigned App::next_theme()
{
    const auto all = themes();
    std::size_t at = 0;
    for (std::size_t i = 0; i < all.size(); i++)
        if (all[i].name == theme_)
            at = (i + 1) % all.size();
    theme_ = all[at].name;
    show_message("theme " + theme_, Clock::now());
    return changed_screen | changed_appearance;
}

unsigned App::toggle_mouse()
{
    mouse_used_ = !mouse_used_;
    show_message(mouse_used_ ? "the mouse selects, sorts and scrolls"
                             : "the terminal uses the mouse to select text",
                 Clock::now());
    return changed_screen | changed_appearance;
}

Settings App::settings() const
{
    Settings out;
    out.view = std::string(view(navigation_.front().place.view).name);
    out.theme = theme_;
    out.interval = interval_;
    out.mouse = mouse_used_;
    out.follow = follow_;
    for (const View &each : views()) {
        const ListSettings &chosen = list_settings_[static_cast<std::size_t>(each.id)];
        out.views.emplace(
            each.name, ViewSettings{chosen.sort_key, chosen.reverse, chosen.tree, chosen.columns});
    }
    return out;
}

unsigned App::save_settings()
{
    const auto saved = write_settings(settings_path(), settings());
    show_message(saved ? "saved: " + settings_path() : describe(saved.error()), Clock::now());
    return changed_screen;
}

void App::load_settings()
{
    const auto read = read_settings(settings_path());
    if (!read) {
        show_message(describe(read.error()), Clock::now());
        return;
    }
    interval_ = read->interval.value_or(interval_);
    follow_ = read->follow.value_or(follow_);
    mouse_used_ = read->mouse.value_or(mouse_used_);
    if (read->theme && find_theme(*read->theme))
        theme_ = *read->theme;
    if (const View *first = find_view(read->view.value_or("")))
        navigation_ = {saved_entries_[static_cast<std::size_t>(first->id)]};
    for (const auto &[name, chosen] : read->views) {
        const View *target = find_view(name);
        if (!target)
            continue;
        ListSettings &list_settings = list_settings_[static_cast<std::size_t>(target->id)];
        list_settings.sort_key = chosen.sort.value_or(list_settings.sort_key);
        list_settings.reverse = chosen.reverse.value_or(list_settings.reverse);
        list_settings.tree = chosen.tree.value_or(list_settings.tree) && target->tree;
        list_settings.columns = chosen.columns;
    }
}

} // namespace pasid::tui
