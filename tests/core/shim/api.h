/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel API that ioasid.h refers to, for C and C++; and the
 * interface of the shim, which replaces the kernel in tests.
 */
#ifndef SHIM_API_H
#define SHIM_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;
typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s32 __s32;
typedef s64 __s64;

struct list_head {
	struct list_head *next, *prev;
};

struct notifier_block {
	int (*notifier_call)(struct notifier_block *nb, unsigned long val, void *data);
	struct notifier_block *next;
	int priority;
};

#define NOTIFY_DONE	0
#define NOTIFY_OK	1

struct mm_struct {
	int count;		/* references to the mm_struct */
	bool inhabited;		/* a process uses it */
	int charged;		/* IOASIDs charged to it */
	int limit;		/* limit of these */
};

#ifdef __cplusplus
extern "C" {
#endif

/* Let the n-th allocation of this thread from now on fail; 0: none. */
void shim_fail_nth(unsigned int nth);
/* False: there were fewer allocations. */
bool shim_did_fail(void);
/* Between these calls no allocation fails or is counted. */
void shim_suspend_failing(void);
void shim_resume_failing(void);

/* Number of warnings: WARN_ON() and similar, pr_warn_once(). */
unsigned int shim_warnings(void);
const char *shim_last_warning(void);
/* Allocated memory. */
long shim_allocated(void);
/*
 * Number of locks held by this thread; is it in an RCU read-side critical
 * section?
 */
int shim_locks_held(void);
bool shim_in_rcu(void);
/* Run as a task that uses @mm. */
void shim_set_current(struct mm_struct *mm);
/* Yield to other threads at random points. Call before creating threads. */
void shim_perturb_threads(bool on);
/* End a grace period and run its callbacks. */
void shim_grace_period(void);
/* Run queued work. */
void shim_run_work(void);

#ifdef __cplusplus
}
#endif

#endif /* SHIM_API_H */
