// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/pattern.hpp"

namespace pasid::policy {

// All patterns as one non-deterministic automaton, stored as a trie: common prefixes are shared.
//
// Patterns with a UUID (see uuid_of()) are in a separate trie, shared up to the end of the UUID.
class Nfa {
  public:
    using Id = std::uint32_t;
    static constexpr Id none = ~Id{0};
    static constexpr Id start = 0;

    // Whether the patterns that a state is a part of need a UUID in the path.
    enum class Uuids {
        none,
        many,   // one of several, and the path had none yet
        one,    // that which the path has had
        passed, // part of no pattern: remembers which the path has had
    };

    struct State {
        std::vector<std::pair<std::uint8_t, Id>> bytes;
        Id any = none;  // by any byte of a name
        Id star = none; // by nothing: to a state that stays for any byte of a name
        Id deep = none; // by nothing: to a state before any number of components
        bool stays = false;
        std::vector<Id> also; // by nothing
        Uuids uuids = Uuids::none;
        std::uint32_t uuid = none;           // one, passed: which
        std::uint32_t only = none;           // one: the pattern
        std::vector<std::uint32_t> leads_to; // many: patterns
        Id back = none; // within any number of components: the state before them
        std::vector<std::uint32_t> accepts; // patterns
    };

    explicit Nfa(const std::vector<Pattern> &patterns);

    const State &operator[](Id id) const { return states_[id]; }
    // The same number for patterns with the same UUID.
    std::uint32_t uuid_of(std::uint32_t pattern) const { return uuid_of_[pattern]; }
    Id size() const { return static_cast<Id>(states_.size()); }

  private:
    Id add();
    Id by_byte(Id from, std::uint8_t byte);
    Id by(Id from, Id State::*link);
    Id any_depth(Id from);
    Id component(Id from, const Component &component);
    Id text(Id from, std::string_view text);
    void with_uuid(std::uint32_t number, const Pattern &pattern, const Uuid &uuid);
    void find_leads();

    std::vector<State> states_;
    State kind_; // of what is added
    Id uuid_start_ = none;
    std::map<std::string, Id> passed_; // by UUID
    std::vector<Id> uuid_of_;          // by pattern: what remembers that it was passed
};

} // namespace pasid::policy
