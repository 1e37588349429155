/* SPDX-License-Identifier: GPL-2.0-only */
/* Internal interface of the shim. */
#ifndef SHIM_INTERNAL_H
#define SHIM_INTERNAL_H

#include "kernel.h"

/* Must this allocation fail? */
bool shim_fails(void);
/* Counted memory that never fails. */
void *shim_calloc(size_t size);
void shim_free(void *p);
/*
 * GFP_KERNEL, or a sleeping lock: not permitted under a spinlock or in an RCU
 * reader.
 */
void shim_may_sleep(gfp_t gfp);
void shim_may_reclaim(gfp_t gfp);
/* Free it after a grace period. */
void shim_free_later(void *p);

#endif /* SHIM_INTERNAL_H */
