// SPDX-License-Identifier: GPL-2.0-only
// The keys: one table, a row a command. The help screen and the footer are made from it.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "tui/key.hpp"

namespace pasid::tui {

class App;

// Where a command applies.
enum Where : unsigned {
    in_list = 1u << 0,
    in_tree = 1u << 1, // a list that is a tree: beside in_list
    in_page = 1u << 2,
    in_prompt = 1u << 3,
    can_go_back = 1u << 4, // out of a filter or a place: beside in_list or in_page
    in_chooser = 1u << 5,  // of columns
    in_replay = 1u << 6,   // beside the others; its keys come before theirs
    unprompted = in_list | in_page | in_chooser,
    everywhere = unprompted | in_prompt,
};

struct Command {
    std::string_view name;
    std::array<Key, 3> keys; // key::none: not used
    std::string_view help;
    std::string_view footer; // short name in the footer; "": not there
    int footer_keys;         // how many of the keys the footer shows
    unsigned where;
    unsigned (*handler)(App &, Key); // returns Changed bits
};

std::span<const Command> commands();

// The bits of Where that hold now.
unsigned where_now(App &app);

// Runs the command of @key, or switches to the view that has it. Returns Changed bits.
unsigned press(App &app, Key key);

// The command of that name, as if its first key were pressed.
unsigned run(App &app, std::string_view name);

// "< > F6"; without keys that mean something else where @where holds.
std::string keys_text(const Command &command, int count, unsigned where = 0);

} // namespace pasid::tui
