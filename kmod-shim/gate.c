// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate: allocations, binds' charges and new sets pass it; whoever must see all
 * of them or none (a policy, an allocator, the capacity) closes it.
 */
#include "private.h"

DEFINE_PERCPU_RWSEM(ioasid_gate);
