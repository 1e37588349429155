// SPDX-License-Identifier: GPL-2.0-only
// The rows of a frame, one table entry per kind. The order is part of the format; adding a kind at
// the end requires a new format version.
#pragma once

#include <span>
#include <stdexcept>

#include "record/frame.hpp"

namespace pasid::record {

// The recording has an event type that this version does not know.
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
