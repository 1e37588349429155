// SPDX-License-Identifier: GPL-2.0-only
// The rows of a frame: one table, a row a kind. A recording has them in this order; a kind may be
// added at the end with a new version of the format.
#pragma once

#include <span>

#include "record/frame.hpp"

namespace pasid::record {

struct Kind {
    void (*pack)(const Snapshot &, Strings &, Rows &);
    void (*unpack)(const Rows &, const Strings &, Snapshot &);
};

std::span<const Kind> kinds();

Cell pack_event(const Event &event, Strings &strings);
Event unpack_event(const Cell &cell, const Strings &strings);

} // namespace pasid::record
