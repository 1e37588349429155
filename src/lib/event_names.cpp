// SPDX-License-Identifier: GPL-2.0-only
#include "lib/event_names.hpp"

#include <cstring>

#include <fmt/format.h>

namespace pasid {

namespace {
const std::string nothing;
constexpr std::size_t max_paths = 65536;
} // namespace

const std::string &LiveNames::cgroup(std::uint64_t id)
{
    if (id == 0)
        return nothing;
    if (id == last_cgroup_ && last_path_)
        return *last_path_;
    auto found = paths_.find(id);
    if (found == paths_.end()) {
        if (paths_.size() >= max_paths)
            paths_.clear();
        found = paths_.emplace(id, cgroups_.path(id)).first;
    }
    last_cgroup_ = id;
    last_path_ = &found->second;
    return *last_path_;
}

void LiveNames::read_devices()
{
    if (SnapshotSource *snapshots = open_snapshots_())
        if (const auto raw = snapshots->read(part_devices))
            devices_.merge(device_names(*raw));
}

const std::string &LiveNames::device(std::uint32_t id)
{
    if (id == 0)
        return nothing;
    auto found = devices_.find(id);
    if (found == devices_.end()) {
        read_devices();
        // The device is gone; do not look it up again for each of its events.
        found = devices_.emplace(id, fmt::format("(removed:{})", id)).first;
    }
    return found->second;
}

std::optional<std::uint32_t> LiveNames::device_id(const std::string &name)
{
    read_devices();
    for (const auto &[id, known] : devices_)
        if (known == name)
            return id;
    return std::nullopt;
}

Result<void> LiveNames::refresh_policy()
{
    const auto version = policies_.version();
    if (!version)
        return version.error();
    if (*version == policy_version_)
        return {};
    auto installed = policies_.installed();
    if (!installed)
        return std::move(installed).error();
    policy_version_ = *version;
    policy_ = std::move(*installed);
    return {};
}

std::optional<std::string> LiveNames::rule(std::uint32_t id)
{
    if (id == 0)
        return std::nullopt;
    auto name = policy_ ? rule_name(*policy_, id) : std::nullopt;
    if (!name) {
        // On failure the rule has no name, but the event is still reported.
        static_cast<void>(refresh_policy());
        name = policy_ ? rule_name(*policy_, id) : std::nullopt;
    }
    return name;
}

// The two clocks cannot be read at the same time: use the closest pair. Keep the offset until the
// clock is set, so that all readers report the same time.
void LiveNames::new_batch()
{
    std::uint64_t best = UINT64_MAX, offset = 0;
    for (int tries = 0; tries < 3; tries++) {
        const Clocks first = clocks_now(), second = clocks_now();
        if (second.mono_ns - first.mono_ns < best) {
            best = second.mono_ns - first.mono_ns;
            offset = first.wall_ns - (first.mono_ns + best / 2);
        }
    }
    const std::uint64_t change = offset > offset_ns_ ? offset - offset_ns_ : offset_ns_ - offset;
    if (change > 100'000)
        offset_ns_ = offset;
}

void join_event(const ioasid_event &raw, EventNames &names, Event &event)
{
    event.ts_ns = raw.ts_ns;
    event.seq = raw.seq;
    event.value = raw.value;
    event.length = raw.length;
    event.ioas = raw.ioas == 0 ? std::nullopt : std::optional(raw.ioas);
    event.reason = raw.reason;
    event.pasid = raw.pasid == IOASID_NO_ID ? std::nullopt : std::optional(raw.pasid);
    event.wall_ns = names.wall_offset_ns() + raw.ts_ns;
    event.type = static_cast<ioasid_event_type>(raw.type);
    event.op = static_cast<ioasid_op>(raw.op);
    event.mode = static_cast<ioasid_mode>(raw.mode);
    event.spid = raw.spid == IOASID_NO_ID ? std::nullopt : std::optional(raw.spid);
    event.pid = raw.pid;
    event.tid = raw.tid;
    event.error = raw.error;
    event.comm.assign(raw.comm, strnlen(raw.comm, sizeof(raw.comm)));
    event.where.clear();
    event.cgroup_id = raw.cgroup_id;
    event.cgroup = names.cgroup(raw.cgroup_id);
    event.device = names.device(raw.device);
    event.limit_cgroup.reset();
    event.from_cgroup.reset();
    event.rule.reset();
    if (raw.type == IOASID_EVENT_LOST) {
        event.pasid = event.spid = std::nullopt;
        event.where.swap(event.comm);
        event.comm.clear();
        return;
    }
    if (raw.type == IOASID_EVENT_POLICY)
        names.policy_changed();
    if (raw.other_cgroup_id != 0)
        (raw.type == IOASID_EVENT_MOVE ? event.from_cgroup : event.limit_cgroup) =
            names.cgroup(raw.other_cgroup_id);
    if (raw.rule != 0)
        event.rule = names.rule(raw.rule);
}

} // namespace pasid
