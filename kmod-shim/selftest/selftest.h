/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of the kernel API by a module that uses it as an IOMMU driver, a
 * hypervisor and a device driver would. A case runs in the process that asks
 * for it and leaves nothing behind; the first thing it did not see as expected
 * is its result.
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
	bool once;		/* changes the core for good: not part of "all" */
};

/* One list for each file; the last one has no name. */
extern const struct selftest_case life_cases[], set_cases[], notify_cases[], allocator_cases[],
	fault_cases[];

void selftest_compare(s64 saw, s64 expected, const char *what, const char *file, int line);

/* Goes on when it differs: a case has to tidy up. */
#define EXPECT(saw, expected)							\
	selftest_compare((s64)(saw), (s64)(expected), #saw, __FILE__, __LINE__)

/* What a new case finds and must leave. */
void selftest_expect_nothing(void);

/* References and state of an IOASID; refs 0: there is none. */
u32 refs_of(ioasid_t id);
int state_of(ioasid_t id);
#define NO_STATE	(-1)

/* A set of the kernel's own, quota 0; never fails without a word. */
struct ioasid_set *kernel_set(void);

/* Keeps a record of what it is told, the last ones first. */
struct recorder {
	struct notifier_block nb;
	u32 seen[5];			/* by enum ioasid_notify_val */
	struct ioasid_nb_args last;
	u32 stamp;			/* order among all recorders: of the last call */
	void (*act)(struct recorder *recorder, unsigned long val,
		    const struct ioasid_nb_args *args);	/* what it does besides, or NULL */
	void *arg;
};

void recorder_init(struct recorder *recorder, int priority);

/* Costs with @live IOASIDs, as lines of text. */
int cost_run(u32 live, char *to, size_t size);

int consumer_hold(void);
void consumer_exit(void);

#endif /* IOASID_SELFTEST_H */
