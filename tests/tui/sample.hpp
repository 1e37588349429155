// SPDX-License-Identifier: GPL-2.0-only
// A simulated system for tests of the live view, the same at every call.
#pragma once

#include "model/event.hpp"
#include "model/snapshot.hpp"

namespace pasid::test {

// @ioasids PASIDs, distributed over the processes of the sample. The goldens show 18.
Snapshot sample_snapshot(std::size_t ioasids = 18);

// Reduce a snapshot to @parts, as a feed does.
Snapshot only_parts(Snapshot snapshot, unsigned parts);

// The module without users and without a policy.
Snapshot idle_snapshot();

Event event_of(ioasid_event_type type, std::uint64_t seq);

// An allocation by qemu (1201) in /demo/vm/a was denied by rule vms of /demo/vm.
Event sample_denial(std::uint64_t seq);

} // namespace pasid::test
