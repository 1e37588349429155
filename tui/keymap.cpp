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

constexpr std::array all_commands{
    Command{"up",
            {key::up, U'k', key::none},
            "one line up",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.move_by(-1); }},
    Command{"down",
            {key::down, U'j', key::none},
            "one line down",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.move_by(1); }},
    Command{"page-up",
            {key::page_up, key::ctrl('B'), key::none},
            "one screen up",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.move_by(-page_step(app)); }},
    Command{"page-down",
            {key::page_down, key::ctrl('F'), key::none},
            "one screen down",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.move_by(page_step(app)); }},
    Command{"first",
            {key::home, U'g', key::none},
            "go to the first line",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.move_by(-1'000'000'000); }},
    Command{"last",
            {key::end, U'G', key::none},
            "go to the last line",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.to_end(); }},

    Command{"open",
            {key::enter, key::none, key::none},
            "open the PASIDs of a cgroup, device, or process (also of a space), or one PASID",
            "Open",
            1,
            in_list | in_page,
            [](App &app, Key) { return app.drill(); }},
    Command{"details",
            {U'i', U'd', key::f2},
            "show all details of a cgroup or PASID, with its history",
            "Details",
            1,
            in_list,
            [](App &app, Key) { return app.details(); }},
    Command{"back",
            {key::escape, key::backspace, key::none},
            "clear the filter, then go back",
            "Back",
            1,
            can_go_back,
            [](App &app, Key) { return app.back(); }},
    // Replay.
    Command{"step",
            {U't', key::right, key::none},
            "next frame of the recording",
            "Step",
            1,
            in_replay,
            [](App &app, Key) { return app.step(1); }},
    Command{"step-back",
            {U'T', key::left, key::none},
            "previous frame",
            "Back",
            1,
            in_replay,
            [](App &app, Key) { return app.step(-1); }},
    Command{"jump",
            {U'J', key::none, key::none},
            "jump to a time or frame: +90s -5m 12:41 50% #17",
            "Jump",
            1,
            in_replay,
            [](App &app, Key) { return app.open_prompt(Prompt::jump); }},
    Command{"play",
            {U' ', key::none, key::none},
            "play or pause the recording",
            "Play",
            1,
            in_replay,
            [](App &app, Key) { return app.freeze(); }},

    Command{"next-view",
            {key::tab, key::back_tab, key::none},
            "next or previous view",
            "View",
            1,
            in_list | in_page,
            [](App &app, Key code) { return next_view(app, code == key::tab ? 1 : -1); }},

    Command{"search",
            {U'/', key::f3, key::none},
            "find a row that contains every word; Enter stays, Esc goes back",
            "Search",
            1,
            in_list,
            [](App &app, Key) { return app.open_prompt(Prompt::search); }},
    Command{"search-next",
            {U'n', key::none, key::none},
            "next match",
            "",
            0,
            in_list,
            [](App &app, Key) { return app.search_next(1); }},
    Command{"search-back",
            {U'N', key::none, key::none},
            "previous match",
            "",
            0,
            in_list,
            [](App &app, Key) { return app.search_next(-1); }},
    Command{"filter",
            {U'f', U'\\', key::f4},
            "show only rows that contain every word; Enter keeps the filter, Esc clears it",
            "Filter",
            1,
            in_list,
            [](App &app, Key) { return app.open_prompt(Prompt::filter); }},
    Command{"sort",
            {U'<', U'>', key::f6},
            "sort by the column to the left or right",
            "Sort",
            2,
            in_list,
            [](App &app, Key code) { return app.sort_by(code == U'<' ? -1 : 1); }},
    Command{"reverse",
            {U'r', key::none, key::none},
            "reverse the order",
            "Reverse",
            1,
            in_list,
            [](App &app, Key) { return app.reverse(); }},
    Command{"tree",
            {U't', key::f5, key::none},
            "switch between tree and flat list",
            "Tree",
            1,
            in_tree,
            [](App &app, Key) { return app.toggle_tree(); }},
    Command{"fold",
            {key::left, key::right, key::none},
            "fold (if folded: go to the parent) or unfold",
            "Fold",
            2,
            in_tree,
            [](App &app, Key code) { return app.fold(code == key::left); }},
    Command{"fold-all",
            {U'z', key::none, key::none},
            "fold or unfold everything",
            "",
            0,
            in_tree,
            [](App &app, Key) { return app.fold_all(); }},

    Command{"columns",
            {U'c', key::none, key::none},
            "select and order columns",
            "Columns",
            1,
            in_list,
            [](App &app, Key) { return app.open_chooser(); }},
    Command{"follow",
            {U'F', key::none, key::none},
            "follow the selected row when it moves, or stay on its line",
            "",
            0,
            in_list,
            [](App &app, Key) { return app.toggle_follow(); }},

    Command{"freeze",
            {U' ', key::none, key::none},
            "freeze or unfreeze the screen; events are still recorded",
            "Freeze",
            1,
            in_list | in_page,
            [](App &app, Key) { return app.freeze(); }},
    Command{"interval",
            {U'+', U'-', U'='},
            "refresh faster or slower",
            "Rate",
            2,
            in_list | in_page,
            [](App &app, Key code) { return app.change_interval(code == U'-' ? 1 : -1); }},
    Command{"refresh",
            {key::ctrl('R'), key::none, key::none},
            "refresh now",
            "",
            0,
            in_list | in_page,
            [](App &, Key) -> unsigned { return changed_snapshot; }},
    Command{"repaint",
            {key::ctrl('L'), key::none, key::none},
            "redraw the screen",
            "",
            0,
            everywhere,
            [](App &, Key) -> unsigned { return changed_repaint; }},

    Command{"theme",
            {U'C', key::none, key::none},
            "next color theme",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.next_theme(); }},
    Command{"mouse",
            {U'm', key::none, key::none},
            "use the mouse here, or let the terminal select text",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.toggle_mouse(); }},
    Command{"save",
            {U'W', key::none, key::none},
            "save view, columns, order, theme and refresh rate",
            "",
            0,
            unprompted,
            [](App &app, Key) { return app.save_settings(); }},

    Command{"help",
            {U'h', U'?', key::f1},
            "show this help",
            "Help",
            1,
            unprompted,
            [](App &app, Key) {
    return app.here().place.page == PageId::help
               ? app.back()
               : app.go({.view = app.here().place.view, .page = PageId::help});
            }},
    Command{"quit",
            {U'q', key::f10, key::none},
            "quit",
            "Quit",
            1,
            unprompted,
            [](App &, Key) -> unsigned { return changed_quit; }},
    Command{"interrupt",
            {key::ctrl('C'), key::none, key::none},
            "quit from anywhere",
            "",
            0,
            everywhere,
            [](App &, Key) -> unsigned { return changed_quit; }},

    // Column selection.
    Command{"column-toggle",
            {U' ', key::enter, key::none},
            "show or hide the column",
            "Show",
            2,
            in_chooser,
            [](App &app, Key) { return app.toggle_column(); }},
    Command{"column-move",
            {U'<', U'>', key::none},
            "move the column left or right",
            "Move",
            2,
            in_chooser,
            [](App &app, Key code) { return app.move_column(code == U'<' ? -1 : 1); }},
    Command{"column-reset",
            {U'R', key::none, key::none},
            "reset to the default columns",
            "Reset",
            1,
            in_chooser,
            [](App &app, Key) { return app.reset_columns(); }},
    Command{"column-close",
            {U'c', key::none, key::none},
            "close",
            "",
            0,
            in_chooser,
            [](App &app, Key) { return app.back(); }},

    // Prompts; printable characters are not looked up here.
    Command{"accept",
            {key::enter, key::tab, key::down},
            "accept",
            "Accept",
            1,
            in_prompt,
            [](App &app, Key) { return app.close_prompt(true); }},
    Command{"cancel",
            {key::escape, key::none, key::none},
            "cancel",
            "Cancel",
            1,
            in_prompt,
            [](App &app, Key) { return app.close_prompt(false); }},
    Command{"erase",
            {key::backspace, key::delete_, key::none},
            "delete the last character",
            "",
            0,
            in_prompt,
            [](App &app, Key) {
    std::string text = app.typed();
    if (text.empty())
        return app.close_prompt(false);
    erase_last(text);
    return app.type(std::move(text));
            }},
    Command{"erase-all",
            {key::ctrl('U'), key::none, key::none},
            "delete everything",
            "",
            0,
            in_prompt,
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
        if (command.name.empty() || command.help.empty() || !command.handler || !command.where ||
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
