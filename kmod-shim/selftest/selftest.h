/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the kernel API by a module that uses it like an IOMMU driver, a
 * hypervisor and a device driver. A case runs in the calling process and leaves
 * nothing behind. Its result is the first mismatch.
 */
#ifndef IOASID_SELFTEST_H
#define IOASID_SELFTEST_H

#include <linux/err.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <ioasid/types.h>

#include "ioasid.h"

struct selftest_case {
	const char *name;
	void (*run)(void);
	bool once;		/* permanent change: not part of "all" */
};

/* One list per file, terminated by an entry without a name. */
extern const struct selftest_case life_cases[], set_cases[], notify_cases[], allocator_cases[],
	fault_cases[];

void selftest_compare(s64 saw, s64 expected, const char *what, const char *file, int line);

/* Continues after a mismatch, so that the case can clean up. */
#define EXPECT(saw, expected)							\
	selftest_compare((s64)(saw), (s64)(expected), #saw, __FILE__, __LINE__)

/* State that each case expects and must restore. */
void selftest_expect_nothing(void);

/* References and state of an IOASID; refs 0: it does not exist. */
u32 refs_of(ioasid_t id);
int state_of(ioasid_t id);
#define NO_STATE	(-1)

/* A set of the kernel with quota 0; a failure is reported. */
struct ioasid_set *kernel_set(void);

/* Records the notifications it receives, and the last one in full. */
struct recorder {
	struct notifier_block nb;
	u32 seen[5];			/* indexed by enum ioasid_notify_val */
	struct ioasid_nb_args last;
	u32 stamp;			/* of the last call, across recorders */
	void (*act)(struct recorder *recorder, unsigned long val,
		    const struct ioasid_nb_args *args);	/* additional action, or NULL */
	void *arg;
};

void recorder_init(struct recorder *recorder, int priority);

/* Print the costs with @live IOASIDs as lines of text. */
int cost_run(u32 live, char *to, size_t size);

int consumer_hold(void);
void consumer_exit(void);

#endif /* IOASID_SELFTEST_H */
