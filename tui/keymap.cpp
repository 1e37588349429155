// SPDX-License-Identifier: GPL-2.0-only
#include "tui/keymap.hpp"

#include <algorithm>

#include "tui/app.hpp"
#include "tui/text_input.hpp"

namespace pasid::tui {

namespace {

long page_step(const App &app)
{
    return std::max<long>(static_cast<long>(app.body_height()) - 1, 1);
}

unsigned next_view(App &app, int step)
{
    const int count = static_cast<int>(views().size());
    const int now = static_cast<int>(app.here().place.view);
    return app.show(static_cast<ViewId>((now + step + count) % count));
}

constexpr std::array<Key, 3> keys(Key first, Key second = key::none, Key third = key::none)
{
    return {first, second, third};
}

// A handler that calls a method of App.
template <auto method, auto... arguments> unsigned call(App &app, Key)
{
    return (app.*method)(arguments...);
}

constexpr std::array all_commands{
    Command{"up", keys(key::up, U'k'), "one line up", "", 0, unprompted, call<&App::move_by, -1>},
    Command{"down", keys(key::down, U'j'), "one line down", "", 0, unprompted,
            call<&App::move_by, 1>},
    Command{"page-up", keys(key::page_up, key::ctrl('B')), "one screen up", "", 0, unprompted,
            [](App &app, Key) { return app.move_by(-page_step(app)); }},
    Command{"page-down", keys(key::page_down, key::ctrl('F')), "one screen down", "", 0, unprompted,
            [](App &app, Key) { return app.move_by(page_step(app)); }},
    Command{"first", keys(key::home, U'g'), "go to the first line", "", 0, unprompted,
            call<&App::move_by, -1'000'000'000>},
    Command{"last", keys(key::end, U'G'), "go to the last line", "", 0, unprompted,
            call<&App::to_end>},

    Command{"open", keys(key::enter),
            "open the PASIDs of a cgroup, device, or process (also of a space), or one PASID",
            "Open", 1, in_list | in_page, call<&App::drill>},
    Command{"details", keys(U'i', U'd', key::f2),
            "show all details of a cgroup or PASID, with its history", "Details", 1, in_list,
            call<&App::details>},
    Command{"back", keys(key::escape, key::backspace), "clear the filter, then go back", "Back", 1,
            can_go_back, call<&App::back>},
    // Replay.
    Command{"step", keys(U't', key::right), "next frame of the recording", "Step", 1, in_replay,
            call<&App::step, 1>},
    Command{"step-back", keys(U'T', key::left), "previous frame", "Back", 1, in_replay,
            call<&App::step, -1>},
    Command{"jump", keys(U'J'), "jump to a time or frame: +90s -5m 12:41 50% #17", "Jump", 1,
            in_replay, call<&App::open_prompt, Prompt::jump>},
    Command{"play", keys(U' '), "play or pause the recording", "Play", 1, in_replay,
            call<&App::freeze>},

    Command{"next-view", keys(key::tab, key::back_tab), "next or previous view", "View", 1,
            in_list | in_page,
            [](App &app, Key code) { return next_view(app, code == key::tab ? 1 : -1); }},

    Command{"search", keys(U'/', key::f3),
            "find a row that contains every word; Enter stays, Esc goes back", "Search", 1, in_list,
            call<&App::open_prompt, Prompt::search>},
    Command{"search-next", keys(U'n'), "next match", "", 0, in_list, call<&App::search_next, 1>},
    Command{"search-back", keys(U'N'), "previous match", "", 0, in_list,
            call<&App::search_next, -1>},
    Command{"filter", keys(U'f', U'\\', key::f4),
            "show only rows that contain every word; Enter keeps the filter, Esc clears it",
            "Filter", 1, in_list, call<&App::open_prompt, Prompt::filter>},
    Command{"sort", keys(U'<', U'>', key::f6), "sort by the column to the left or right", "Sort", 2,
            in_list, [](App &app, Key code) { return app.sort_by(code == U'<' ? -1 : 1); }},
    Command{"reverse", keys(U'r'), "reverse the order", "Reverse", 1, in_list, call<&App::reverse>},
    Command{"tree", keys(U't', key::f5), "switch between tree and flat list", "Tree", 1, in_tree,
            call<&App::toggle_tree>},
    Command{"fold", keys(key::left, key::right), "fold (if folded: go to the parent) or unfold",
            "Fold", 2, in_tree, [](App &app, Key code) { return app.fold(code == key::left); }},
    Command{"fold-all", keys(U'z'), "fold or unfold everything", "", 0, in_tree,
            call<&App::fold_all>},

    Command{"columns", keys(U'c'), "select and order columns", "Columns", 1, in_list,
            call<&App::open_chooser>},
    Command{"follow", keys(U'F'), "follow the selected row when it moves, or stay on its line", "",
            0, in_list, call<&App::toggle_follow>},

    Command{"freeze", keys(U' '), "freeze or unfreeze the screen; events are still recorded",
            "Freeze", 1, in_list | in_page, call<&App::freeze>},
    Command{"interval", keys(U'+', U'-', U'='), "refresh faster or slower", "Rate", 2,
            in_list | in_page,
            [](App &app, Key code) { return app.change_interval(code == U'-' ? 1 : -1); }},
    Command{"refresh", keys(key::ctrl('R')), "refresh now", "", 0, in_list | in_page,
            [](App &, Key) -> unsigned { return changed_snapshot; }},
    Command{"repaint", keys(key::ctrl('L')), "redraw the screen", "", 0, everywhere,
            [](App &, Key) -> unsigned { return changed_repaint; }},

    Command{"theme", keys(U'C'), "next color theme", "", 0, unprompted, call<&App::next_theme>},
    Command{"mouse", keys(U'm'), "use the mouse here, or let the terminal select text", "", 0,
            unprompted, call<&App::toggle_mouse>},
    Command{"save", keys(U'W'), "save view, columns, order, theme and refresh rate", "", 0,
            unprompted, call<&App::save_settings>},

    Command{"help", keys(U'h', U'?', key::f1), "show this help", "Help", 1, unprompted,
            [](App &app, Key) {
    return app.here().place.page == PageId::help
               ? app.back()
               : app.go({.view = app.here().place.view, .page = PageId::help});
            }},
    Command{"quit", keys(U'q', key::f10), "quit", "Quit", 1, unprompted,
            [](App &, Key) -> unsigned { return changed_quit; }},
    Command{"interrupt", keys(key::ctrl('C')), "quit from anywhere", "", 0, everywhere,
            [](App &, Key) -> unsigned { return changed_quit; }},

    // Column selection.
    Command{"column-toggle", keys(U' ', key::enter), "show or hide the column", "Show", 2,
            in_chooser, call<&App::toggle_column>},
    Command{"column-move", keys(U'<', U'>'), "move the column left or right", "Move", 2, in_chooser,
            [](App &app, Key code) { return app.move_column(code == U'<' ? -1 : 1); }},
    Command{"column-reset", keys(U'R'), "reset to the default columns", "Reset", 1, in_chooser,
            call<&App::reset_columns>},
    Command{"column-close", keys(U'c'), "close", "", 0, in_chooser, call<&App::back>},

    // Prompts; printable characters are not looked up here.
    Command{"accept", keys(key::enter, key::tab, key::down), "accept", "Accept", 1, in_prompt,
            call<&App::close_prompt, true>},
    Command{"cancel", keys(key::escape), "cancel", "Cancel", 1, in_prompt,
            call<&App::close_prompt, false>},
    Command{
        "erase", keys(key::backspace, key::delete_), "delete the last character", "", 0, in_prompt,
        [](App &app, Key) {
    std::string text = app.typed();
    if (text.empty())
        return app.close_prompt(false);
    erase_last(text);
    return app.type(std::move(text));
        }},
    Command{"erase-all", keys(key::ctrl('U')), "delete everything", "", 0, in_prompt,
            [](App &app, Key) { return app.type({}); }},
    };

constexpr bool share_a_key(const Command &a, const Command &b)
{
    for (Key one : a.keys)
        for (Key other : b.keys)
            if (one != key::none && one == other)
                return true;
    return false;
}

// Contexts in which the command may be active. Replay commands take precedence over others.
constexpr unsigned reach(const Command &command)
{
    const unsigned where = command.where & can_go_back ? command.where | unprompted : command.where;
    return where & in_tree ? where | in_list : where;
}

constexpr bool well_formed()
{
    for (std::size_t i = 0; i < all_commands.size(); i++) {
        const Command &command = all_commands[i];
        if (command.name.empty() || command.help.empty() || !command.where ||
            command.keys[0] == key::none)
            return false;
        // In a prompt, printable characters are input.
        for (Key code : command.keys)
            if ((command.where & in_prompt) && printable_key(code))
                return false;
        for (std::size_t j = 0; j < i; j++)
            if (command.name == all_commands[j].name ||
                ((reach(command) & reach(all_commands[j])) &&
                 share_a_key(command, all_commands[j])))
                return false;
    }
    return true;
}
static_assert(well_formed(), "a command lacks something, or two have the same key");

} // namespace

std::span<const Command> commands() { return all_commands; }

unsigned where_now(App &app)
{
    if (app.prompting())
        return in_prompt;
    const PageId page = app.here().place.page;
    if (page == PageId::columns)
        return in_chooser | can_go_back;
    unsigned where = page == PageId::none ? in_list : in_page;
    if (page == PageId::none && app.table().is_tree())
        where |= in_tree;
    if (app.drilled() || (page == PageId::none && !app.here().filter.empty()))
        where |= can_go_back;
    if (app.replaying())
        where |= in_replay;
    return where;
}

namespace {

bool has_key(const Command &command, Key code)
{
    return std::find(command.keys.begin(), command.keys.end(), code) != command.keys.end();
}

const Command *find_command(Key code, unsigned where)
{
    for (const unsigned place : {where & in_replay, where & ~unsigned{in_replay}})
        for (const Command &command : all_commands)
            if ((command.where & place) && has_key(command, code))
                return &command;
    return nullptr;
}

} // namespace

unsigned press(App &app, Key code)
{
    const unsigned where = where_now(app);
    if (where == in_prompt && printable_key(code))
        return app.type(app.typed() + utf8(code));
    if (const Command *command = find_command(code, where))
        return command->handler(app, code);
    if (where != in_prompt)
        if (const View *target = find_view(code))
            return app.show(target->id);
    return changed_nothing;
}

unsigned run(App &app, std::string_view name)
{
    for (const Command &command : all_commands)
        if (command.name == name)
            return command.handler(app, command.keys[0]);
    return changed_nothing;
}

std::string keys_text(const Command &command, int count, unsigned where)
{
    std::string text;
    for (Key code : command.keys) {
        if (code == key::none || count-- <= 0)
            break;
        const Command *meant = where ? find_command(code, where) : &command;
        if (meant == &command)
            text += (text.empty() ? "" : " ") + key_text(code);
    }
    return text;
}

} // namespace pasid::tui
