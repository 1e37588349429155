/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last events, kept in the kernel while nobody looks: an array of slots that is
 * written round and round, and what is known of all of it.
 */
#ifndef IOASID_HISTORY_H
#define IOASID_HISTORY_H

#include "types.h"

#define IOASID_HISTORY_LAYOUT	1	/* another one when a struct here or its meaning changes */
#define IOASID_HISTORY_MAX_SIZE	(1u << 20)

/* Events are numbered from 0; that of number n belongs into slot n % size. */
struct ioasid_history_slot {
	__u64 version;		/* 0: nothing yet, else of IOASID_HISTORY_WRITING() or _WHOLE() */
	struct ioasid_event event;
};

/* Grows with the number; odd while the event is written. */
#define IOASID_HISTORY_WRITING(number)	(2 * (number) + 1)
#define IOASID_HISTORY_WHOLE(number)	(2 * (number) + 2)

struct ioasid_history {
	__u64 next;		/* number of the next event: how many there were */
	__u64 dropped;		/* of them, never written */
	__u64 since_ns;		/* CLOCK_REALTIME */
	__u32 size;		/* slots, a power of two */
	__u32 layout;
};

/*
 * One writer a slot at a time. One that was held up (a virtual CPU may stand still) meets
 * the writer of a later round, and the later event is the one to keep: if that is
 * there already, the own one is old; if the older is still being written, the later
 * is dropped, and counted. So every event is kept, older than what is kept, or dropped.
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

/* The event with this number, into its slot. */
static __attribute__((always_inline)) inline void
ioasid_history_keep(struct ioasid_history_slot *slot, __u64 number,
		    const struct ioasid_event *event, __u64 *dropped)
{
	if (!ioasid_history_claim(slot, number, dropped))
		return;
	slot->event = *event;
	/* An exchange: nobody sees the number before the event. */
	__sync_lock_test_and_set(&slot->version, IOASID_HISTORY_WHOLE(number));
}

#endif /* IOASID_HISTORY_H */
