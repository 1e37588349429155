// SPDX-License-Identifier: GPL-2.0-only
// One cell: what a field's getter returns, and how it is written for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pasid {

struct Omitted {}; // this row has no such key: left out of JSON
struct Null {};    // known to be none: null in JSON, "-" in a table

// A string_view shows what is in the row: it lives as long as that.
using Value = std::variant<Omitted, Null, bool, std::int64_t, std::uint64_t, double, std::string,
                           std::vector<std::string>, std::string_view>;

enum class Unit {
    none,     // text, or a number as it is: an ID
    count,    // how many: a number as it is
    duration, // nanoseconds: "1.2s", "3d4h"
    clock,    // nanoseconds of CLOCK_REALTIME: "12:34:56.789"
    seconds,  // nanoseconds: "12.345678901"
    rate,     // per second: "12.3"
    hex,      // "0x1f"
};

// For people. Absent and Null are "-", a list is joined with commas. Control
// characters are replaced: names come from other people's processes.
std::string to_text(const Value &value, Unit unit);

// "1 rule", "2 rules"; @number: as @count is to be written.
std::string counted(std::uint64_t count, std::string_view noun);
std::string counted(std::uint64_t count, std::string_view noun, std::string_view number);

// A duration in at most 6 columns.
std::string duration_text(std::uint64_t ns);

// Columns that a UTF-8 string takes on a terminal.
int display_width(std::string_view text);

// Text that has control or format characters, or bytes that are not UTF-8, as a shell
// quotes it: $'/x\x01\u200d'. Two paths that
// differ stay different, as a path starts with a slash; once more, nothing changes.
std::string printable(std::string_view text);

enum class Cut {
    end,   // "long-name…"
    start, // "…/vm/a": the end of a path says more
};

// At most @width columns of @text; what is cut is shown by "…" ("~" in ASCII).
std::string cut_to(std::string_view text, int width, Cut cut, bool ascii = false);

} // namespace pasid
