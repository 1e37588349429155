/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations shared by the parts of `stress` (see main.c). */
#ifndef STRESS_H
#define STRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/types.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* --- calls.c: calls, their number and their results ----------------------- */

enum call {
	CALL_OPEN, CALL_ALLOC, CALL_FREE, CALL_BIND, CALL_UNBIND, CALL_READ, CALL_WRITE, CALL_SPID,
	CALL_UNSPID, CALL_FOREIGN, CALL_KILL, CALL_MOVE, CALL_RMDIR, CALL_UNLOAD, CALL_LOAD,
	NR_CALLS
};

/* In memory shared by all processes. */
struct shared {
	atomic_ulong done[NR_CALLS];
	atomic_ulong refused[NR_CALLS][256];	/* by errno, 0: should have failed */
	atomic_bool quiet;	/* start no clients and end the existing ones */
	atomic_bool stop;
};

extern struct shared *shared;

/* Count the result of @call and, if it is negative, errno. Returns @result. */
long note(enum call call, long result);
/* The same for a call that must fail with @error: that counts as success. */
void note_refusal(enum call call, long result, int error);
/* Print the number of calls; returns false if a result was unexpected. */
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
