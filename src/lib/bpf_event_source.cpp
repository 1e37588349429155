// SPDX-License-Identifier: GPL-2.0-only
#include "lib/event_source.hpp"

#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "events.skel.h"
#include "lib/bpf_info.hpp"
#include "lib/bpf_skeleton.hpp"
#include "lib/fd.hpp"
#include "lib/join.hpp"
#include "lib/module.hpp"
#include "lib/symbols.hpp"

namespace pasid {

namespace {

constexpr const char *what = "cannot trace";

using EventsSkeleton =
    Skeleton<events_bpf, events_bpf__open, events_bpf__load, events_bpf__destroy>;

std::size_t ring_size(std::size_t wanted)
{
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return std::bit_ceil(std::max(wanted, page));
}

// Loads only the programs of the wanted tracepoints, so that the others cost nothing.
class Programs {
  public:
    Result<void> start(const EventSourceOptions &options)
    {
        const BpfLog log;
        if (auto types = require_btf(what); !types)
            return types;
        if (auto opened = skeleton_.open(what, log); !opened)
            return opened;
        bpf_map__set_max_entries(skeleton_->maps.events,
                                 static_cast<__u32>(ring_size(options.buffer_bytes)));
        std::memcpy(&skeleton_->rodata->filter, &options.filter, sizeof(options.filter));
        skeleton_->rodata->with_stacks = options.stacks;
        if (options.filter.wanted & 1u << IOASID_WANT_EVENT)
            leave_out(options.filter.events);
        if (auto loaded = skeleton_.load(what, log); !loaded)
            return loaded;
        if (const int result = events_bpf__attach(skeleton_.get()); result != 0)
            return bpf_error("cannot attach to the tracepoints ioasid:*", -result, log);
        return {};
    }

    int ring_fd() const { return bpf_map__fd(skeleton_->maps.events); }
    std::uint64_t *lost() const { return reinterpret_cast<std::uint64_t *>(&skeleton_->bss->lost); }
    std::uint32_t *reader_waits() const { return &skeleton_->bss->reader_waits; }
    void detach() const { events_bpf__detach(skeleton_.get()); }

    // Times that a program was skipped because it was already running on that CPU.
    std::uint64_t skipped() const
    {
        std::uint64_t sum = 0;
        const bpf_program *program = nullptr;
        while ((program =
                    bpf_object__next_program(skeleton_->obj, const_cast<bpf_program *>(program)))) {
            if (const auto info = bpf_info<bpf_prog_info>(bpf_program__fd(program)))
                sum += info->recursion_misses;
        }
        return sum;
    }

  private:
    void leave_out(std::uint32_t wanted)
    {
#define X(number, constant, name, help)                                                            \
    if (!(wanted & 1u << IOASID_EVENT_##constant))                                                 \
        bpf_program__set_autoload(skeleton_->progs.on_##name, false);
        IOASID_TRACEPOINTS(X)
#undef X
    }

    EventsSkeleton skeleton_;
};

/*
 * Decides when to read. While events arrive, reads every few milliseconds, so that
 * their producers do not pay for wakeups. The next event wakes the reader only after
 * a read that found nothing.
 */
class DrainTimer {
  public:
    Result<void> start(int ring_fd)
    {
        epoll_.reset(epoll_create1(EPOLL_CLOEXEC));
        timer_.reset(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
        // Edge-triggered: reading the events clears both.
        epoll_event event{.events = EPOLLIN | EPOLLET, .data = {}};
        if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, ring_fd, &event) != 0 ||
            epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, timer_.get(), &event) != 0)
            return system_error(what, errno);
        rearm(1);
        return {};
    }
    int fd() const { return epoll_.get(); }
    void clear() const
    {
        std::array<epoll_event, 2> seen;
        epoll_wait(epoll_.get(), seen.data(), static_cast<int>(seen.size()), 0);
    }
    void rearm(long ns) const
    {
        const itimerspec when{.it_interval = {}, .it_value = {0, ns}};
        timerfd_settime(timer_.get(), 0, &when, nullptr);
    }

  private:
    Fd epoll_, timer_;
};

class KernelEventSource : public EventSource {
  public:
    Result<void> start(const EventSourceOptions &options)
    {
        if (auto started = programs_.start(options); !started)
            return started;
        stacks_wanted_ = options.stacks;
        if (stacks_wanted_)
            symbols_.prepare(); // before the traced processes exit
        ring_.reset(ring_buffer__new(programs_.ring_fd(), take_record, this, nullptr));
        if (!ring_)
            return system_error(what, errno);
        return drain_timer_.start(programs_.ring_fd());
    }

    int fd() const override { return drain_timer_.fd(); }
    std::uint64_t lost() const override { return lost_; }
    std::span<const EventStack> stacks() const override { return stacks_; }

