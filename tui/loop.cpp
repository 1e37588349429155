// SPDX-License-Identifier: GPL-2.0-only
#include "tui/loop.hpp"

#include <algorithm>
#include <array>
#include <clocale>

#include <poll.h>
#include <unistd.h>

#include <fmt/core.h>

#include "tui/draw.hpp"
#include "tui/keymap.hpp"
#include "tui/theme.hpp"
#include "tui/tui.hpp"

namespace pasid::tui {

namespace {

using namespace std::chrono_literals;

// Limits that keep the loop responsive with many events, and avoid redrawing too often on a slow
// line.
constexpr std::size_t drain_limit = 8192;
constexpr auto drain_gap = 20ms;
constexpr auto events_draw_gap = 200ms;

} // namespace

Loop::Loop(Feed &feed, App &app, Screen &screen, Signals &signals)
    : feed_(feed), app_(app), screen_(screen), signals_(signals)
{
    app_.has_events(feed_.event_fd() >= 0 || feed_.player());
    app_.replay(feed_.player());
}

// Returns false if there is no new snapshot; the app has the error.
bool Loop::read()
{
    auto snapshot = feed_.snapshot(app_.parts_needed());
    if (!snapshot) {
        app_.fail(std::move(snapshot).error());
        return false;
    }
    app_.take(std::move(snapshot).value(), Clock::now());
    return true;
}

// Shows the wanted frame of a recording. After a jump, also reads the preceding frames, so that
// rates, events and history are correct.
bool Loop::replay()
{
    constexpr std::size_t past = 120;
    Player &player = *feed_.player();
    const std::size_t wanted = app_.wanted_frame();
    if (wanted == shown_frame_)
        return true;
    std::size_t next = wanted;
    if (wanted != shown_frame_ + 1) {
        app_.reset_baseline();
        next = wanted - std::min(wanted, past);
    }
    bool good = true;
    for (; next <= wanted; next++) {
        app_.clear_flash();
        player.go_to(next);
        std::vector<Event> events;
        if (auto result = feed_.events(events, drain_limit); !result)
            app_.fail(result.error());
        app_.take(std::move(events), Clock::now());
        good = read();
    }
    shown_frame_ = wanted;
    return good;
}

void Loop::refresh()
{
    if (feed_.player()) {
        replay();
    } else {
        feed_.set_window(app_.window());
        read();
    }
    app_.note(feed_.note());
    flashing_ = flashing_ || Clock::now() < app_.flash_until();
    events_broken_ = false;
    next_refresh_ = Clock::now() + app_.interval();
    dirty_ = true;
}

void Loop::drain()
{
    std::vector<Event> events;
    const auto result = feed_.events(events, drain_limit);
    const auto now = Clock::now();
    const bool more = events.size() >= drain_limit;
    next_drain_ = more ? now : now + drain_gap;
    dirty_soon_ = dirty_soon_ || !events.empty();
    app_.take(std::move(events), now);
    flashing_ = flashing_ || now < app_.flash_until();
    if (!result) {
        app_.fail(result.error());
        events_broken_ = true;
        dirty_ = true;
    }
}

void Loop::draw_now()
{
    screen_.begin();
    draw(app_, screen_, Clock::now());
    screen_.show();
    dirty_ = dirty_soon_ = false;
    last_draw_ = Clock::now();
}

void Loop::apply(unsigned changed)
{
    if (changed & changed_quit)
        quit_ = true;
    if (changed & changed_repaint)
        screen_.repaint();
    if (changed & changed_appearance) {
        screen_.use_theme(app_.theme());
        screen_.use_mouse(app_.mouse_used());
    }
    if (changed & (changed_screen | changed_repaint | changed_appearance))
        dirty_ = true;
    // Refresh at once, because the next key may refer to the new content.
    if ((changed & changed_snapshot) && !app_.frozen() && !quit_)
        refresh();
    next_refresh_ = std::min(next_refresh_, Clock::now() + app_.interval());
}

void Loop::stop_and_continue()
{
    screen_.suspend();
    raise(SIGSTOP);
    screen_.resume();
    dirty_ = true;
}

void Loop::take_signals()
{
    while (const auto signal = signals_.next()) {
        switch (*signal) {
        case SIGWINCH:
            screen_.resize();
            dirty_ = true;
            break;
        case SIGTSTP:
            stop_and_continue();
            break;
        case SIGCONT: // the terminal may have been used in the meantime
            screen_.resume();
            dirty_ = true;
            break;
        case SIGINT:
            apply(press(app_, key::ctrl('C')));
            break;
        default:
            quit_ = true;
        }
    }
}

void Loop::take_keys()
{
    while (!quit_) {
        const auto code = screen_.read();
        if (!code)
            break;
        apply(*code == key::mouse ? app_.click(screen_.mouse()) : press(app_, *code));
    }
    if (screen_.at_end())
        quit_ = true;
}

bool Loop::reads_events(Clock::time_point now) const
{
    return feed_.event_fd() >= 0 && !events_broken_ && now >= next_drain_;
}

// When to wake up without input.
Loop::Clock::time_point Loop::deadline(Clock::time_point now) const
{
    auto next = app_.frozen() ? now + 1h : next_refresh_;
    if (dirty_soon_)
        next = std::min(next, last_draw_ + events_draw_gap);
    if (flashing_)
        next = std::min(next, app_.flash_until());
    if (feed_.event_fd() >= 0 && !events_broken_ && now < next_drain_)
        next = std::min(next, next_drain_);
    return next;
}

void Loop::wait()
{
    const auto now = Clock::now();
    std::array<pollfd, 4> fds{pollfd{STDIN_FILENO, POLLIN, 0}, pollfd{signals_.fd(), POLLIN, 0},
                              pollfd{reads_events(now) ? feed_.event_fd() : -1, POLLIN, 0},
                              pollfd{dirty_ ? STDOUT_FILENO : -1, POLLOUT, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline(now) - now).count();
    poll(fds.data(), fds.size(), static_cast<int>(std::clamp<long>(left, 0, 3'600'000)));
    if (fds[1].revents)
        take_signals();
    if (fds[0].revents)
        take_keys();
    events_ready_ = fds[2].revents != 0;
}

void Loop::run()
{
    apply(changed_appearance);
    draw_now(); // before the first read, which may take time
    refresh();
    app_.has_events(feed_.event_fd() >= 0 || feed_.player()); // some feeds open on first use
    while (!quit_) {
        const auto now = Clock::now();
        if (events_ready_)
            drain();
        if (app_.replaying() && now >= next_refresh_)
            app_.advance_playback();
        if (!app_.frozen() && now >= next_refresh_) {
            if (reads_events(now)) // so that this refresh shows denials up to now
                drain();
            refresh();
        }
        if (flashing_ && now >= app_.flash_until()) {
            flashing_ = false;
            dirty_ = true;
        }
        if (dirty_soon_ && now >= last_draw_ + events_draw_gap)
            dirty_ = true;
        if (dirty_) {
            // If the terminal is stopped or slow, frames are skipped; keys and signals are never
            // blocked.
            pollfd out{STDOUT_FILENO, POLLOUT, 0};
            if (poll(&out, 1, 0) > 0)
                draw_now();
        }
        wait();
    }
}

} // namespace pasid::tui

namespace pasid {

std::vector<std::string> tui_view_names()
{
    std::vector<std::string> names;
    for (const tui::View &view : tui::views())
        names.emplace_back(view.name);
    return names;
}

std::vector<std::string> tui_theme_names()
{
    std::vector<std::string> names;
    for (const tui::Theme &theme : tui::themes())
        names.emplace_back(theme.name);
    return names;
}

int run_tui(Feed &feed, const TuiOptions &options)
{
    std::setlocale(LC_CTYPE, "");
    const tui::Glyphs &glyphs = tui::glyphs_for_locale();
    Signals signals({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT});
    if (!signals.ok()) {
        fmt::print(stderr, "top: {}\n", describe(system_error("cannot watch signals", errno)));
        return static_cast<int>(Exit::refused);
    }
    auto screen = tui::Screen::open(options.color, glyphs);
    if (!screen) {
        fmt::print(stderr, "top: {}\n", describe(screen.error()));
        return static_cast<int>(screen.error().exit);
    }
    tui::App app(options, glyphs);
    tui::Loop(feed, app, **screen, signals).run();
    return static_cast<int>(Exit::done);
}

} // namespace pasid
