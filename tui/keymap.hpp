// SPDX-License-Identifier: GPL-2.0-only
// Table of key bindings. The help page and the footer are generated from it.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "tui/key.hpp"

namespace pasid::tui {

class App;

// Contexts in which a command applies.
enum Where : unsigned {
    in_list = 1u << 0,
    in_tree = 1u << 1, // a list that is a tree; in addition to in_list
    in_page = 1u << 2,
    in_prompt = 1u << 3,
    // with a filter or a location to leave; in addition to in_list or in_page
    can_go_back = 1u << 4,
    in_chooser = 1u << 5, // column selection
    in_replay = 1u << 6,  // in addition to the others, with precedence
    unprompted = in_list | in_page | in_chooser,
    everywhere = unprompted | in_prompt,
};

struct Command {
    std::string_view name;
    std::array<Key, 3> keys; // key::none: unused
    std::string_view help;
    std::string_view footer; // short name in the footer; "": not shown
    int footer_keys;         // number of keys that the footer shows
    unsigned where;
    unsigned (*handler)(App &, Key); // returns ChangeFlags
};

std::span<const Command> commands();

// The Where bits of the current context.
unsigned where_now(App &app);

// Runs the command bound to @key, or switches to the view with that key. Returns ChangeFlags.
unsigned press(App &app, Key key);

// Runs the named command as if its first key was pressed.
unsigned run(App &app, std::string_view name);

// E.g. "< > F6"; omits keys that have another meaning in the context @where.
std::string keys_text(const Command &command, int count, unsigned where = 0);

} // namespace pasid::tui
