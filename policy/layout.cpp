// SPDX-License-Identifier: GPL-2.0-only
#include "policy/layout.hpp"

#include <algorithm>
#include <numeric>

namespace pasid::policy {

namespace {

using Edges = std::vector<std::pair<std::uint8_t, std::uint32_t>>;

// Free space for rows. Most rows have one edge or two, so first fit, with a
// bounded search before a row goes behind everything, packs well and quickly.
class Places {
  public:
    explicit Places(ioasid_policy_image &image) : image_(image), next_(IOASID_MATCH_EDGES + 1)
    {
        std::iota(next_.begin(), next_.end(), 0);
    }

    bool put(std::uint32_t state, const Edges &edges)
    {
        constexpr std::uint32_t tries = 512;
        std::uint32_t base;
        std::uint32_t from = edges.front().first;
        if (!search(edges, from, tries, base) &&
            !search(edges, std::max<std::uint32_t>(image_.nr_edges, edges.front().first), 1,
                    base) &&
            !search(edges, from, IOASID_MATCH_EDGES, base))
            return false;
        image_.states[state].base = base;
        for (auto [byte, to] : edges) {
            image_.edges[base + byte] = {static_cast<__u16>(state), static_cast<__u16>(to)};
            next_[base + byte] = base + byte + 1;
            image_.nr_edges = std::max(image_.nr_edges, base + byte + 1);
        }
        return true;
    }

  private:
    // The first free entry at or after a position, with path compression.
    std::uint32_t free_from(std::uint32_t place)
    {
        while (next_[place] != place)
            place = next_[place] = next_[next_[place]];
        return place;
    }

    bool search(const Edges &edges, std::uint32_t place, std::uint32_t tries, std::uint32_t &base)
    {
        for (place = free_from(place); tries && place < IOASID_MATCH_EDGES;
             place = free_from(place + 1), tries--) {
            base = place - edges.front().first;
            if (fits(edges, base))
                return true;
        }
        return false;
    }

    bool fits(const Edges &edges, std::uint32_t base) const
    {
        return std::all_of(edges.begin(), edges.end(), [&](auto edge) {
            std::uint32_t place = base + edge.first;
            return place < IOASID_MATCH_EDGES && !image_.edges[place].owner;
        });
    }

    ioasid_policy_image &image_;
    std::vector<std::uint32_t> next_; // by place: itself when free, else one before the next free
};

} // namespace

bool lay_out(const Automaton &automaton, ioasid_policy_image &image)
{
    const auto &states = automaton.states;
    std::vector<std::uint32_t> order(states.size());
    std::iota(order.begin(), order.end(), 0);
    // Long rows first: short ones fill the holes.
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
        return states[a].edges.size() > states[b].edges.size();
    });

    Places places(image);
    for (std::uint32_t i : order) {
        image.states[i].other = static_cast<__u16>(states[i].other);
        image.states[i].rule = static_cast<__u16>(states[i].rule);
        if (!states[i].edges.empty() && !places.put(i, states[i].edges))
            return false;
    }
    image.nr_states = static_cast<__u32>(states.size());
    return true;
}

} // namespace pasid::policy
