/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the kernel's world that ioasid.h speaks of; C and C++ alike. And
 * what tests may ask of the thin layer that stands in for the kernel.
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
	int count;		/* references to its identity */
	bool inhabited;		/* somebody lives in it */
	int charged;		/* IOASIDs that were charged for it */
	int limit;		/* of those */
};

#ifdef __cplusplus
extern "C" {
#endif

/* The n-th allocation of this thread from now on fails; 0: none does. */
void shim_fail_nth(unsigned int nth);
/* False: there were fewer. */
bool shim_did_fail(void);
/* Between these, nothing fails and nothing is counted. */
void shim_suspend_failing(void);
void shim_resume_failing(void);

/* Warnings so far: WARN_ON() and its like, pr_warn_once(). */
unsigned int shim_warnings(void);
const char *shim_last_warning(void);
/* Memory that is allocated now. */
long shim_allocated(void);
/* Locks that this thread holds, and whether it is inside an RCU reader. */
int shim_locks_held(void);
bool shim_in_rcu(void);
/* Run as a task that lives in @mm. */
void shim_set_current(struct mm_struct *mm);
/* Let other threads have their turn at odd moments. Before there are any. */
void shim_perturb_threads(bool on);
/* A grace period, and what waits for it. */
void shim_grace_period(void);
/* Do what is queued to be done. */
void shim_run_work(void);

#ifdef __cplusplus
}
#endif

#endif /* SHIM_API_H */
