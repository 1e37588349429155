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
    // A name of 16 bytes has no NUL.
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

std::byte *FakeDevice::translate(std::uint32_t pasid, std::uint32_t flags, std::uint64_t iova,
                                 std::uint64_t length)
{
    const auto attached =
        attached_.find({flags & IOASID_DMA_NO_PASID ? 0 : IOASID_ATTACH_PASID, pasid});
    if (attached == attached_.end())
        return bound[pasid] ? reinterpret_cast<std::byte *>(static_cast<std::uintptr_t>(iova))
                            : nullptr;
    for (const auto &[start, mapped] : spaces_[attached->second].mappings)
        if (iova >= start && iova + length <= start + mapped.length)
            return mapped.memory + (iova - start);
    return nullptr;
}

bool FakeDevice::request_page(std::uint32_t pasid, std::uint64_t iova,
                              std::unique_lock<std::mutex> &lock)
{
    ioasid_fault record{};
    record.type = IOASID_FAULT_TYPE_PAGE_REQUEST;
    record.reason = IOASID_FAULT_NOT_PRESENT;
    record.access = IOASID_MAP_WRITE;
    record.id = requests_.size() + 1;
    record.address = iova;
    record.ioas_id = attached_[{IOASID_ATTACH_PASID, pasid}];
    record.pasid = pasid;
    record.spid = UINT32_MAX;
    std::strcpy(record.device, "sim0");
    auto &response = requests_[record.id];
    faults.push_back(record);
    changed_.notify_all();
    changed_.wait(lock, [&] { return response.has_value(); });
    return *response == IOASID_RESPONSE_RETRY;
}

Result<std::uint64_t> FakeDevice::dma(const std::string &, std::uint32_t pasid, std::uint32_t flags,
                                      std::uint64_t iova, std::uint64_t length, void *data)
{
    std::unique_lock lock(lock_);
    std::byte *memory = translate(pasid, flags, iova, length);
    while (!memory && page_requests && request_page(pasid, iova, lock))
        memory = translate(pasid, flags, iova, length);
    if (!memory)
        return system_error("dma", EFAULT);
    auto *moved = static_cast<std::byte *>(data);
    if (flags & IOASID_DMA_READ)
        std::copy_n(memory, length, moved);
    else if (!wrong_memory)
        std::copy_n(moved, length, memory);
    if (flags & IOASID_DMA_READ && wrong_memory)
        moved[length - 1] ^= std::byte{1};
    return length;
}

Result<ioasid_device_info> FakeDevice::device_info(const std::string &device)
{
    if (device != "sim0")
        return system_error("device info", ENODEV);
    ioasid_device_info info{};
    std::strcpy(info.device, "sim0");
    std::strcpy(info.backend, "sim");
    info.caps =
        IOASID_CAP_PASID | IOASID_CAP_PRI | IOASID_CAP_NESTING | IOASID_CAP_SNOOP | IOASID_CAP_DMA;
    info.pasid_bits = 20;
    info.iova_bits = 48;
    info.formats = 1u << IOASID_FORMAT_X86_64;
    info.page_sizes = 1u << 12 | 1u << 21;
    return info;
}

Result<std::uint32_t> FakeDevice::ioas_alloc(ioasid_ioas_alloc request)
{
    calls.push_back("ioas " + std::to_string(request.kind) + " " + std::to_string(request.flags) +
                    " " + std::to_string(request.format) + " " + std::to_string(request.parent) +
                    " " + std::to_string(request.base_iova) + " " +
                    std::to_string(request.highest_iova));
    if (request.kind == IOASID_KIND_KVM)
        return system_error("ioas alloc", EOPNOTSUPP);
    if (request.parent && !spaces_.count(request.parent))
        return system_error("ioas alloc", ENOENT);
    const auto ioas = spaces_.empty() ? 1 : spaces_.rbegin()->first + 1;
    spaces_[ioas];
    return ioas;
}

Result<void> FakeDevice::ioas_free(std::uint32_t ioas)
{
    if (std::ranges::count(attached_, ioas, [](const auto &entry) { return entry.second; }))
        return system_error("ioas free", EBUSY);
    return spaces_.erase(ioas) ? Result<void>{} : system_error("ioas free", ENOENT);
}

Result<std::uint64_t> FakeDevice::ioas_ranges(std::uint32_t ioas,
                                              std::span<ioasid_iova_range> array,
                                              std::uint32_t &count)
{
    calls.push_back("ranges " + std::to_string(array.size()));
    if (!spaces_.count(ioas))
        return system_error("ioas ranges", ENOENT);
    count = static_cast<std::uint32_t>(ranges.size());
    if (array.size() < ranges.size())
        return system_error("ioas ranges", EMSGSIZE);
    std::ranges::copy(ranges, array.begin());
    return std::uint64_t{1u << 12 | 1u << 21};
}

