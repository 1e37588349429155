// SPDX-License-Identifier: GPL-2.0-only
// The page of a PASID: fields, bindings, events.
#include <algorithm>

#include "tui/app.hpp"
#include "tui/page_parts.hpp"

namespace pasid::tui {

namespace {

void add_bindings(std::vector<TextLine> &lines, const State &state, const Scope &scope,
                  const Glyphs &glyphs)
{
    const auto rows = rows_in<Binding>(scope, state.snapshot.bindings);
    add_section(lines, "Bindings");
    if (rows.empty())
        return add_nothing(lines, "no device is bound to it");
    add_table<Binding>(lines, rows, {"device", "age_ns", "faults", "kind", "ioas"}, glyphs);
}

void add_history(std::vector<TextLine> &lines, const App &app, std::uint32_t number, int width)
{
    const History &history = app.state().history;
    const std::size_t count = page_samples(width, app.glyphs());
    const double seconds = history.seconds_back(count);
    const auto uses = history.pasid(
        number, count, [](const PasidSample &sample) { return static_cast<double>(sample.refs); });
    const auto faults = history.pasid_rate(number, count, [](const PasidSample &sample) {
        return static_cast<double>(sample.faults);
    });
    add_graph(lines, {.title = "References", .height = 2}, uses, seconds, width, app.glyphs());
    if (std::any_of(faults.begin(), faults.end(), [](const auto &rate) { return rate > 0.0; }))
        add_graph(lines, {.title = "Faults", .unit = Unit::rate, .role = Role::bad, .height = 2},
                  faults, seconds, width, app.glyphs());
}

void add_events(std::vector<TextLine> &lines, const State &state, const Scope &scope,
                const Glyphs &glyphs)
{
    auto rows = rows_in<Event>(scope, state.log.events());
    std::reverse(rows.begin(), rows.end());
    add_section(lines, "Events, newest first");
    if (rows.empty())
        return add_nothing(lines, "none since this view started");
    add_table<Event>(lines, rows, {"TIME", "EVENT", "device", "RESULT"}, glyphs);
}

} // namespace

std::vector<TextLine> build_pasid(App &app, int width)
{
    std::vector<TextLine> lines;
    const State &state = app.state();
    const Scope &scope = app.here().place.scope;
    const auto &all = state.snapshot.ioasids;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Ioasid &row) { return row.pasid == scope.number; });
    if (found != all.end())
        add_fields(lines, *found, width, app.glyphs());
    else
        add_nothing(lines, "this PASID is free: it was freed, or its process exited");
    add_bindings(lines, state, scope, app.glyphs());
    add_history(lines, app, scope.number, width);
    add_events(lines, state, scope, app.glyphs());
    return lines;
}

} // namespace pasid::tui
