// SPDX-License-Identifier: GPL-2.0-only
#include "render/terminal.hpp"

#include <cstdlib>
#include <cstring>

#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace pasid {

namespace {

bool is_set(const char *name)
{
    const char *value = std::getenv(name);
    return value && *value;
}

int terminal_width(int fd)
{
    winsize size{};
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

} // namespace

Terminal detect_terminal(int fd, bool no_color)
{
    Terminal terminal;
    const char *term = std::getenv("TERM");
    terminal.tty = isatty(fd) == 1;
    terminal.width = terminal.tty ? terminal_width(fd) : 0;
    terminal.color =
        terminal.tty && !no_color && !is_set("NO_COLOR") && term && std::strcmp(term, "dumb") != 0;
    terminal.ascii = std::strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    return terminal;
}

std::string_view tone_on(const Terminal &terminal, Tone tone)
{
    if (!terminal.color)
        return {};
    switch (tone) {
    case Tone::strong:
        return "\033[1m";
    case Tone::dim:
        return "\033[2m";
    case Tone::good:
        return "\033[32m";
    case Tone::warning:
        return "\033[33m";
    case Tone::bad:
        return "\033[31m";
    case Tone::plain:
        break;
    }
    return {};
}

std::string_view tone_off(const Terminal &terminal, Tone tone)
{
    return terminal.color && tone != Tone::plain ? "\033[0m" : std::string_view{};
}

} // namespace pasid