Result<void> FakeDevice::map(std::uint32_t ioas, std::uint32_t flags, std::uint64_t iova,
                             std::uint64_t length, std::uint64_t address)
{
    const std::lock_guard lock(lock_);
    calls.push_back("map " + std::to_string(flags));
    const auto space = spaces_.find(ioas);
    if (space == spaces_.end())
        return system_error("map", ENOENT);
    for (const auto &[start, mapped] : space->second.mappings)
        if (iova < start + mapped.length && start < iova + length)
            return system_error("map", EEXIST);
    auto *memory = reinterpret_cast<std::byte *>(static_cast<std::uintptr_t>(address));
    space->second.mappings[iova] = {length, memory};
    return {};
}

Result<std::uint64_t> FakeDevice::unmap(std::uint32_t ioas, std::uint64_t iova,
                                        std::uint64_t length)
{
    const bool all = length == UINT64_MAX;
    std::uint64_t bytes = 0;
    auto &mappings = spaces_[ioas].mappings;
    for (auto at = mappings.begin(); at != mappings.end();) {
        const bool inside =
            at->first >= iova && (all || at->first + at->second.length <= iova + length);
        bytes += inside ? at->second.length : 0;
        at = inside ? mappings.erase(at) : std::next(at);
    }
    if (!bytes && !all)
        return system_error("unmap", ENOENT);
    return bytes;
}

Result<void> FakeDevice::table_bind(std::uint32_t ioas, std::uint64_t root)
{
    auto &space = spaces_[ioas];
    if (space.root)
        return system_error("table bind", EBUSY);
    space.root = root;
    return {};
}

Result<void> FakeDevice::table_unbind(std::uint32_t ioas)
{
    return std::exchange(spaces_[ioas].root, std::nullopt) ? Result<void>{}
                                                           : system_error("table unbind", ENOENT);
}

Result<void> FakeDevice::invalidate(std::uint32_t, std::span<const ioasid_invalidate_entry> entries,
                                    std::uint32_t &done)
{
    for (const ioasid_invalidate_entry &entry : entries)
        calls.push_back("invalidate " + std::to_string(entry.iova) + " " +
                        std::to_string(entry.length));
    done = static_cast<std::uint32_t>(std::min(entries.size(), invalidate_fails_at));
    return done == entries.size() ? Result<void>{} : system_error("invalidate", EIO);
}

Result<void> FakeDevice::attach(const std::string &device, std::uint32_t ioas, std::uint32_t flags,
                                std::uint32_t pasid)
{
    if (device != "sim0")
        return system_error("attach", ENODEV);
    if (!spaces_.count(ioas))
        return system_error("attach", ENOENT);
    const bool replace = flags & IOASID_ATTACH_REPLACE;
    auto &attached = attached_[{flags & ~IOASID_ATTACH_REPLACE, pasid}];
    if (attached && attached != ioas && !replace)
        return system_error("attach", EBUSY);
    attached = ioas;
    return {};
}

Result<void> FakeDevice::detach(const std::string &, std::uint32_t flags, std::uint32_t pasid)
{
    return attached_.erase({flags, pasid}) ? Result<void>{} : system_error("detach", ENOENT);
}

Result<ioasid_fault> FakeDevice::read_fault(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(lock_);
    if (!changed_.wait_for(lock, timeout, [&] { return !faults.empty(); }))
        return system_error("read", ETIMEDOUT);
    const ioasid_fault record = faults.front();
    faults.pop_front();
    return record;
}

Result<void> FakeDevice::respond(std::uint64_t request, ioasid_response response)
{
    const std::lock_guard lock(lock_);
    const auto found = requests_.find(request);
    if (found == requests_.end() || found->second)
        return system_error("page response", ENOENT);
    found->second = response;
    changed_.notify_all();
    return {};
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

namespace {

template <class Row, class Take, class Position>
void pass_pages(const std::vector<Row> &rows, std::uint64_t start, std::uint32_t page,
                const Take &take, const Position &place)
{
    auto at =
        std::find_if(rows.begin(), rows.end(), [&](const Row &row) { return place(row) >= start; });
    while (at != rows.end()) {
        const auto count = std::min<std::ptrdiff_t>(page, rows.end() - at);
        if (!take(std::span<const Row>(&*at, static_cast<std::size_t>(count))))
            return;
        at += count;
    }
}

} // namespace

Result<void> RowsInMemory::walk_ioasids(std::uint32_t start, std::uint32_t page,
                                        const TakeIoasids &take)
{
    const auto raw = read(part_ioasids);
    if (!raw)
        return raw.error();
    pass_pages(raw->ioasids, start, page, take,
               [](const ioasid_row &row) { return std::uint64_t{row.pasid}; });
    return {};
}

Result<void> RowsInMemory::walk_bindings(std::uint64_t start, std::uint32_t page,
                                         const TakeBindings &take)
{
    const auto raw = read(part_bindings);
    if (!raw)
        return raw.error();
    pass_pages(raw->bindings, start, page, take, [](const ioasid_binding_row &row) {
        return std::uint64_t{row.device} << 32 | row.pasid;
    });
    return {};
}

} // namespace pasid::test
