// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <memory>
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

    // Of a pattern by its index.
    const Rule &rule_of(std::size_t pattern) const { return policy.rules[pattern_rules[pattern]]; }
};

// Errors go to the diagnostics; false: later passes cannot run.
using Pass = bool (*)(Context &);

bool check_text(Context &context);             // size, encoding, tabs
bool parse_yaml(Context &context);             // text -> tree
bool read_keys(Context &context);              // tree -> policy
bool check_names(Context &context);            // rules' names are unique
bool check_key_dependencies(Context &context); // keys that need another one have it
bool read_patterns(Context &context);          // cgroup -> pattern
bool match_patterns(Context &context);         // patterns -> automaton, ties
bool check_rule_semantics(Context &context);   // warnings
bool fill_image(Context &context);             // policy, automaton -> image; if there is no error

// In the order in which they run.
inline constexpr Pass all_passes[] = {check_text,
                                      parse_yaml,
                                      read_keys,
                                      check_names,
                                      check_key_dependencies,
                                      read_patterns,
                                      match_patterns,
                                      check_rule_semantics,
                                      fill_image};

} // namespace pasid::policy
