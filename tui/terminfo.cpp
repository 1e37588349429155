// SPDX-License-Identifier: GPL-2.0-only
// Separate from screen.cpp because term.h defines words such as back_tab as macros.
#include "tui/terminfo.hpp"

#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include <curses.h>
#include <term.h>

namespace pasid::tui {

// Bytes that restore the terminal; safe to write from a signal handler.
std::string restore_sequence()
{
    static std::string *into;
    std::string bytes;
    into = &bytes;
    for (const char *sequence :
         {orig_pair, exit_attribute_mode, keypad_local, cursor_normal, exit_ca_mode})
        if (sequence)
            tputs(sequence, 1, [](int byte) {
                into->push_back(static_cast<char>(byte));
                return byte;
            });
    into = nullptr;
    if (key_mouse)
        bytes += "\033[?1006l\033[?1000l";
    return bytes;
}

Result<void> check_terminal()
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return Error{.what = "cannot start the live view",
                     .why = "standard input and output are not a terminal",
                     .remedy = "run it in a terminal, or use top -b for a pipe or file",
                     .exit = Exit::usage};
    const char *term = std::getenv("TERM");
    if (!term || !*term || std::strcmp(term, "dumb") == 0)
        return Error{.what = "cannot start the live view",
                     .why = term && *term ? "a terminal of type \"dumb\" can only print lines"
                                          : "TERM is not set",
                     .remedy = "set TERM (on a serial console: TERM=vt220), or use top -b",
                     .exit = Exit::usage};
    int status = 0;
    if (setupterm(term, STDOUT_FILENO, &status) != OK)
        return Error{.what = "cannot start the live view",
                     .why =
                         std::string("terminal type \"") + term + "\" is not known on this system",
                     .remedy = "set TERM to a known type such as xterm or vt220, or use top -b",
                     .exit = Exit::usage};
    const bool moves = cursor_address != nullptr;
    del_curterm(cur_term); // newterm() creates its own
    if (!moves)
        return Error{.what = "cannot start the live view",
                     .why =
                         std::string("a terminal of type \"") + term + "\" cannot move its cursor",
                     .remedy = "set TERM to the actual terminal type, or use top -b",
                     .exit = Exit::usage};
    return {};
}

} // namespace pasid::tui
