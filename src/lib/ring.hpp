// SPDX-License-Identifier: GPL-2.0
// The reader's side of a BPF ring buffer. libbpf's own calls back for each
// record and gives each back by itself: three times the instructions of this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <linux/bpf.h>
#include <unistd.h>

#include "lib/mapping.hpp"

namespace pasid {

class Ring {
  public:
    static Result<Ring> map(int fd, std::size_t size)
    {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        Ring ring;
        ring.mask_ = size - 1;
        auto consumer = Mapping::of_fd(fd, page, PROT_READ | PROT_WRITE);
        // The data twice, so that no record is ever in two pieces.
        auto producer = Mapping::of_fd(fd, page + 2 * size, PROT_READ, page, MAP_POPULATE);
        if (!consumer || !producer)
            return !consumer ? consumer.error() : producer.error();
        ring.consumer_ = std::move(*consumer);
        ring.producer_ = std::move(*producer);
        ring.data_ = ring.producer_.as<const std::byte>().subspan(page);
        return ring;
    }

    bool empty() const { return consumed() == produced(); }

    // Calls take(record) for what is there, at most @most of them; returns how many.
    template <class Take> std::size_t take(std::size_t most, Take take)
    {
        const std::byte *const data = data_.data();
        const std::uint64_t mask = mask_, end = produced();
        std::uint64_t at = consumed();
        std::uint64_t given_back = at;
        std::size_t taken = 0;
        while (taken < most && at < end) {
            const std::byte *record = data + (at & mask);
            const std::uint32_t length =
                __atomic_load_n(reinterpret_cast<const std::uint32_t *>(record), __ATOMIC_ACQUIRE);
            if (length & BPF_RINGBUF_BUSY_BIT)
                break; // still being written, by an interrupted CPU
            const std::uint32_t size = length & ~BPF_RINGBUF_DISCARD_BIT;
            if (size == length) {
                take(std::span(record + BPF_RINGBUF_HDR_SZ, size));
                taken++;
            }
            at += (size + BPF_RINGBUF_HDR_SZ + 7) & ~std::uint64_t{7};
            // Room for others now and then, not with every record.
            if (at - given_back > 32u << 10)
                give_back(given_back = at);
        }
        give_back(at);
        return taken;
    }

  private:
    std::uint64_t consumed() const { return consumer_.as<std::uint64_t>()[0]; }
    std::uint64_t produced() const
    {
        return __atomic_load_n(&producer_.as<const std::uint64_t>()[0], __ATOMIC_ACQUIRE);
    }
    void give_back(std::uint64_t at)
    {
        __atomic_store_n(&consumer_.as<std::uint64_t>()[0], at, __ATOMIC_RELEASE);
    }

    Mapping consumer_, producer_;
    std::span<const std::byte> data_;
    std::uint64_t mask_ = 0;
};

} // namespace pasid
