// SPDX-License-Identifier: GPL-2.0-only
#include "lib/latency_source.hpp"

#include <cstring>

#include "latency.skel.h"
#include "lib/bpf_skeleton.hpp"
#include "lib/module.hpp"

namespace pasid {

namespace {

using LatencySkeleton =
    Skeleton<latency_bpf, latency_bpf__open, latency_bpf__load, latency_bpf__destroy>;
constexpr const char *what = "cannot measure latencies";

class KernelLatencySource : public LatencySource {
  public:
    Result<void> start()
    {
        const BpfLog log;
        if (auto opened = skeleton_.open(what, log); !opened)
            return opened;
        if (auto loaded = skeleton_.load(what, log); !loaded)
            return loaded;
        if (const int result = latency_bpf__attach(skeleton_.get()); result != 0)
            return bpf_error(what, -result, log);
        begin_ = counted();
        return {};
    }

    Latencies read() override
    {
        Latencies latencies = counted();
        for (std::size_t kind = 0; kind < latencies.size(); kind++) {
            latencies[kind].count -= begin_[kind].count;
            latencies[kind].total_ns -= begin_[kind].total_ns;
            for (std::size_t slot = 0; slot < IOASID_LATENCY_SLOTS; slot++)
                latencies[kind].slots[slot] -= begin_[kind].slots[slot];
        }
        return latencies;
    }

  private:
    Latencies counted() const
    {
        Latencies latencies;
        static_assert(sizeof(skeleton_->bss->latencies) == sizeof(latencies));
        std::memcpy(latencies.data(), skeleton_->bss->latencies, sizeof(latencies));
        return latencies;
    }

    LatencySkeleton skeleton_;
    Latencies begin_{}; // programs are attached one by one and count immediately
};

} // namespace

Result<std::unique_ptr<LatencySource>> kernel_latency_source()
{
    auto source = std::make_unique<KernelLatencySource>();
    if (auto started = with_module(what, [&] { return source->start(); }); !started)
        return started.error();
    return std::unique_ptr<LatencySource>(std::move(source));
}

} // namespace pasid
