/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event history: a ring of slots in the kernel that records the most recent
 * events while no tool runs, and a header that describes the ring.
 */
#ifndef IOASID_HISTORY_H
#define IOASID_HISTORY_H

#include "types.h"

#define IOASID_HISTORY_LAYOUT	3	/* incremented when a struct here or its meaning
					 * changes */
#define IOASID_HISTORY_MAX_SIZE	(1u << 20)

/* Events are numbered from 0; event n is stored in slot n % size. */
struct ioasid_history_slot {
	__u64 version;		/* 0: empty, otherwise IOASID_HISTORY_WRITING() or
				 * IOASID_HISTORY_WHOLE() */
	struct ioasid_event event;
};

/* Increases with the event number; odd while the event is being written. */
#define IOASID_HISTORY_WRITING(number)	(2 * (number) + 1)
#define IOASID_HISTORY_WHOLE(number)	(2 * (number) + 2)

struct ioasid_history {
	__u64 next;		/* number of the next event, also the number of events so far */
	__u64 dropped;		/* events that were not stored */
	__u64 since_ns;		/* CLOCK_REALTIME */
	__u32 size;		/* number of slots, a power of two */
	__u32 layout;
};

/*
 * Claim @slot for the event @number. A slot has one writer at a time. A delayed
 * writer (a virtual CPU may be descheduled) can find its slot in use by a later
 * round. The later event is kept: if the slot already holds a later event, the
 * delayed one is obsolete. If an earlier event is still being written, the
 * later event is dropped and counted. Every event is therefore stored, older
 * than the ring, or counted as dropped.
 */
static __attribute__((always_inline)) inline int
ioasid_history_claim(struct ioasid_history_slot *slot, __u64 number, __u64 *dropped)
{
	__u64 writing = IOASID_HISTORY_WRITING(number);
	__u64 found = *(volatile __u64 *)&slot->version, before;

	if (!(found & 1) && found < writing) {
		before = __sync_val_compare_and_swap(&slot->version, found, writing);
		if (before == found)
			return 1;
		found = before;
	}
	if (found < writing)
		__sync_fetch_and_add(dropped, 1);
	return 0;
}

/* The event @number is in its slot, whole. */
static __attribute__((always_inline)) inline void
ioasid_history_publish(struct ioasid_history_slot *slot, __u64 number)
{
	/* A full barrier, so that readers see the event before its number. */
	__sync_lock_test_and_set(&slot->version, IOASID_HISTORY_WHOLE(number));
}

#endif /* IOASID_HISTORY_H */
