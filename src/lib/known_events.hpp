// SPDX-License-Identifier: GPL-2.0
// Most events differ from one that was seen before only in when it was, its
// number, its PASID and its value. A table of those seen: what is made of the rest
// (names, text, a record in a file) is made once and kept under the same place.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include <ioasid/types.h>

namespace pasid {

class KnownEvents {
  public:
    // @bits: of how many there is room for; who comes to the place of another displaces it.
    explicit KnownEvents(unsigned bits) : shift_(64 - bits), kept_(std::size_t{1} << bits)
    {
        clear();
    }

    std::size_t size() const { return kept_.size(); }
    std::size_t place(const ioasid_event &event) const
    {
        const std::uint64_t mixed = same_part<type_word>(event) ^
                                    same_part<process_word>(event) * 0x9e3779b97f4a7c15u ^
                                    same_part<thread_word>(event) * 0xc2b2ae3d27d4eb4fu ^
                                    same_part<cgroup_word>(event) << 32;
        return mixed * 0xd6e8feb86659fd93u >> shift_;
    }
    bool has(std::size_t place, const ioasid_event &event) const
    {
        return same(kept_[place], event, std::make_index_sequence<words>());
    }
    void keep(std::size_t place, const ioasid_event &event) { kept_[place] = event; }
    void forget(std::size_t place) { kept_[place].type = IOASID_NR_EVENTS; }
    void clear()
    {
        for (std::size_t i = 0; i < kept_.size(); i++)
            forget(i);
    }

    // @event without what differs from its like.
    static ioasid_event steady_part(ioasid_event event)
    {
        event.ts_ns = event.seq = event.value = 0;
        event.pasid = 0;
        return event;
    }

  private:
    static constexpr std::size_t words = sizeof(ioasid_event) / sizeof(std::uint64_t);
    static constexpr std::size_t cgroup_word = offsetof(ioasid_event, cgroup_id) / 8;
    static constexpr std::size_t type_word = offsetof(ioasid_event, type) / 8;
    static constexpr std::size_t process_word = offsetof(ioasid_event, pid) / 8;
    static constexpr std::size_t thread_word = offsetof(ioasid_event, tid) / 8;

    static constexpr std::array<std::uint64_t, words> varying()
    {
        ioasid_event event{};
        event.ts_ns = event.seq = event.value = ~std::uint64_t{0};
        event.pasid = ~std::uint32_t{0};
        return std::bit_cast<std::array<std::uint64_t, words>>(event);
    }

    // Word by word: the compiler makes a load and a compare of each, and nothing of
    // those that may differ.
    template <std::size_t word> static std::uint64_t same_part(const ioasid_event &event)
    {
        constexpr std::uint64_t mask = ~varying()[word];
        if constexpr (mask == 0)
            return 0;
        std::uint64_t value = 0;
        std::memcpy(&value, reinterpret_cast<const char *>(&event) + word * sizeof(value),
                    sizeof(value));
        return value & mask;
    }
    template <std::size_t... word>
    static bool same(const ioasid_event &a, const ioasid_event &b, std::index_sequence<word...>)
    {
        return ((same_part<word>(a) ^ same_part<word>(b)) | ...) == 0;
    }

    unsigned shift_;
    std::vector<ioasid_event> kept_;
};

} // namespace pasid
