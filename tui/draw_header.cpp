// SPDX-License-Identifier: GPL-2.0-only
// The header: usage of the system, policy and rates. Same for all views.
#include <algorithm>

#include <fmt/format.h>

#include "tui/draw.hpp"
#include "tui/line_writer.hpp"

namespace pasid::tui {

namespace {

constexpr int label_width = 8;
constexpr int max_note = 40;

Segment label(std::string_view text)
{
    return {{{fmt::format("{:<{}}", text, label_width - 2), Role::label}}};
}

std::string interval_text(std::chrono::milliseconds interval)
{
    return fmt::format("every {:g}s", static_cast<double>(interval.count()) / 1000);
}

Role fill_role(double share)
{
    return share >= 1 ? Role::bad : share >= 0.8 ? Role::caution : Role::good;
}

std::vector<Segment> right_side(const App &app)
{
    std::vector<Segment> out;
    const FeedNote &note = app.note();
    if (!note.text.empty())
        out.push_back({{{cut_to(printable(note.text), max_note, Cut::end, app.glyphs().ascii),
                         note.bad ? Role::bad : Role::strong}},
                       note.bad ? 0 : 2,
                       true});
    if (app.replaying())
        out.push_back({{{app.playing() ? " PLAYING " : " REPLAY ", Role::flash}}, 0, true});
    else if (app.frozen())
        out.push_back({{{" FROZEN ", Role::flash}}, 0, true});
    else
        out.push_back({{{interval_text(app.interval()), Role::dim}}, 4, true});
    const Snapshot &snapshot = app.state().snapshot;
    if (snapshot.parts) // without milliseconds
        out.push_back(
            {{{to_text(Value{snapshot.wall_ns}, Unit::clock).substr(0, 8), Role::dim}}, 3, true});
    return out;
}

void draw_use(App &app, Canvas &canvas, int row)
{
    const System &system = app.state().snapshot.system;
    std::vector<Segment> line{label("PASIDs")};
    if (app.state().snapshot.parts) {
        const std::string numbers =
            fmt::format("{} / {}", grouped(system.live), grouped(system.capacity));
        const double share = system.capacity ? double(system.live) / system.capacity : 0;
        const int bar = std::clamp(canvas.width() / 3 - 6, 6, 40);
        line.push_back({{{bar_text(share, bar, app.glyphs()), fill_role(share)}}, 2});
        line.push_back({{{numbers, Role::strong}, {" live", Role::normal}}});
        line.push_back({{{"in " + counted(system.sets, "set"), Role::dim}}, 6});
    }
    for (Segment &segment : right_side(app))
        line.push_back(std::move(segment));
    draw_segments(canvas, row, std::move(line));
}

Span policy_state(const State &state, const Glyphs &glyphs)
{
    const System &system = state.snapshot.system;
    if (!state.snapshot.parts)
        return {"unknown", Role::dim};
    if (system.policy_attached)
        return {"attached", Role::good};
    if (system.fail_closed)
        return {fmt::format("none {} fail-closed, allocations are denied", glyphs.dash), Role::bad};
    return {fmt::format("none {} limits are not enforced", glyphs.dash), Role::caution};
}

// Mode of the policy's rules.
std::string mode_text(const PolicySummary &policy)
{
    return policy.audit == 0                     ? "enforce"
           : policy.audit == policy.rules.size() ? "audit"
                                                 : fmt::format("{} in audit", policy.audit);
}

// Rules of the policy, e.g. "4 rules: vms, vm-a, web, ...".
std::string rules_text(const PolicySummary &policy)
{
    constexpr std::size_t max_names = 3;
    const std::size_t count = policy.rules.size();
    std::string names;
    for (std::size_t i = 0; i < std::min(count, max_names); i++)
        names += (i ? ", " : "") + policy.rules[i];
    return printable(
        fmt::format("{}: {}{}", counted(count, "rule"), names, count > max_names ? ", ..." : ""));
}

void draw_policy(App &app, Canvas &canvas, int row)
{
    const State &state = app.state();
    std::vector<Segment> line{label("Policy"), {{policy_state(state, app.glyphs())}}};
    const PolicySummary &policy = state.snapshot.policy;
    if (state.snapshot.system.policy_attached && !policy.rules.empty()) {
        line.push_back({{{mode_text(policy), policy.audit ? Role::caution : Role::normal}}, 3});
        line.push_back({{{rules_text(policy), Role::normal}}, 6});
    }
    if (state.snapshot.policy_generation)
        line.push_back({{{fmt::format("generation {}", state.snapshot.policy_generation)}}, 5});
    if (!state.snapshot.system.version.empty())
        line.push_back(
            {{{"module " + printable(state.snapshot.system.version), Role::dim}}, 6, true});
    draw_segments(canvas, row, std::move(line));
}

Segment rate(std::string_view name, std::optional<double> value, Role role, int drop)
{
    const std::string text = value ? fmt::format("{:.1f}/s", *value) : "-";
    return {{{std::string(name) + " ", Role::dim}, {text, role}}, drop};
}

// Two event types count as frees: an immediate free, and one that is pending until the last
// reference is dropped.
std::optional<double> frees(const EventRates &rates)
{
    const auto at_once = rates.of(IOASID_EVENT_FREE);
    const auto pending = rates.of(IOASID_EVENT_FREE_PENDING);
    if (!at_once || !pending)
        return std::nullopt;
    return *at_once + *pending;
}

void draw_rates(App &app, Canvas &canvas, int row)
{
    const State &state = app.state();
    const EventRates none;
    const EventRates &rates = state.has_events ? state.event_rates : none;
    const bool known = state.rates.seconds > 0;
    std::optional<double> denials;
    if (known)
        denials.emplace(state.rates.denials);
    const std::uint64_t denied = state.snapshot.system.denials;
    const std::uint64_t lost = state.log.lost();

    Segment deny =
        rate("deny", denials, known && state.rates.denials > 0 ? Role::bad : Role::normal, 0);
    Segment total{{{fmt::format("{} denied", grouped(denied)), denied ? Role::caution : Role::dim}},
                  4};
    Segment losses{
        {{counted(lost, "event", grouped(lost)) + " lost", lost ? Role::bad : Role::dim}},
        lost ? 1 : 5,
        true};
    draw_segments(canvas, row,
                  {label("Rates"), rate("alloc", rates.of(IOASID_EVENT_ALLOC), Role::normal, 0),
                   rate("free", frees(rates), Role::normal, 3),
                   rate("bind", rates.of(IOASID_EVENT_BIND), Role::normal, 2), std::move(deny),
                   std::move(total), std::move(losses)});
}

} // namespace

int draw_header(App &app, Canvas &canvas, int max_rows)
{
    constexpr void (*lines[])(App &, Canvas &, int) = {draw_use, draw_policy, draw_rates};
    const int rows = std::min<int>(max_rows, std::size(lines));
    for (int row = 0; row < rows; row++)
        lines[row](app, canvas, row);
    return rows;
}

} // namespace pasid::tui
