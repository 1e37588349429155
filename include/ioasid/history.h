/* SPDX-License-Identifier: GPL-2.0 */
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
	__u64 dropped;		/* of them, never written: see bpf/history.bpf.c */
	__u64 since_ns;		/* CLOCK_REALTIME */
	__u32 size;		/* slots, a power of two */
	__u32 layout;
};

#endif /* IOASID_HISTORY_H */
