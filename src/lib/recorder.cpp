// SPDX-License-Identifier: GPL-2.0
#include "lib/recording.hpp"

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

void Recorder::learn_cgroup(std::uint64_t id)
{
    if (id != 0 && cgroups_.insert(id).second)
        name(kind_cgroup, id, names_.cgroup(id));
}

// False: it has no name yet.
bool Recorder::learn_rule(std::uint32_t id)
{
    if (id == 0 || rules_.contains(id))
        return true;
    const auto rule = names_.rule(id);
    if (!rule)
        return false;
    rules_.insert(id);
    name(kind_rule, id, *rule);
    return true;
}

// The first of its kind.
void Recorder::learn(const ioasid_event &event, std::size_t number)
{
    end_block();
    if (event.type == IOASID_EVENT_POLICY) {
        // The rules may have other names from now on.
        names_.policy_changed();
        rules_.clear();
        known_.clear();
    }
    learn_cgroup(event.cgroup_id);
    learn_cgroup(event.other_cgroup_id);
    if (event.device != 0 && devices_.insert(event.device).second)
        name(kind_device, event.device, names_.device(event.device));
    block(kind_steady, sizeof(Steady));
    put(out_, Steady{number, KnownEvents::steady_part(event)});
    known_.keep(number, event);
    if (!learn_rule(event.rule) || event.type == IOASID_EVENT_POLICY)
        known_.forget(number);
}

void Recorder::end_block()
{
    if (used_ == 0)
        return;
    const std::span<const Change> changes(changes_.data(), used_);
    block(kind_events, sizeof(begin_) + changes.size_bytes());
    put(out_, begin_);
    out_.append(reinterpret_cast<const char *>(changes.data()), changes.size_bytes());
    used_ = 0;
}

void Recorder::add(const ioasid_event &event)
{
    const std::size_t number = known_.place(event);
    if (!known_.has(number, event))
        learn(event, number);
    const auto fits = [](std::uint64_t difference) {
        const auto value = static_cast<std::int64_t>(difference);
        return value == static_cast<std::int32_t>(value);
    };
    if (used_ == changes_.size() || !fits(event.ts_ns - begin_.ts_ns) ||
        !fits(event.seq - begin_.seq))
        end_block();
    if (used_ == 0)
        begin_ = {event.ts_ns, event.seq};
    changes_[used_++] = {event.value, static_cast<std::int32_t>(event.ts_ns - begin_.ts_ns),
                         static_cast<std::int32_t>(event.seq - begin_.seq), event.pasid,
                         static_cast<std::uint32_t>(number)};
}

void Recorder::add_stack(const EventStack &stack)
{
    end_block();
    const std::string lines = lines_of(stack);
    block(kind_stack, lines.size());
    out_.append(lines);
}

void Recorder::add(std::span<const ioasid_event> events, std::span<const EventStack> stacks)
{
    for (std::size_t i = 0; i < events.size(); i++) {
        if (!stacks.empty())
            add_stack(stacks[i]);
        add(events[i]);
    }
    end_block();
}

void Recorder::end() { block(kind_end, 0); }

} // namespace pasid
