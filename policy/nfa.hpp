// SPDX-License-Identifier: GPL-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "policy/pattern.hpp"

namespace pasid::policy {

// The patterns as one non-deterministic automaton, a trie: what patterns have
// in common from the left is there once.
class Nfa {
  public:
    using Id = std::uint32_t;
    static constexpr Id none = ~Id{0};
    static constexpr Id start = 0;

    struct State {
        std::vector<std::pair<std::uint8_t, Id>> bytes;
        Id any = none;  // by any byte of a name
        Id star = none; // by nothing: to a state that stays for any byte of a name
        Id deep = none; // by nothing: to a state before any number of components
        bool stays = false;
        Id back = none; // within any number of components: the state before them
        std::vector<std::uint32_t> accepts; // patterns
    };

    explicit Nfa(const std::vector<Pattern> &patterns);

    const State &operator[](Id id) const { return states_[id]; }
    Id size() const { return static_cast<Id>(states_.size()); }

  private:
    Id add();
    Id by_byte(Id from, std::uint8_t byte);
    Id by(Id from, Id State::*link);
    Id any_depth(Id from);
    Id component(Id from, const Component &component);

    std::vector<State> states_;
};

} // namespace pasid::policy
