/* SPDX-License-Identifier: GPL-2.0-only */
/* Latency of the module's functions; measured only while a tool requests it. */
#ifndef IOASID_LATENCY_H
#define IOASID_LATENCY_H

#include "types.h"

#define IOASID_LATENCY_SLOTS	40	/* slot n: [2^(n-1), 2^n) ns */

/* X(name, function in the module, help) */
#define IOASID_LATENCIES(X)                                                    \
	X(alloc, ioasid_alloc_flags, "allocating a PASID")                     \
	X(free, ioasid_free_unbind, "freeing a PASID")                         \
	X(bind, ioasid_bind, "binding a device")                               \
	X(unbind, ioasid_unbind, "unbinding a device")                         \
	X(dma, ioasid_dma, "a test DMA, including its faults")                 \
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
