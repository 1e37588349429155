// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/filter.hpp"
#include "cmd/number_option.hpp"

#include <algorithm>
#include <map>

#include <CLI/CLI.hpp>

#include "lib/cgroups.hpp"
#include "model/names.hpp"

namespace pasid {

namespace {

std::string valid_state(const std::string &name)
{
    return state_number(name) ? ""
                              : "'" + name + "' is not a state; use idle, active or free_pending";
}

std::string valid_event(const std::string &name)
{
    if (event_type(name))
        return "";
    std::string list;
    for (const EventName &event : event_names)
        list.append(list.empty() ? "" : ", ").append(event.name);
    return "'" + name + "' is not an event; use one of: " + list;
}

std::string valid_comm(const std::string &name)
{
    return name.size() < IOASID_COMM_LEN
               ? ""
               : "'" + name + "' is too long: the kernel keeps 15 characters";
}

std::string to_normal_path(std::string path) { return normal_cgroup_path(std::move(path)); }

} // namespace

bool IoasidFilter::accepts(const Ioasid &ioasid) const
{
    if (!cgroup.empty() && !is_within(ioasid.cgroup, cgroup))
        return false;
    if (pid && ioasid.pid != *pid)
        return false;
    if (!state.empty() && state_name(ioasid.state) != state)
        return false;
    return device.empty() ||
           std::find(ioasid.devices.begin(), ioasid.devices.end(), device) != ioasid.devices.end();
}

bool IoasidFilter::accepts(const Space &space) const
{
    if (!cgroup.empty() && !is_within(space.cgroup, cgroup))
        return false;
    if (pid && space.pid != *pid)
        return false;
    return device.empty() ||
           std::any_of(space.devices.begin(), space.devices.end(),
                       [this](const Attachment &each) { return each.device == device; });
}

void add_options(CLI::App &app, IoasidFilter &filter)
{
    app.add_option("--cgroup", filter.cgroup, "Only PASIDs of this cgroup and its descendants")
        ->type_name("PATH")
        ->transform(to_normal_path);
    app.add_option("--pid", filter.pid, "Only PASIDs of this process")
        ->type_name("PID")
        ->check(whole_number());
    app.add_option("--state", filter.state,
                   "Only PASIDs in this state: idle, active or free_pending")
        ->type_name("STATE")
        ->check(valid_state);
    app.add_option("--device", filter.device, "Only PASIDs bound to this device")
        ->type_name("NAME");
}

namespace {

// Adds the command-line option of a condition, which stores the value and marks the condition as
// wanted.
void add_option(CLI::App &app, EventFilter &filter, ioasid_condition condition, const char *names,
                const char *argument, const char *help)
{
    ioasid_filter &given = filter.conditions;
    CLI::Option *option = nullptr;
    switch (condition) {
    case IOASID_WANT_EVENT:
        option = app.add_option_function<std::vector<std::string>>(
                        names,
                        [&given](const std::vector<std::string> &types) {
            for (const std::string &type : types)
                given.events |= 1u << *event_type(type);
                        },
                        help)
            ->delimiter(',')
            ->check(valid_event);
        break;
    case IOASID_WANT_CGROUP:
        option = app.add_option(names, filter.cgroup, help)->transform(to_normal_path);
        break;
    case IOASID_WANT_PID:
        option = app.add_option(names, given.pid, help)->check(whole_number());
        break;
    case IOASID_WANT_COMM:
        option =
            app.add_option_function<std::string>(
                   names,
                   [&given](const std::string &comm) { comm.copy(given.comm, sizeof(given.comm)); },
                   help)
                ->check(valid_comm);
        break;
    case IOASID_WANT_PASID:
        option = app.add_option(names, given.pasid, help);
        break;
    case IOASID_WANT_DEVICE:
        option = app.add_option(names, filter.device, help);
        break;
    case IOASID_WANT_FAILED:
        option = app.add_flag_function(
            names, [](std::int64_t) {}, help);
        break;
    case IOASID_WANT_MIN_DURATION:
        option = app.add_option(names, given.min_duration_ns, help)->transform(duration_in_ns());
        break;
    case IOASID_NR_CONDITIONS:
        return;
    }
    if (*argument)
        option->type_name(argument);
    option->each([&given, condition](const std::string &) { given.wanted |= 1u << condition; });
}

} // namespace

void add_options(CLI::App &app, EventFilter &filter)
{
#define X(constant, names, argument, help, expression)                                             \
    add_option(app, filter, IOASID_WANT_##constant, names, argument, help);
    IOASID_CONDITIONS(X)
#undef X
}

} // namespace pasid
