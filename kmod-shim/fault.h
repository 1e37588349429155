/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Allocation failure injection for test builds (make FAULTS=1). Every
 * allocation is written as may_fail(result on failure, allocation).
 */
#ifndef IOASID_FAULT_H
#define IOASID_FAULT_H

#ifdef IOASID_FAULT_INJECTION

/* True for the n-th allocation after ioasid_fault_set(n). */
bool ioasid_fault(void);
/* Fail the n-th allocation of this task from now on; 0: none. */
void ioasid_fault_set(unsigned int nth);
/* Allocations left until one fails; 0: it has failed. */
unsigned int ioasid_fault_left(void);

#define may_fail(nothing, allocation) (ioasid_fault() ? (nothing) : (allocation))
/* For allocations that must not sleep and have a fallback: they always fail. */
#define nowait(nothing, allocation) (false ? (allocation) : (nothing))

#else

#define may_fail(nothing, allocation) (false ? (nothing) : (allocation))
#define nowait(nothing, allocation) (false ? (nothing) : (allocation))

#endif
#endif /* IOASID_FAULT_H */
