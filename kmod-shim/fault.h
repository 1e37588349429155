/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Failing allocations on purpose, in a build for tests (make FAULTS=1): every
 * allocation is written may_fail(what it gives when it fails, the allocation).
 */
#ifndef IOASID_FAULT_H
#define IOASID_FAULT_H

#ifdef IOASID_FAULT_INJECTION

/* True for the n-th allocation after ioasid_fault_set(n). */
bool ioasid_fault(void);
/* Fail the n-th allocation of this task from now on; 0: none. */
void ioasid_fault_set(unsigned int nth);
/* The allocations that are left until one fails; 0: it did. */
unsigned int ioasid_fault_left(void);

#define may_fail(nothing, allocation) (ioasid_fault() ? (nothing) : (allocation))
/* One that may not wait for memory, and for which another stands in: fails always. */
#define at_once(nothing, allocation) (false ? (allocation) : (nothing))

#else

#define may_fail(nothing, allocation) (false ? (nothing) : (allocation))
#define at_once(nothing, allocation) (false ? (nothing) : (allocation))

#endif
#endif /* IOASID_FAULT_H */