    Result<void> read(std::vector<ioasid_event> &out, std::size_t limit) override
    {
        const std::size_t before = out.size();
        stacks_.clear();
        drain_timer_.clear();
        out_ = &out;
        max_size_ = before + limit;
        const int taken = ring_buffer__consume(ring_.get());
        if (taken < 0 && taken != limit_reached)
            return system_error(what, -taken);
        const bool all = taken >= 0;
        if (all)
            report_remaining_losses(out);
        wait_for_more(all, out.size() > before);
        return {};
    }

    void stop() override
    {
        if (stopped_)
            return;
        stopped_ = true;
        programs_.detach();
        wait_for_programs(); // after this, all events are in the buffer
        skipped_now_ = programs_.skipped();
        drain_timer_.rearm(1);
    }

  private:
    // Returned by the callback to stop libbpf after a record.
    static constexpr int limit_reached = -ENOBUFS;

    static int take_record(void *source, void *record, std::size_t size)
    {
        auto &self = *static_cast<KernelEventSource *>(source);
        self.take({static_cast<const std::byte *>(record), size}, *self.out_);
        return self.out_->size() < self.max_size_ ? 0 : limit_reached;
    }

    void take(std::span<const std::byte> record, std::vector<ioasid_event> &out)
    {
        if (record.size() < sizeof(ioasid_event))
            return;
        const auto &event = *reinterpret_cast<const ioasid_event *>(record.data());
        out.push_back(event);
        if (event.type == IOASID_EVENT_LOST)
            lost_ += event.value;
        if (stacks_wanted_)
            take_stack(record);
    }

    void take_stack(std::span<const std::byte> record)
    {
        EventStack &stack = stacks_.emplace_back();
        if (record.size() >= sizeof(ioasid_stacked_event)) {
            ioasid_stacked_event stacked;
            std::memcpy(&stacked, record.data(), sizeof(stacked));
            stack = symbols_.name(stacked);
        }
    }

    // Reports losses that no later record would report.
    void report_remaining_losses(std::vector<ioasid_event> &out)
    {
        if (stopped_)
            report_loss(out, "ringbuf", __atomic_exchange_n(programs_.lost(), 0, __ATOMIC_SEQ_CST));
        const std::uint64_t now = clocks_now().mono_ns;
        if (!stopped_ && now - last_check_ns_ > 1'000'000'000) {
            last_check_ns_ = now;
            skipped_now_ = programs_.skipped();
        }
        report_loss(out, "recursion", skipped_now_ - std::exchange(skipped_, skipped_now_));
    }

    void report_loss(std::vector<ioasid_event> &out, const char *where, std::uint64_t count)
    {
        if (count == 0)
            return;
        ioasid_event event{};
        event.ts_ns = clocks_now().mono_ns;
        event.type = IOASID_EVENT_LOST;
        event.value = count;
        event.pasid = event.spid = IOASID_NO_ID;
        std::string_view(where).copy(event.comm, sizeof(event.comm) - 1);
        out.push_back(event);
        if (stacks_wanted_)
            stacks_.emplace_back();
        lost_ += count;
    }

    void wait_for_more(bool all, bool some) const
    {
        if (!all)
            return drain_timer_.rearm(1);
        if (some)
            return drain_timer_.rearm(10'000'000);
        // Set the flag before checking for data: an event that came earlier is found by the check,
        // and a later one sees the flag. The check is only an acquire, so a full fence is needed.
        __atomic_store_n(programs_.reader_waits(), 1, __ATOMIC_RELAXED);
        __atomic_thread_fence(__ATOMIC_SEQ_CST);
        if (ring__avail_data_size(ring_buffer__ring(ring_.get(), 0)) != 0)
            drain_timer_.rearm(1);
    }

    struct Deleter {
        void operator()(ring_buffer *ring) const { ring_buffer__free(ring); }
    };

    Programs programs_;
    std::unique_ptr<ring_buffer, Deleter> ring_;
    // Destination of the records being read, and its maximum size
    std::vector<ioasid_event> *out_ = nullptr;
    std::size_t max_size_ = 0;
    DrainTimer drain_timer_;
    bool stacks_wanted_ = false;
    bool stopped_ = false;
    std::uint64_t lost_ = 0; // as reported in the stream
    std::uint64_t skipped_ = 0, skipped_now_ = 0;
    std::uint64_t last_check_ns_ = 0;
    std::vector<EventStack> stacks_;
    Symbols symbols_;
};

} // namespace

Result<std::unique_ptr<EventSource>> kernel_event_source(const EventSourceOptions &options)
{
    auto source = std::make_unique<KernelEventSource>();
    if (auto started = with_module(what, [&] { return source->start(options); }); !started)
        return started.error();
    return std::unique_ptr<EventSource>(std::move(source));
}

} // namespace pasid
