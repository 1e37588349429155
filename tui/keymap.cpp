// SPDX-License-Identifier: GPL-2.0
#include "tui/keymap.hpp"

#include <algorithm>

#include "tui/app.hpp"
#include "tui/typing.hpp"

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

unsigned close_prompt(App &app)
{
    app.prompting = false;
    return changed_screen;
}

constexpr std::array all_commands{
    Command{"up",
            {key::up, U'k', key::none},
            "one line up",
            "",
            0,
            in_list | in_page,
            [](App &app, Key) { return app.move_by(-1); }},
    Command{"down",
            {key::down, U'j', key::none},
            "one line down",
            "",
            0,
            in_list | in_page,
            [](App &app, Key) { return app.move_by(1); }},
    Command{"page-up",
            {key::page_up, key::ctrl('B'), key::none},
            "one screen up",
            "",
            0,
            in_list | in_page,
            [](App &app, Key) { return app.move_by(-page_step(app)); }},
    Command{"page-down",
            {key::page_down, key::ctrl('F'), key::none},
            "one screen down",
            "",
            0,
            in_list | in_page,
            [](App &app, Key) { return app.move_by(page_step(app)); }},
    Command{"first",
            {key::home, U'g', key::none},
            "to the first line",
            "",
            0,
            in_list | in_page,
            [](App &app, Key) { return app.move_by(-1'000'000'000); }},
    Command{"last",
            {key::end, U'G', key::none},
            "to the last line",
            "",
            0,
            in_list | in_page,
            [](App &app, Key) { return app.move_by(1'000'000'000); }},

    Command{"open",
            {key::enter, key::none, key::none},
            "open: the PASIDs of a cgroup, process or device; a PASID whole",
            "Open",
            1,
            in_list,
            [](App &app, Key) { return app.drill(); }},
    Command{"back",
            {key::escape, key::backspace, key::none},
            "clear the filter, then go back",
            "Back",
            1,
            can_go_back,
            [](App &app, Key) { return app.back(); }},
    Command{"next-view",
            {key::tab, key::back_tab, key::none},
            "next view, previous view",
            "View",
            1,
            in_list | in_page,
            [](App &app, Key code) { return next_view(app, code == key::tab ? 1 : -1); }},

    Command{"filter",
            {U'/', U'f', key::f4},
            "show only rows that contain every word; Enter keeps the filter, Esc clears it",
            "Filter",
            1,
            in_list,
            [](App &app, Key) -> unsigned {
                app.prompting = true;
                return changed_screen;
            }},
    Command{"sort",
            {U'<', U'>', key::f6},
            "sort by the column to the left, to the right",
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
            "tree or flat list",
            "Tree",
            1,
            in_tree,
            [](App &app, Key) { return app.toggle_tree(); }},
    Command{"fold",
            {key::left, key::right, key::none},
            "fold (when folded: to the parent), unfold",
            "Fold",
            2,
            in_tree,
            [](App &app, Key code) { return app.fold(code == key::left); }},
    Command{"fold-all",
            {U'z', key::none, key::none},
            "fold everything, unfold everything",
            "",
            0,
            in_tree,
            [](App &app, Key) { return app.fold_all(); }},

    Command{"freeze",
            {U' ', key::none, key::none},
            "freeze the screen, go on; events are kept meanwhile",
            "Freeze",
            1,
            in_list | in_page,
            [](App &app, Key) { return app.freeze(); }},
    Command{"interval",
            {U'+', U'-', U'='},
            "refresh faster, slower",
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
            "draw the whole screen again",
            "",
            0,
            everywhere,
            [](App &, Key) -> unsigned { return changed_repaint; }},

    Command{"help",
            {U'h', U'?', key::f1},
            "this help",
            "Help",
            1,
            in_list | in_page,
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
            in_list | in_page,
            [](App &, Key) -> unsigned { return changed_quit; }},
    Command{"interrupt",
            {key::ctrl('C'), key::none, key::none},
            "quit, from everywhere",
            "",
            0,
            everywhere,
            [](App &, Key) -> unsigned { return changed_quit; }},

    // While the filter is typed; characters are not looked up here.
    Command{"accept",
            {key::enter, key::tab, key::down},
            "keep the filter",
            "Keep",
            1,
            in_prompt,
            [](App &app, Key) { return close_prompt(app); }},
    Command{"cancel",
            {key::escape, key::none, key::none},
            "clear the filter",
            "Clear",
            1,
            in_prompt,
            [](App &app, Key) { return app.set_filter({}) | close_prompt(app); }},
    Command{"erase",
            {key::backspace, key::delete_, key::none},
            "remove the last character",
            "",
            0,
            in_prompt,
            [](App &app, Key) {
    std::string text = app.here().filter;
    if (text.empty())
        return close_prompt(app);
    erase_last(text);
    return app.set_filter(std::move(text));
            }},
    Command{"erase-all",
            {key::ctrl('U'), key::none, key::none},
            "remove everything",
            "",
            0,
            in_prompt,
            [](App &app, Key) { return app.set_filter({}); }},
    };

constexpr bool share_a_key(const Command &a, const Command &b)
{
    for (Key one : a.keys)
        for (Key other : b.keys)
            if (one != key::none && one == other)
                return true;
    return false;
}

// Where it can come up together with others.
constexpr unsigned reach(const Command &command)
{
    const unsigned where =
        command.where & can_go_back ? command.where | in_list | in_page : command.where;
    return where & in_tree ? where | in_list : where;
}

constexpr bool well_formed()
{
    for (std::size_t i = 0; i < all_commands.size(); i++) {
        const Command &command = all_commands[i];
        if (command.name.empty() || command.help.empty() || !command.handler || !command.where ||
            command.keys[0] == key::none)
            return false;
        // While a filter is typed a character is a part of it.
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
    if (app.prompting)
        return in_prompt;
    const bool page = app.here().place.page != PageId::none;
    unsigned where = page ? in_page : in_list;
    if (!page && app.table().is_tree())
        where |= in_tree;
    if (app.drilled() || (!page && !app.here().filter.empty()))
        where |= can_go_back;
    return where;
}

unsigned press(App &app, Key code)
{
    const unsigned where = where_now(app);
    if (where == in_prompt && printable_key(code))
        return app.set_filter(app.here().filter + utf8(code));
    for (const Command &command : all_commands)
        if ((command.where & where) &&
            std::find(command.keys.begin(), command.keys.end(), code) != command.keys.end())
            return command.handler(app, code);
    if (where != in_prompt)
        if (const View *target = find_view(code))
            return app.show(target->id);
    return changed_nothing;
}

std::string keys_text(const Command &command, int count)
{
    std::string text;
    for (Key code : command.keys) {
        if (code == key::none || count-- <= 0)
            break;
        text += (text.empty() ? "" : " ") + key_text(code);
    }
    return text;
}

} // namespace pasid::tui
