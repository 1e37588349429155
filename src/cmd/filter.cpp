// SPDX-License-Identifier: GPL-2.0
#include "cmd/filter.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

#include "lib/cgroups.hpp"
#include "model/names.hpp"

namespace pasid {

namespace {

std::string valid_state(const std::string &name)
{
    return state_number(name) ? "" : "'" + name + "' is no state: idle, active or free_pending";
}

std::string valid_event(const std::string &name)
{
    if (event_type(name))
        return "";
    std::string list;
    for (const EventName &event : event_names)
        list.append(list.empty() ? "" : ", ").append(event.name);
    return "'" + name + "' is no event: " + list;
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

bool EventFilter::accepts(const Event &event) const
{
    if (event.type == IOASID_EVENT_LOST)
        return true;
    if (!events.empty() &&
        std::find(events.begin(), events.end(), event_name(event.type)) == events.end())
        return false;
    if (!cgroup.empty() && !is_within(event.cgroup, cgroup) &&
        !(event.limit_cgroup && is_within(*event.limit_cgroup, cgroup)))
        return false;
    if (pid && event.pid != *pid && event.tid != *pid)
        return false;
    if (!comm.empty() && event.comm != comm)
        return false;
    if (pasid && event.pasid != *pasid)
        return false;
    if (!device.empty() && event.device != device)
        return false;
    return !failed || event.failed();
}

void add_options(CLI::App &app, IoasidFilter &filter)
{
    app.add_option("--cgroup", filter.cgroup, "Only of this cgroup and those below")
        ->type_name("PATH")
        ->transform(to_normal_path);
    app.add_option("--pid", filter.pid, "Only of this process")->type_name("PID");
    app.add_option("--state", filter.state, "Only idle, active or free_pending ones")
        ->type_name("STATE")
        ->check(valid_state);
    app.add_option("--device", filter.device, "Only those bound to this device")->type_name("NAME");
}

void add_options(CLI::App &app, EventFilter &filter)
{
    app.add_option("-e,--event", filter.events, "Only events of this type; a list is possible")
        ->type_name("TYPE,...")
        ->delimiter(',')
        ->check(valid_event);
    app.add_option("--cgroup", filter.cgroup, "Only of this cgroup and those below")
        ->type_name("PATH")
        ->transform(to_normal_path);
    app.add_option("--pid", filter.pid, "Only of this process or thread")->type_name("PID");
    app.add_option("--comm", filter.comm, "Only of processes of this name")->type_name("NAME");
    app.add_option("--pasid", filter.pasid, "Only about this PASID")->type_name("PASID");
    app.add_option("--device", filter.device, "Only about this device")->type_name("NAME");
    app.add_flag("--failed", filter.failed, "Only what failed or was refused");
}

} // namespace pasid
