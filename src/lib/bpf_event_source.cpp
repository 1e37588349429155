// SPDX-License-Identifier: GPL-2.0
#include "lib/event_source.hpp"

#include <bit>
#include <cstring>

#include <bpf/bpf.h>
#include <unistd.h>

#include "events.skel.h"
#include "lib/bpf_skeleton.hpp"
#include "lib/module.hpp"

namespace pasid {

namespace {

using EventsSkeleton =
    Skeleton<events_bpf, events_bpf__open, events_bpf__load, events_bpf__destroy>;

struct RingDeleter {
    void operator()(ring_buffer *ring) const { ring_buffer__free(ring); }
};

std::size_t ring_size(std::size_t wanted)
{
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return std::bit_ceil(std::max(wanted, page));
}

class KernelEventSource : public EventSource {
  public:
    Result<void> start(const EventSourceOptions &options)
    {
        const char *what = "cannot trace";
        const BpfLog log;
        if (auto opened = skeleton_.open(what, log); !opened)
            return opened;
        bpf_map__set_max_entries(skeleton_->maps.events,
                                 static_cast<__u32>(ring_size(options.buffer_bytes)));
        if (auto loaded = skeleton_.load(what, log); !loaded)
            return loaded;
        ring_.reset(ring_buffer__new(bpf_map__fd(skeleton_->maps.events), take, this, nullptr));
        if (!ring_)
            return bpf_error(what, errno, log);
        if (const int result = events_bpf__attach(skeleton_.get()); result != 0)
            return bpf_error("cannot attach to the tracepoints ioasid:*", -result, log);
        per_cpu_.resize(static_cast<std::size_t>(std::max(1, libbpf_num_possible_cpus())));
        return {};
    }

    int fd() const override { return ring_buffer__epoll_fd(ring_.get()); }
    std::uint64_t lost() const override { return lost_; }

    Result<void> read(std::vector<ioasid_event> &out, std::size_t limit) override
    {
        // What was lost found the buffer full: it comes after what is in the
        // buffer now and before what is still to come.
        const std::uint64_t lost_by_now = count_lost();
        out_ = &out;
        room_ = limit;
        const int result = limit ? ring_buffer__consume(ring_.get()) : 0;
        out_ = nullptr;
        if (result < 0 && result != -EAGAIN)
            return system_error("cannot read events", -result);
        if (lost_by_now > lost_ && room_ > 0)
            append_loss(out, lost_by_now);
        return {};
    }

  private:
    static int take(void *context, void *data, std::size_t size)
    {
        auto *self = static_cast<KernelEventSource *>(context);
        if (size < sizeof(ioasid_event))
            return 0;
        ioasid_event event;
        std::memcpy(&event, data, sizeof(event));
        self->out_->push_back(event);
        // The record counts as read also when reading stops after it.
        return --self->room_ == 0 ? -EAGAIN : 0;
    }

    std::uint64_t count_lost()
    {
        const __u32 key = 0;
        if (bpf_map_lookup_elem(bpf_map__fd(skeleton_->maps.lost), &key, per_cpu_.data()) != 0)
            return lost_;
        std::uint64_t sum = 0;
        for (const std::uint64_t count : per_cpu_)
            sum += count;
        return sum;
    }

    void append_loss(std::vector<ioasid_event> &out, std::uint64_t total)
    {
        ioasid_event event{};
        timespec now{};
        clock_gettime(CLOCK_MONOTONIC, &now);
        event.ts_ns =
            static_cast<__u64>(now.tv_sec) * 1'000'000'000 + static_cast<__u64>(now.tv_nsec);
        event.type = IOASID_EVENT_LOST;
        event.value = total - lost_;
        event.pasid = event.spid = IOASID_NO_ID;
        std::strcpy(event.comm, "ringbuf");
        out.push_back(event);
        lost_ = total;
    }

    EventsSkeleton skeleton_;
    std::unique_ptr<ring_buffer, RingDeleter> ring_;
    std::vector<std::uint64_t> per_cpu_;
    std::uint64_t lost_ = 0; // told in the stream
    std::vector<ioasid_event> *out_ = nullptr;
    std::size_t room_ = 0;
};

} // namespace

Result<std::unique_ptr<EventSource>> kernel_event_source(const EventSourceOptions &options)
{
    if (auto module = need_module("cannot trace"); !module)
        return module.error();
    auto source = std::make_unique<KernelEventSource>();
    if (auto started = source->start(options); !started)
        return started.error();
    return std::unique_ptr<EventSource>(std::move(source));
}

} // namespace pasid
