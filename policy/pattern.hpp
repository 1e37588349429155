// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pasid::policy {

// One component of a cgroup pattern. The more specific kinds come last, with the end of a pattern
// between `**` and `*`.
struct Component {
    enum class Kind { any_depth, end, any, glob, literal };

    Kind kind;
    std::string text;
    unsigned literals = 0; // glob: its characters that are not *

    std::weak_ordering compare_specificity(const Component &other) const;
    // Not of any_depth, which is no component of a path.
    bool matches(const std::string &name) const;
};

struct Pattern {
    std::vector<Component> components;

    bool literal() const;
    // Of a path as /machine.slice/a.scope.
    bool matches(std::string_view path) const;
    // How specific, component by component from the left: greater wins.
    std::weak_ordering compare_specificity(const Pattern &other) const;
};

// The UUID in a pattern such as /kubepods.slice/**/*podUUID*/**: no real path has two, so
// patterns with different ones are never both for a cgroup.
struct Uuid {
    std::string text;      // in one spelling
    std::size_t component; // where it is, among others with a *
    std::size_t end;       // the offset behind it
};

// Nothing when there is none, or more than one, or when no * is beside it.
std::optional<Uuid> uuid_of(const Pattern &pattern);

struct PatternResult {
    bool ok = false;
    Pattern pattern{};
    std::string message{};
    std::string help{};
    std::size_t offset = 0; // of the place in the text
};

PatternResult parse_pattern(std::string_view text);

} // namespace pasid::policy
