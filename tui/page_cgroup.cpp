// SPDX-License-Identifier: GPL-2.0-only
// The page of a cgroup: fields, usage and denials over time, events.
#include <algorithm>

#include "model/cgroup_path.hpp"
#include "tui/app.hpp"
#include "tui/page_parts.hpp"

namespace pasid::tui {

namespace {

constexpr std::size_t max_events = 100;

double denied_here(const CgroupSample &sample) { return static_cast<double>(sample.denied_here); }
double denied_asked(const CgroupSample &sample) { return static_cast<double>(sample.denied_asked); }
double current(const CgroupSample &sample) { return sample.current; }

Role use_role(const CgroupUsage &row)
{
    if (!row.max)
        return Role::normal;
    return row.current >= *row.max            ? Role::bad
           : row.current * 10 >= *row.max * 8 ? Role::caution
                                              : Role::good;
}

void add_history(std::vector<TextLine> &lines, const App &app, const CgroupUsage &row, int width)
{
    const History &history = app.state().history;
    const Glyphs &glyphs = app.glyphs();
    const std::size_t count = page_samples(width, glyphs);
    const double seconds = history.seconds_back(count);
    std::optional<double> max;
    if (row.max && *row.max > 0)
        max = static_cast<double>(*row.max);
    add_graph(lines, {.title = "PASIDs", .max = max, .role = use_role(row), .height = 4},
              history.cgroup(row.cgroup_id, count, current), seconds, width, glyphs);
    add_graph(lines,
              {.title = "Denied by its limit", .unit = Unit::rate, .role = Role::bad, .height = 2},
              history.cgroup_rate(row.cgroup_id, count, denied_here), seconds, width, glyphs);
    add_graph(lines,
              {.title = "Denied to its processes",
               .unit = Unit::rate,
               .role = Role::caution,
               .height = 2},
              history.cgroup_rate(row.cgroup_id, count, denied_asked), seconds, width, glyphs);
}

// Events of the cgroup and its descendants, and denials by its limit.
bool concerns(const Event &event, const std::string &cgroup)
{
    return is_within(event.cgroup, cgroup) || event.limit_cgroup == cgroup;
}

void add_events(std::vector<TextLine> &lines, const State &state, const std::string &cgroup,
                const Glyphs &glyphs)
{
    std::vector<const Event *> rows;
    const auto &all = state.log.events();
    for (auto event = all.rbegin(); event != all.rend() && rows.size() < max_events; ++event)
        if (concerns(*event, cgroup))
            rows.push_back(&*event);
    add_section(lines, "Events, newest first");
    if (rows.empty())
        return add_nothing(lines, "none since this view started");
    add_table<Event>(lines, rows, {"TIME", "EVENT", "pasid", "comm", "RESULT"}, glyphs);
}

} // namespace

std::vector<TextLine> build_cgroup(App &app, int width)
{
    std::vector<TextLine> lines;
    const State &state = app.state();
    const std::string &name = app.here().place.scope.name;
    const auto &all = state.snapshot.cgroups;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const CgroupUsage &row) { return row.cgroup == name; });
    if (found == all.end()) {
        add_nothing(lines, "this cgroup has no PASIDs and no rule, or was removed");
    } else {
        add_fields(lines, *found, width, app.glyphs());
        add_history(lines, app, *found, width);
    }
    add_events(lines, state, name, app.glyphs());
    return lines;
}

} // namespace pasid::tui
