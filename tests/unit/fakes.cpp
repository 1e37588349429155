// SPDX-License-Identifier: GPL-2.0-only
#include "fakes.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace pasid::test {

ioasid_row make_row(std::uint32_t pasid, std::uint64_t cgroup, std::uint32_t pid, const char *comm,
                    ioasid_state state)
{
    ioasid_row row{};
    row.pasid = pasid;
    row.spid = IOASID_NO_ID;
    row.cgroup_id = cgroup;
    row.pid = pid;
    row.uid = 1000;
    row.set_id = pid;
    row.refs = state == IOASID_STATE_IDLE ? 1 : 2;
    row.state = state;
    // One of 16 bytes has no NUL.
    std::memcpy(row.comm, comm, std::min(std::strlen(comm) + 1, sizeof(row.comm)));
    return row;
}

ioasid_set_row make_set(std::uint64_t id, std::uint64_t cgroup, std::uint32_t pid, const char *comm,
                        std::uint32_t pasids)
{
    ioasid_set_row set{};
    set.set_id = id;
    set.cgroup_id = cgroup;
    set.oldest_ns = pasids ? id : 0;
    set.pasids = pasids;
    set.pid = pid;
    set.uid = 1000;
    std::memcpy(set.comm, comm, std::min(std::strlen(comm) + 1, sizeof(set.comm)));
    return set;
}

ioasid_space_row make_space(std::uint64_t number, const ioasid_set_row &owner, std::uint32_t ioas,
                            ioasid_kind kind)
{
    ioasid_space_row space{};
    space.number = number;
    space.set_id = owner.set_id;
    space.cgroup_id = owner.cgroup_id;
    space.ioas = ioas;
    space.kind = kind;
    space.pid = owner.pid;
    space.uid = owner.uid;
    std::memcpy(space.comm, owner.comm, sizeof(space.comm));
    return space;
}

ioasid_event make_event(ioasid_event_type type, std::uint64_t seq)
{
    ioasid_event event{};
    event.type = static_cast<__u16>(type);
    event.seq = seq;
    event.ts_ns = 1'000'000 + seq;
    event.pasid = 7;
    event.spid = IOASID_NO_ID;
    event.cgroup_id = 11;
    event.pid = 100;
    event.tid = 101;
    std::strcpy(event.comm, "qemu");
    if (type == IOASID_EVENT_DENY) {
        event.pasid = IOASID_NO_ID;
        event.op = IOASID_OP_ALLOC;
        event.error = -EDQUOT;
        event.other_cgroup_id = 10;
        event.rule = 1;
    }
    return event;
}

void install(World &world, const char *yaml)
{
    auto compiled = policy::compile(yaml, "test.yaml");
    if (!compiled.ok())
        throw std::runtime_error(policy::to_text(compiled.diagnostics));
    FakePolicyStore store(world.policy);
    static_cast<void>(store.install(*compiled.image));
}

std::unique_ptr<EventSource> World::open_events(const EventSourceOptions &options) const
{
    const ioasid_filter &filter = options.filter;
    const auto below = [&](std::uint64_t id) {
        const auto found = cgroups.find(id), top = cgroups.find(filter.cgroup_id);
        return found != cgroups.end() && is_within(found->second, top->second);
    };
    const auto wanted = [&](const ioasid_event &event) {
        if (event.type == IOASID_EVENT_LOST)
            return true;
#define WITHIN(id) below(id)
#define SAME_DEVICE(id) ((id) == filter.device)
#define X(constant, option, argument, help, expression)                                            \
    if (filter.wanted & 1u << IOASID_WANT_##constant && !(expression))                             \
        return false;
        IOASID_CONDITIONS(X)
#undef X
        return true;
    };
    std::vector<ioasid_event> chosen;
    std::copy_if(events.begin(), events.end(), std::back_inserter(chosen), wanted);
    return std::make_unique<FakeEvents>(chosen);
}

void add_spaces(World &world)
{
    const auto &sets = world.raw->sets;
    ioasid_space_row guest = make_space(1, sets[0], 1, IOASID_KIND_KERNEL);
    ioasid_space_row nested = make_space(4, sets[0], 2, IOASID_KIND_USER);
    guest.mapped = 0x4000;
    guest.attachments = nested.attachments = 1;
    nested.parent = 1;
    nested.format = IOASID_FORMAT_X86_64;
    nested.flags = IOASID_IOAS_FAULTS;
    world.raw->spaces = {guest, nested, make_space(5, sets[1], 1, IOASID_KIND_PROCESS)};

    ioasid_binding_row without{}, tagged{};
    without.set_id = tagged.set_id = sets[0].set_id;
    without.device = tagged.device = 1;
    without.ioas = 1;
    tagged.pasid = 6;
    tagged.ioas = 2;
    world.raw->bindings = {without, world.raw->bindings[0], tagged};
}

World small_world()
{
    World world;
    world.raw->ioasids = {make_row(5, 11, 100, "qemu", IOASID_STATE_ACTIVE),
                          make_row(6, 11, 100, "qemu"), make_row(9, 20, 200, "nginx")};
    world.raw->ioasids[0].spid = 1;
    world.raw->sets = {make_set(100, 11, 100, "qemu", 2), make_set(200, 20, 200, "nginx", 1)};
    world.raw->sets[0].active = world.raw->sets[0].bindings = 1;
    ioasid_device_row device{};
    device.id = 1;
    device.bindings = 1;
    std::strcpy(device.name, "sim0");
    std::strcpy(device.backend, "sim");
    world.raw->devices = {device};
    ioasid_binding_row binding{};
    binding.pasid = 5;
    binding.device = 1;
    binding.faults = 2;
    world.raw->bindings = {binding};
    world.raw->system.live = 3;
    world.raw->system.capacity = 1u << 20;
    world.raw->system.pasid_bits = 20;
    std::strcpy(world.raw->system.version, "0.1");
    install(world, small_policy);

    ioasid_node root{}, vms{}, a{};
    root.cgroup_id = 1;
    root.pasids.current = 3;
    root.pasids.max = IOASID_UNLIMITED;
    vms.cgroup_id = 10;
    vms.pasids.current = vms.pasids.peak = 3;
    vms.depth = 1;
    vms.denied_here = 4;
    a.cgroup_id = 11;
    a.pasids.current = 2;
    a.depth = 2;
    a.denied_asked = 4;
    world.policy->nodes = {a, root, vms};
    return world;
}

} // namespace pasid::test
