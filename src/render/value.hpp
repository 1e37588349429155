// SPDX-License-Identifier: GPL-2.0-only
// The value of a cell and its text form.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pasid {

struct Omitted {}; // the row does not have this key; left out of JSON
struct Null {};    // no value: null in JSON, "-" in a table

// A string_view refers to the row and must not outlive it.
using Value = std::variant<Omitted, Null, bool, std::int64_t, std::uint64_t, double, std::string,
                           std::vector<std::string>, std::string_view>;

enum class Unit {
    none,     // text, or a plain number such as an ID
    count,    // a quantity, printed as a plain number
    bytes,    // "16K", "2.5M"
    duration, // nanoseconds: "1.2s", "3d4h"
    clock,    // nanoseconds of CLOCK_REALTIME: "12:34:56.789"
    seconds,  // nanoseconds: "12.345678901"
    rate,     // per second: "12.3"
};

// Text for display. Omitted and Null are "-"; lists are joined with commas. Control characters are
// replaced, because other users choose the names of processes.
std::string to_text(const Value &value, Unit unit);

// "1 rule", "2 rules"; @number: the formatted @count.
std::string counted(std::uint64_t count, std::string_view noun);
std::string counted(std::uint64_t count, std::string_view noun, std::string_view number);

// A duration in at most 6 columns.
std::string duration_text(std::uint64_t ns);

// An amount of memory in at most 7 columns, rounded down.
std::string bytes_text(std::uint64_t bytes);

// Number of terminal columns that a UTF-8 string occupies.
int display_width(std::string_view text);

// Quotes text that has control or format characters or invalid UTF-8, like a shell:
// $'/x\x01\u200d'. Distinct paths stay distinct, because a path starts with a slash. Idempotent.
std::string printable(std::string_view text);

enum class Cut {
    end,   // "long-name…"
    start, // "…/vm/a": the end of a path is more specific
};

// Cuts @text to at most @width columns and marks the cut with "…" ("~" in ASCII).
std::string cut_to(std::string_view text, int width, Cut cut, bool ascii = false);

} // namespace pasid
