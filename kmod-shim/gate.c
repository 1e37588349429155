// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate. Allocations, binds, uses of another process's PASID, new sets and updates of charged cgroups take it for reading; a
 * change that must exclude all of them (policy, allocator, capacity) takes it
 * for writing.
 */
#include "private.h"

DEFINE_PERCPU_RWSEM(ioasid_gate);
