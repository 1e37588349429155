/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of `stress` (see main.c) share. */
#ifndef STRESS_H
#define STRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- calls.c: what was called, how often, and with what answer ------------ */

enum call {
	CALL_OPEN, CALL_ALLOC, CALL_FREE, CALL_BIND, CALL_UNBIND, CALL_READ, CALL_WRITE, CALL_SPID,
	CALL_UNSPID, CALL_FOREIGN, CALL_KILL, CALL_MOVE, CALL_RMDIR, CALL_UNLOAD, CALL_LOAD,
	NR_CALLS
};

/* In memory that all processes share. */
struct shared {
	atomic_ulong done[NR_CALLS];
	atomic_ulong refused[NR_CALLS][256];	/* by errno, 0: should have failed */
	atomic_bool quiet;	/* start no clients, end those there are */
	atomic_bool stop;
};

extern struct shared *shared;

/* Notes what @call returned and, if that is negative, errno. Hands it on. */
long note(enum call call, long result);
/* The same for a call that must fail with @error: that is its success. */
void note_refusal(enum call call, long result, int error);
/* Says how often each was called; false when an answer was wrong. */
bool report(void);

/* --- client.c: a process that uses the device ----------------------------- */

void client(unsigned int seed);

/* -------------------------------------------------------------------------- */

double now(void);
void nap(double seconds);

static inline unsigned int random_below(unsigned int *seed, unsigned int limit)
{
	return (unsigned int)rand_r(seed) % limit;
}

#endif
