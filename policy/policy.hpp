// SPDX-License-Identifier: GPL-2.0-only
//
// From YAML text to what the kernel reads, and back. Nothing here touches a
// file or the kernel; policy/README.md describes the language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <ioasid/policy.h>

namespace pasid::policy {

inline constexpr std::size_t max_file_bytes = 1u << 20;

// A place in the file, both from 1, the column in bytes; line 0: no place.
struct Position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;

    bool operator==(const Position &other) const = default;
    bool operator<(const Position &other) const
    {
        return line != other.line ? line < other.line : column < other.column;
    }
};

enum class Severity { error, warning };

struct Diagnostic {
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0; // in characters, from 1
    Severity severity = Severity::error;
    std::string message;
    std::string help;        // may be empty
    std::string source;      // the line of the file (the part around the column when it is long)
    std::uint32_t caret = 0; // characters of @source before the place
};

struct Rate {
    std::uint64_t count = 0; // 0: no limit
    std::uint64_t period_ns = 0;

    bool operator==(const Rate &other) const = default;
};

// Both ends inclusive; 0-0: any number.
struct Range {
    std::uint32_t first = 0, last = 0;

    bool operator==(const Range &other) const = default;
};

struct Rule {
    std::string name;
    std::string cgroup; // the pattern
    std::uint64_t max = IOASID_UNLIMITED;
    std::uint64_t max_bindings = IOASID_UNLIMITED;
    Rate rate;
    std::uint64_t burst = 0; // 0: not given, as many as the rate's count
    Range range;
    std::vector<std::string> devices; // none: any
    ioasid_owner owner = IOASID_OWNER_UNSET;
    ioasid_mode mode = IOASID_MODE_ENFORCE;
    std::uint32_t warn_percent = 0; // 0: never
    bool no_inherit = false;        // inherit: false

    // Where it was written; no places in a decompiled policy.
    Position at, name_at, cgroup_at, max_at, max_bindings_at, rate_at, burst_at, range_at,
        devices_at, owner_at, mode_at, warn_at, inherit_at;

    std::uint64_t bucket() const { return burst ? burst : rate.count; }
};

struct Policy {
    std::uint64_t default_max = IOASID_UNLIMITED;
    ioasid_distribution distribution = IOASID_DISTRIBUTION_LIMIT;
    std::vector<Rule> rules;
};

struct Options {
    std::uint32_t generation = 0;
    std::uint32_t first_rule_id = 1;
    std::size_t max_diagnostics = 100;
};

struct Compiled {
    Policy policy;
    std::unique_ptr<ioasid_policy_image> image; // null: there were errors
    std::vector<Diagnostic> diagnostics;        // in the order of the file

    bool ok() const { return image != nullptr; }
};

// Never throws, whatever @text contains. @filename is used only in messages.
Compiled compile(std::string_view text, std::string_view filename, const Options &options = {});

// Gives an image the numbers under which it is installed.
void stamp(ioasid_policy_image &image, std::uint32_t generation, std::uint32_t first_rule_id);

// Can this program read the image? Ask before anything else about an image from the kernel.
bool readable(const ioasid_policy_image &image);

Policy decompile(const ioasid_policy_image &image);
std::string to_yaml(const Policy &policy);
// As they are written in a policy: "1000/s", "0x100-0xfff", "process".
std::string rate_text(const Rate &rate);
std::string range_text(const Range &range);
std::string_view owner_text(ioasid_owner owner); // what is in force: of a rule that has none, too

// What several rules ask for together, besides counts and rates.
struct Restrictions {
    Range range;                                     // 0-0: any number
    std::optional<std::vector<std::string>> devices; // none: any
    ioasid_owner owner = IOASID_OWNER_UNSET;
    bool no_number = false; // their ranges have none in common

    void add(const Rule &rule);
};

// Do they have the same effect? Positions, comments and the order of rules are ignored.
bool same(const Policy &a, const Policy &b);

struct Match {
    std::uint32_t state = 0;    // where the matcher stands
    std::uint32_t rule = 0;     // index + 1 of the rule for exactly this cgroup, 0: none
    std::uint32_t governor = 0; // index + 1 of the nearest rule, own or an ancestor's, 0: none
};

// @cgroup_path as in /proc/PID/cgroup: "/" is the root.
Match match(const ioasid_policy_image &image, std::string_view cgroup_path);

// "file:line:col: error: message", the line, a caret, "help: …".
std::string to_text(const Diagnostic &diagnostic);
std::string to_text(const std::vector<Diagnostic> &diagnostics);

// [{file, line, column, severity, message, help}]
std::string to_json(const std::vector<Diagnostic> &diagnostics);

} // namespace pasid::policy
