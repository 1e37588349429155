// SPDX-License-Identifier: GPL-2.0-only
// The rows of a frame: one table, a row a kind. A recording has them in this order; a kind may be
// added at the end with a new version of the format.
#pragma once

#include <span>
#include <stdexcept>

#include "record/frame.hpp"

namespace pasid::record {

// Made by another version, which had an event that this one has not.
struct UnknownEvent : std::runtime_error {
    using runtime_error::runtime_error;
};

struct RowKind {
    void (*pack)(const Snapshot &, Strings &, Rows &);
    void (*unpack)(const Rows &, const Strings &, Snapshot &);
};

std::span<const RowKind> kinds();

Cell pack_event(const Event &event, Strings &strings);
Event unpack_event(const Cell &cell, const Strings &strings);

} // namespace pasid::record
