// SPDX-License-Identifier: GPL-2.0-only
#include "tui/draw.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tui/keymap.hpp"
#include "tui/page.hpp"
#include "tui/pen.hpp"

namespace pasid::tui {

namespace {

constexpr int least_width = 20;
constexpr int least_height = 3;

// What of the frame a terminal of this height has room for. The list comes first.
struct Frame {
    int header;
    bool tabs;
    bool status;
    bool footer;
};

Frame frame_for(int height)
{
    if (height >= 12)
        return {3, true, true, true};
    if (height >= 8)
        return {1, true, true, true};
    if (height >= 6)
        return {0, true, true, false};
    return {0, false, height >= 4, false};
}

std::string crumb(const App &app)
{
    const Place &place = app.here().place;
    if (place.page == PageId::help || place.page == PageId::columns)
        return std::string(page(place.page).title);
    return place.scope.text();
}

// The number of the selected line among all.
std::string position(App &app)
{
    const std::size_t count = app.lines().size();
    if (count == 0)
        return {};
    const Snapshot &snapshot = app.state().snapshot;
    const std::string selected = grouped(app.cursor().selected() + 1);
    if (app.current_view().id != ViewId::pasids || !snapshot.ioasids_cut)
        return fmt::format("{}/{}", selected, grouped(count));
    // Not all of them were read.
    if (app.here().place.scope.what == Scope::all && app.here().filter.empty())
        return fmt::format("{}/{}", selected, grouped(snapshot.system.live));
    return fmt::format("{} of the first {}", selected, grouped(count));
}

std::string prompt_text(const App &app)
{
    const char *before = app.prompt() == Prompt::filter   ? "filter: "
                         : app.prompt() == Prompt::search ? "/"
                                                          : "jump to: ";
    return before + printable(app.typed());
}

} // namespace

void draw_tabs(App &app, Canvas &canvas, int row)
{
    const ViewId now = app.here().place.view;
    int full = 0;
    for (const View &each : views())
        full += display_width(each.title) + 4;
    const bool wide = !app.drilled() && full <= canvas.width() - 4;

    Pen pen(canvas, row);
    for (const View &each : views()) {
        const bool current = each.id == now;
        const int from = pen.column();
        pen.text(" " + key_text(each.key), current ? Role::title : Role::key);
        if (current || wide)
            pen.text(" " + std::string(each.title), current ? Role::title : Role::normal);
        pen.text(" ", current ? Role::title : Role::normal);
        app.hits().add({Hit::tab, row, from, pen.column(), static_cast<std::size_t>(each.id)});
        if (wide)
            pen.skip(1);
    }
    if (app.drilled())
        pen.text("> ", Role::dim)
            .text(cut_to(crumb(app), std::max(pen.room() - 1, 1), Cut::start, app.glyphs().ascii),
                  Role::strong);

    const std::string &filter = app.here().filter;
    if (filter.empty() || app.prompt() == Prompt::filter)
        return;
    const std::string text = fmt::format(" filter: {} ", printable(filter));
    const int left = canvas.width() - display_width(text);
    if (left > pen.column())
        canvas.put(row, left, text, Role::input);
}

void draw_page(App &app, Canvas &canvas, int first_row, int rows)
{
    app.set_body_height(static_cast<std::size_t>(std::max(rows, 1)));
    const std::vector<TextLine> lines = page(app.here().place.page).build(app, canvas.width());
    app.clamp_page(lines.size());
    const std::size_t top = app.here().page_top;
    for (int i = 0; i < rows && top + static_cast<std::size_t>(i) < lines.size(); i++) {
        Pen pen(canvas, first_row + i);
        for (const Span &span : lines[top + static_cast<std::size_t>(i)])
            pen.text(span.text, span.role);
    }
}

// One line for what must be said now: the prompt, else an error, else a refusal.
void draw_status(App &app, Canvas &canvas, int row, App::Clock::time_point now)
{
    const bool ascii = app.glyphs().ascii;
    if (app.prompting()) {
        const std::string text = cut_to(prompt_text(app), canvas.width() - 1, Cut::start, ascii);
        canvas.put(row, 0, text, Role::input);
        canvas.cursor(row, display_width(text));
        return;
    }
    const std::string place = app.here().place.page == PageId::none ? position(app) : "";
    const int room = canvas.width() - display_width(place) - 2;
    const std::string flash = app.flash(now);
    if (app.state().error && app.state().snapshot.parts)
        canvas.put(row, 0, cut_to(printable(describe(*app.state().error)), room, Cut::end, ascii),
                   Role::bad);
    else if (!flash.empty())
        canvas.put(row, 0, cut_to(flash, room, Cut::end, ascii), Role::flash);
    else if (app.frozen() && app.state().log.waiting() > 0)
        canvas.put(row, 0,
                   cut_to(fmt::format("{} newer events", grouped(app.state().log.waiting())), room,
                          Cut::end, ascii),
                   Role::dim);
    canvas.put(row, canvas.width() - display_width(place), place, Role::dim);
}

void draw_footer(App &app, Canvas &canvas, int row)
{
    const unsigned where = where_now(app);
    std::vector<Segment> segments;
    int drop = 1;
    for (const Command &command : commands()) {
        if (command.footer.empty() || !(command.where & where))
            continue;
        // Where there is no room the way out and the help stay.
        const bool stays = command.name == "quit" || command.name == "help";
        const std::string keys = keys_text(command, command.footer_keys, where);
        if (keys.empty())
            continue;
        segments.push_back({{{keys, Role::key}, {" " + std::string(command.footer), Role::normal}},
                            stays ? 0 : drop++,
                            false,
                            command.name});
    }
    for (const Drawn &each : draw_segments(canvas, row, std::move(segments)))
        app.hits().add({Hit::command, row, each.from, each.to, 0, each.name});
}

void draw(App &app, Canvas &canvas, App::Clock::time_point now)
{
    const int height = canvas.height();
    if (canvas.width() < least_width || height < least_height) {
        canvas.put(0, 0, "too small", Role::bad);
        return;
    }
    app.hits().clear();
    const Frame frame = frame_for(height);
    int row = draw_header(app, canvas, frame.header);
    if (frame.tabs)
        draw_tabs(app, canvas, row++);
    int end = height;
    if (frame.footer)
        draw_footer(app, canvas, --end);
    const int status_row = frame.status ? --end : -1;
    if (app.here().place.page == PageId::none)
        draw_table(app, canvas, row, end - row);
    else
        draw_page(app, canvas, row, end - row);
    if (status_row >= 0)
        draw_status(app, canvas, status_row, now);
}

} // namespace pasid::tui
