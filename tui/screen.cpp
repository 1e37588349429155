// SPDX-License-Identifier: GPL-2.0-only
#include "tui/screen.hpp"

#include <array>
#include <cstdlib>
#include <string>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NCURSES_NOMACROS
#include <curses.h>

#include "tui/crash_handler.hpp"
#include "tui/terminfo.hpp"
#include "tui/theme.hpp"

namespace pasid::tui {

namespace {

// Time without input that distinguishes a lone Esc from an escape sequence.
constexpr int escape_delay_ms = 50;

attr_t curses_attributes(unsigned char attributes)
{
    attr_t out = A_NORMAL;
    if (attributes & bold)
        out |= A_BOLD;
    if (attributes & dimmed)
        out |= A_DIM;
    if (attributes & reversed)
        out |= A_REVERSE;
    if (attributes & underlined)
        out |= A_UNDERLINE;
    return out;
}

// Color pair 0 is the terminal's default; then one per role, then the selection.
short pair_of(const Theme &theme, Paint paint)
{
    if (!theme.uses_color)
        return 0;
    return static_cast<short>(paint.selected ? nr_roles + 1 : static_cast<int>(paint.role) + 1);
}

attr_t attributes_of(const Theme &theme, Paint paint)
{
    const Style &style = theme.styles[static_cast<std::size_t>(paint.role)];
    if (!paint.selected)
        return curses_attributes(style.attributes);
    if (theme.uses_color)
        return curses_attributes(theme.selected.attributes);
    return curses_attributes(
        static_cast<unsigned char>(style.attributes | theme.selected.attributes));
}

struct Mapping {
    int curses;
    Key code;
};

constexpr std::array mappings{
    Mapping{KEY_UP, key::up},         Mapping{KEY_DOWN, key::down},
    Mapping{KEY_LEFT, key::left},     Mapping{KEY_RIGHT, key::right},
    Mapping{KEY_PPAGE, key::page_up}, Mapping{KEY_NPAGE, key::page_down},
    Mapping{KEY_HOME, key::home},     Mapping{KEY_END, key::end},
    Mapping{KEY_FIND, key::home},     Mapping{KEY_SELECT, key::end},
    Mapping{KEY_ENTER, key::enter},   Mapping{KEY_BACKSPACE, key::backspace},
    Mapping{KEY_BTAB, key::back_tab}, Mapping{KEY_DC, key::delete_},
    Mapping{KEY_F(1), key::f1},       Mapping{KEY_F(2), key::f2},
    Mapping{KEY_F(3), key::f3},       Mapping{KEY_F(4), key::f4},
    Mapping{KEY_F(5), key::f5},       Mapping{KEY_F(6), key::f6},
    Mapping{KEY_F(7), key::f7},       Mapping{KEY_F(8), key::f8},
    Mapping{KEY_F(9), key::f9},       Mapping{KEY_F(10), key::f10},
};

constexpr std::array control_mappings{
    Mapping{'\r', key::enter},  Mapping{'\n', key::enter},     Mapping{'\t', key::tab},
    Mapping{0x1b, key::escape}, Mapping{0x7f, key::backspace}, Mapping{'\b', key::backspace},
};

template <std::size_t N> Key mapped(const std::array<Mapping, N> &table, wint_t code, Key otherwise)
{
    for (const Mapping &mapping : table)
        if (static_cast<wint_t>(mapping.curses) == code)
            return mapping.code;
    return otherwise;
}

} // namespace

Result<std::unique_ptr<Screen>> Screen::open(bool color, const Glyphs &glyphs)
{
    if (auto checked = check_terminal(); !checked)
        return checked.error();
    std::unique_ptr<Screen> screen(new Screen(glyphs));
    if (!install_crash_handler(STDOUT_FILENO, {}))
        return system_error("cannot read the terminal's settings", errno);
    set_escdelay(escape_delay_ms);
    use_tioctl(TRUE); // use the terminal's size rather than COLUMNS and LINES
    termios before{};
    tcgetattr(STDOUT_FILENO, &before);
    screen->terminal_ = newterm(nullptr, stdout, stdin);
    if (!screen->terminal_) {
        remove_crash_handler();
        return Error{.what = "cannot start the live view",
                     .why = "curses does not support this terminal",
                     .remedy = "try TERM=xterm or TERM=vt220, or use top -b",
                     .exit = Exit::usage};
    }
    screen->restorer_.start(STDOUT_FILENO, before, restore_sequence());
    screen->set_up(color);
    return screen;
}

void Screen::set_up(bool color)
{
    install_crash_handler(STDOUT_FILENO, restore_sequence());
    mouseinterval(0); // report a press immediately
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    intrflush(stdscr, FALSE);
    curs_set(0);

    const char *unwanted = std::getenv("NO_COLOR");
    color_ = color && !(unwanted && *unwanted) && has_colors();
    if (color_) {
        start_color();
        own_colors_ = use_default_colors() == OK;
    }
    theme_ = color_ ? &themes().front() : &mono_theme();
    apply_theme();
}

void Screen::use_theme(std::string_view name)
{
    const Theme *wanted = find_theme(name);
    if (!wanted || !color_)
        return;
    theme_ = wanted;
    apply_theme();
    repaint();
}

void Screen::use_mouse(bool yes)
{
    mouse_used_ = yes;
    mousemask(yes ? BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON4_PRESSED |
                        BUTTON5_PRESSED
                  : 0,
              nullptr);
}

void Screen::apply_theme()
{
    if (!theme_->uses_color) {
        bkgdset(' ');
        return;
    }
    // A terminal without default colors gets white on black.
    const auto usable = [this](short wanted, short otherwise) {
        return wanted == tui::no_color && !own_colors_ ? otherwise : wanted;
    };
    for (int i = 0; i <= nr_roles; i++) {
        const Style &style =
            i < nr_roles ? theme_->styles[static_cast<std::size_t>(i)] : theme_->selected;
        init_pair(static_cast<short>(i + 1), usable(style.foreground, COLOR_WHITE),
                  usable(style.background, COLOR_BLACK));
    }
    bkgdset(' ' | COLOR_PAIR(1)); // the background has the colors of Role::normal
}

Screen::~Screen()
{
    if (!theme_)
        return;
    restart_output(STDOUT_FILENO);
    if (mouse_used_)
        use_mouse(false);
    endwin();
    restorer_.cancel();
    delscreen(static_cast<SCREEN *>(terminal_));
    remove_crash_handler();
}

int Screen::width() const { return getmaxx(stdscr); }

int Screen::height() const { return getmaxy(stdscr); }

void Screen::put(int row, int column, std::string_view text, Paint paint)
{
    if (row < 0 || row >= height() || column < 0 || column >= width())
        return;
    const std::string cut = cut_to(text, width() - column, Cut::end, glyphs_.ascii);
    attr_set(attributes_of(*theme_, paint), pair_of(*theme_, paint), nullptr);
    if (!glyphs_.ascii) {
        mvaddnstr(row, column, cut.data(), static_cast<int>(cut.size()));
        return;
    }
    // The locale cannot show UTF-8: print one '?' per character.
    std::string ascii;
    for (const char byte : cut) {
        const auto value = static_cast<unsigned char>(byte);
        if (value < 0x80)
            ascii += byte;
        else if (value >= 0xc0)
            ascii += '?';
    }
    mvaddnstr(row, column, ascii.data(), static_cast<int>(ascii.size()));
}

void Screen::cursor(int row, int column)
{
    cursor_row_ = row;
    cursor_column_ = column;
}

void Screen::begin()
{
    erase();
    cursor_row_ = -1;
}

void Screen::show()
{
    const bool shown = cursor_row_ >= 0;
    curs_set(shown ? 1 : 0);
    if (shown)
        move(cursor_row_, cursor_column_);
    else
        move(height() - 1, width() - 1); // where terminals that cannot hide it show it
    refresh();
}

std::optional<Key> Screen::read()
{
    for (;;) {
        wint_t code = 0;
        const int kind = wget_wch(stdscr, &code);
        if (kind == ERR) {
            // Readable without data: the other end is gone.
            pollfd input{STDIN_FILENO, POLLIN, 0};
            int waiting = 0;
            if (poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLIN)) &&
                (ioctl(STDIN_FILENO, FIONREAD, &waiting) != 0 || waiting == 0))
                at_end_ = true;
            return std::nullopt;
        }
        if (kind == KEY_CODE_YES && code == KEY_MOUSE) {
            if (read_mouse())
                return key::mouse;
            continue;
        }
        const Key read = kind == KEY_CODE_YES
                             ? mapped(mappings, code, key::none)
                             : mapped(control_mappings, code, static_cast<Key>(code));
        if (read != key::none)
            return read;
    }
}

bool Screen::read_mouse()
{
    MEVENT event{};
    if (getmouse(&event) != OK)
        return false;
    mouse_ = {Mouse::press, event.y, event.x};
    if (event.bstate & BUTTON4_PRESSED)
        mouse_.what = Mouse::wheel_up;
    else if (event.bstate & BUTTON5_PRESSED)
        mouse_.what = Mouse::wheel_down;
    else if (!(event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED)))
        return false;
    return true;
}

void Screen::resize()
{
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
}

void Screen::repaint() { clearok(curscr, TRUE); }

void Screen::suspend()
{
    restart_output(STDOUT_FILENO);
    endwin();
}

void Screen::resume()
{
    reset_prog_mode();
    resize(); // the size may have changed
    repaint();
    refresh();
}

} // namespace pasid::tui
