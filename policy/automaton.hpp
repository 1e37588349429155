// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "policy/pattern.hpp"

namespace pasid::policy {

// A DFA over the bytes of a cgroup's path as include/ioasid/policy.h has it: a
// '/' after every component, none before the first. State 0 matches nothing any
// more, state 1 is the root.
struct Automaton {
    struct State {
        std::uint32_t other = 0;                                   // where every byte leads…
        std::vector<std::pair<std::uint8_t, std::uint32_t>> edges; // …but these, by byte
        std::uint32_t rule = 0;                                    // index + 1, 0: none

        std::uint32_t next(std::uint8_t byte) const;
    };

    // Two equally specific patterns, and a cgroup that both match and no more specific one does.
    struct Tie {
        std::uint32_t first, second;
        std::string path;
    };

    // A pattern that never wins, and the one that does for a cgroup it matches (empty path:
    // none at hand).
    struct Hidden {
        std::uint32_t pattern, by;
        std::string path;
    };

    std::vector<State> states;
    std::vector<Tie> ties;
    std::vector<Hidden> hidden;
    std::string too_complex;                     // why there are no states; empty: there are
    std::vector<std::uint32_t> complex_patterns; // the patterns that multiply them most, most first
};

Automaton build_automaton(const std::vector<Pattern> &patterns);

} // namespace pasid::policy
