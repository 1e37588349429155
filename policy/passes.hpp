// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "policy/automaton.hpp"
#include "policy/tree.hpp"

namespace pasid::policy {

// State shared by the passes.
struct Context {
    const Source &source;
    Diagnostics &diagnostics;
    const Options &options;

    TreeNode tree{};
    Policy policy{};
    // The rules whose pattern was understood: a pattern and the rule's index each.
    std::vector<Pattern> patterns{};
    std::vector<std::uint32_t> pattern_rules{};
    Automaton automaton{};
    std::unique_ptr<ioasid_policy_image> image{};
};

// Errors go to the diagnostics; run() returns false if later passes cannot run.
struct Pass {
    std::string_view name;
    std::function<bool(Context &)> run;
};

Pass make_check_text();      // size, encoding, tabs
Pass make_parse_yaml();      // text -> tree
Pass make_read_keys();       // tree -> policy
Pass make_check_names();     // rules' names are unique
Pass make_check_together();  // keys that need another one have it
Pass make_read_patterns();   // cgroup -> pattern
Pass make_build_automaton(); // patterns -> automaton, ties
Pass make_check_sense();     // warnings
Pass make_fill_image();      // policy, automaton -> image; only when there is no error

// In the order in which they run.
std::vector<Pass> all_passes();

} // namespace pasid::policy
