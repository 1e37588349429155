/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the thin layer tell each other. */
#ifndef SHIM_INTERNAL_H
#define SHIM_INTERNAL_H

#include "kernel.h"

/* Is it this allocation's turn to fail? */
bool shim_fails(void);
/* Memory that never fails, counted. */
void *shim_calloc(size_t size);
void shim_free(void *p);
/* GFP_KERNEL, or a lock that sleeps: not while a spinlock is held or in a reader. */
void shim_may_sleep(gfp_t gfp);
void shim_may_reclaim(gfp_t gfp);
/* Free it after a grace period. */
void shim_free_later(void *p);

#endif /* SHIM_INTERNAL_H */
