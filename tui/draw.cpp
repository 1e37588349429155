// SPDX-License-Identifier: GPL-2.0-only
#include "tui/draw.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "tui/keymap.hpp"
#include "tui/line_writer.hpp"
#include "tui/page.hpp"

namespace pasid::tui {

namespace {

constexpr int min_width = 20;
constexpr int min_height = 3;

// Parts of the screen that fit a terminal of this height. The list has priority.
struct ScreenParts {
    int header;
    bool tabs;
    bool status;
    bool footer;
};

ScreenParts screen_parts(int height)
{
    if (height >= 12)
        return {3, true, true, true};
    if (height >= 8)
        return {1, true, true, true};
    if (height >= 6)
        return {0, true, true, false};
    return {0, false, height >= 4, false};
}

std::string breadcrumb(const App &app)
{
    const Location &place = app.here().place;
    if (place.page == PageId::help || place.page == PageId::columns)
        return std::string(page(place.page).title);
    return place.scope.text();
}

// Number of the selected line, and the number of lines.
std::string position(App &app)
{
    const std::size_t count = app.lines().size();
    if (count == 0)
        return {};
    const Snapshot &snapshot = app.state().snapshot;
    const std::string selected = grouped(app.cursor().selected() + 1);
    if (app.current_view().id != ViewId::pasids || !snapshot.ioasids_cut)
        return fmt::format("{}/{}", selected, grouped(count));
    // Only some of the rows were read.
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

// "" while it is typed, because the prompt shows it then.
std::string filter_text(const App &app)
{
    const std::string &filter = app.here().filter;
    if (filter.empty() || app.prompt() == Prompt::filter)
        return {};
    return fmt::format(" filter: {} ", printable(filter));
}

} // namespace

void draw_tabs(App &app, Canvas &canvas, int row)
{
    const ViewId now = app.here().place.view;
    int full = 0;
    for (const View &each : views())
        full += display_width(each.title) + 4;
    const std::string filter = filter_text(app);
    const bool wide = !app.drilled() && full + display_width(filter) <= canvas.width() - 4;

    LineWriter writer(canvas, row);
    for (const View &each : views()) {
        const bool current = each.id == now;
        const int from = writer.column();
        writer.text(" " + key_text(each.key), current ? Role::title : Role::key);
        if (current || wide)
            writer.text(" " + std::string(each.title), current ? Role::title : Role::normal);
        writer.text(" ", current ? Role::title : Role::normal);
        app.click_targets().add(
            {ClickTarget::tab, row, from, writer.column(), static_cast<std::size_t>(each.id)});
        if (wide)
            writer.skip(1);
    }
    if (app.drilled())
        writer.text("> ", Role::dim)
            .text(cut_to(breadcrumb(app), std::max(writer.room() - 1, 1), Cut::start,
                         app.glyphs().ascii),
                  Role::strong);

    const int left = canvas.width() - display_width(filter);
    if (!filter.empty() && left > writer.column())
        canvas.put(row, left, filter, Role::input);
}

void draw_page(App &app, Canvas &canvas, int first_row, int rows)
{
    app.set_body_height(static_cast<std::size_t>(std::max(rows, 1)));
    const std::vector<TextLine> lines = page(app.here().place.page).build(app, canvas.width());
    app.clamp_page(lines.size());
    const std::size_t top = app.here().page_top;
    for (int i = 0; i < rows && top + static_cast<std::size_t>(i) < lines.size(); i++) {
        LineWriter writer(canvas, first_row + i);
        for (const Span &span : lines[top + static_cast<std::size_t>(i)])
            writer.text(span.text, span.role);
    }
}

// The status line: the prompt, else an error, else the latest message.
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
        // Quit and help stay if there is not enough room.
        const bool stays = command.name == "quit" || command.name == "help";
        const std::string keys = keys_text(command, command.footer_keys, where);
        if (keys.empty())
            continue;
        segments.push_back({{{keys, Role::key}, {" " + std::string(command.footer), Role::normal}},
                            stays ? 0 : drop++,
                            false,
                            command.name});
    }
    for (const SegmentPosition &each : draw_segments(canvas, row, std::move(segments)))
        app.click_targets().add({ClickTarget::command, row, each.from, each.to, 0, each.name});
}

void draw(App &app, Canvas &canvas, App::Clock::time_point now)
{
    const int height = canvas.height();
    if (canvas.width() < min_width || height < min_height) {
        canvas.put(0, 0, "too small", Role::bad);
        return;
    }
    app.click_targets().clear();
    const ScreenParts parts = screen_parts(height);
    int row = draw_header(app, canvas, parts.header);
    if (parts.tabs)
        draw_tabs(app, canvas, row++);
    int end = height;
    if (parts.footer)
        draw_footer(app, canvas, --end);
    const int status_row = parts.status ? --end : -1;
    if (app.here().place.page == PageId::none)
        draw_table(app, canvas, row, end - row);
    else
        draw_page(app, canvas, row, end - row);
    if (status_row >= 0)
        draw_status(app, canvas, status_row, now);
}

} // namespace pasid::tui
