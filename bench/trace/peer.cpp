// SPDX-License-Identifier: GPL-2.0-only
// A reader like `pasidctl trace --json`, written with plain libbpf and fmt, for comparison:
//
//     peer EVENTS.BPF.O
//
// Cgroups and devices are printed as numbers only.
#include <csignal>
#include <cstdio>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ioasid/types.h>

namespace {

volatile std::sig_atomic_t stop;

constexpr const char *names[] = {
#define X(number, constant, name, help) #name,
    IOASID_EVENTS(X)
#undef X
};

int print(void *, void *record, std::size_t)
{
    const auto &event = *static_cast<const ioasid_event *>(record);
    fmt::print(R"({{"ts_ns":{},"seq":{},"event":"{}","pasid":{},"pid":{},"tid":{},"comm":"{}",)"
               R"("cgroup":{},"device":{},"errno":{},"duration_ns":{}}})"
               "\n",
               event.ts_ns, event.seq, names[event.type], event.pasid, event.pid, event.tid,
               event.comm, event.cgroup_id, event.device, -event.error, event.value);
    return 0;
}

} // namespace

int main(int, char **arguments)
{
    bpf_object *object = bpf_object__open(arguments[1]);
    bpf_map *events = bpf_object__find_map_by_name(object, "events");
    bpf_map__set_max_entries(events, 32u << 20);
    if (bpf_object__load(object) != 0)
        return 1;
    bpf_program *program = nullptr;
    bpf_object__for_each_program(program, object) if (!bpf_program__attach(program)) return 1;
    ring_buffer *ring = ring_buffer__new(bpf_map__fd(events), print, nullptr, nullptr);
    std::signal(SIGINT, [](int) { stop = 1; });
    std::fputs("tracing\n", stderr);
    while (!stop)
        if (ring_buffer__consume(ring) == 0)
            usleep(10'000); // the programs wake no reader that has not requested it
    ring_buffer__consume(ring);
    const __u32 zero = 0;
    __u64 lost = 0;
    bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(object, "ioasid_losses"), &zero, &lost);
    if (lost != 0)
        fmt::print("Lost {} events\n", lost);
}
