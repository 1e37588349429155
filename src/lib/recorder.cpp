// SPDX-License-Identifier: GPL-2.0-only
#include "lib/recording.hpp"

#include <algorithm>

#include "model/names.hpp"

namespace pasid {

using namespace recording;

namespace {

template <class T> void put(std::string &out, const T &value)
{
    out.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

std::string lines_of(const EventStack &stack)
{
    std::string lines;
    for (const std::string &frame : stack.kernel)
        lines += "k " + frame + "\n";
    for (const std::string &frame : stack.user)
        lines += "u " + frame + "\n";
    return lines;
}

} // namespace

Recorder::Recorder(std::string &out, EventNames &names) : out_(out), names_(names)
{
    put(out_, Header{magic, version, sizeof(ioasid_event), names_.wall_offset_ns()});
    for (const EventName &event : event_names)
        name(kind_event_type, event.number, std::string(event.name));
}

void Recorder::block(std::uint32_t kind, std::size_t bytes)
{
    put(out_, Block{kind, static_cast<std::uint32_t>(bytes)});
}

void Recorder::name(std::uint32_t kind, std::uint64_t id, const std::string &name)
{
    block(kind, sizeof(id) + name.size());
    put(out_, id);
    out_.append(name);
}

void Recorder::write_cgroup_name(std::uint64_t id)
{
    if (cgroups_.insert(id).second)
        name(kind_cgroup, id, names_.cgroup(id));
}

void Recorder::write_rule_name(std::uint32_t id)
{
    if (rules_.contains(id))
        return;
    if (const auto rule = names_.rule(id)) { // otherwise it has no name yet
        rules_.insert(id);
        name(kind_rule, id, *rule);
    }
}

bool Recorder::names_written(const ioasid_event &event) const
{
    return event.type != IOASID_EVENT_POLICY && cgroups_.contains(event.cgroup_id) &&
           cgroups_.contains(event.other_cgroup_id) && devices_.contains(event.device) &&
           rules_.contains(event.rule);
}

void Recorder::write_names(const ioasid_event &event)
{
    if (event.type == IOASID_EVENT_POLICY) {
        // Rules may have different names from now on.
        names_.policy_changed();
        rules_ = {0};
    }
    write_cgroup_name(event.cgroup_id);
    write_cgroup_name(event.other_cgroup_id);
    if (devices_.insert(event.device).second)
        name(kind_device, event.device, names_.device(event.device));
    write_rule_name(event.rule);
}

void Recorder::write(std::span<const ioasid_event> events)
{
    constexpr std::size_t batch_size = 4096;
    while (!events.empty()) {
        const auto some = events.first(std::min(events.size(), batch_size));
        block(kind_events, some.size_bytes());
        out_.append(reinterpret_cast<const char *>(some.data()), some.size_bytes());
        events = events.subspan(some.size());
    }
}

void Recorder::add(std::span<const ioasid_event> events, std::span<const EventStack> stacks)
{
    std::size_t written = 0;
    for (std::size_t i = 0; i < events.size(); i++) {
        if (stacks.empty() && names_written(events[i]))
            continue;
        write(events.subspan(written, i - written));
        written = i;
        write_names(events[i]);
        if (!stacks.empty()) {
            const std::string lines = lines_of(stacks[i]);
            block(kind_stack, lines.size());
            out_.append(lines);
        }
    }
    write(events.subspan(written));
}

void Recorder::end() { block(kind_end, 0); }

} // namespace pasid
