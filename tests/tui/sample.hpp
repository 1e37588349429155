// SPDX-License-Identifier: GPL-2.0-only
// A made-up system for tests of the live view: the same at every call.
#pragma once

#include "model/event.hpp"
#include "model/snapshot.hpp"

namespace pasid::test {

// @ioasids PASIDs, spread over the sample's processes. 18 is the number that the goldens show.
Snapshot sample_snapshot(std::size_t ioasids = 18);

// What a feed gives that is asked for @parts.
Snapshot only_parts(Snapshot snapshot, unsigned parts);

// The same module with nobody using it and no policy.
Snapshot idle_snapshot();

Event event_of(ioasid_event_type type, std::uint64_t seq);

// qemu (1201) in /demo/vm/a was refused an allocation by rule vms of /demo/vm.
Event sample_denial(std::uint64_t seq);

} // namespace pasid::test
