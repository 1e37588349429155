/* SPDX-License-Identifier: GPL-2.0-only */
/* How long the module takes for what it is asked; measured while somebody looks. */
#ifndef IOASID_LATENCY_H
#define IOASID_LATENCY_H

#include "types.h"

#define IOASID_LATENCY_SLOTS	40	/* slot n: less than 2^n ns, not less than half of it */

/* X(name, function of the module, help) */
#define IOASID_LATENCIES(X)                                                    \
	X(alloc, ioasid_alloc_flags, "allocating a PASID")                     \
	X(free, ioasid_free_unbind, "freeing a PASID")                         \
	X(bind, ioasid_bind, "binding a device")                               \
	X(unbind, ioasid_unbind, "unbinding a device")                         \
	X(dma, ioasid_dma, "a test DMA, with its faults")                      \
	X(fault, ioasid_page_request, "serving a page request of a device")

enum ioasid_latency_kind {
#define X(name, function, help) IOASID_LATENCY_##name,
	IOASID_LATENCIES(X)
#undef X
	IOASID_NR_LATENCIES,
};

struct ioasid_latency {
	__u64 count;
	__u64 total_ns;
	__u64 slots[IOASID_LATENCY_SLOTS];
};

#endif /* IOASID_LATENCY_H */
