/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Event filter. Each condition is one row of the table below. The BPF program
 * evaluates it before an event is copied, user space evaluates it on a
 * recording, and the options of `pasidctl trace` are generated from it.
 */
#ifndef IOASID_FILTER_H
#define IOASID_FILTER_H

#include "types.h"

struct ioasid_filter {
	__u64 cgroup_id;
	__u64 min_duration_ns;
	__u32 wanted;		/* bits of enum ioasid_condition; 0: every event */
	__u32 events;		/* bits of enum ioasid_event_type */
	__u32 pid;
	__u32 pasid;
	__u32 device;
	__u32 __reserved;
	char comm[IOASID_COMM_LEN];
};

/*
 * X(CONSTANT, option, argument, help, expression). The expression uses the
 * variables `filter` (struct ioasid_filter) and `event` (struct ioasid_event),
 * and two macros: WITHIN(id) is true if the cgroup is the filter's cgroup or
 * one of its descendants, SAME_DEVICE(id) if the device is the filter's device.
 */
#define IOASID_CONDITIONS(X)                                                   \
	X(EVENT, "-e,--event", "TYPE,...",                                     \
	  "Only events of these types",                                        \
	  filter.events >> event.type & 1)                                     \
	X(CGROUP, "--cgroup", "PATH",                                          \
	  "Only this cgroup and its descendants",                              \
	  WITHIN(event.cgroup_id) || WITHIN(event.other_cgroup_id))            \
	X(PID, "--pid", "PID",                                                 \
	  "Only this process (all threads) or this thread",                    \
	  event.pid == filter.pid || event.tid == filter.pid)                  \
	X(COMM, "--comm", "NAME",                                              \
	  "Only processes with this name",                                     \
	  ioasid_same_comm(filter.comm, event.comm))                           \
	X(PASID, "--pasid", "PASID",                                           \
	  "Only this PASID",                                                   \
	  event.pasid == filter.pasid)                                         \
	X(DEVICE, "--device", "NAME",                                          \
	  "Only this device",                                                  \
	  SAME_DEVICE(event.device))                                           \
	X(FAILED, "--failed", "",                                              \
	  "Only failed or denied requests",                                    \
	  event.error || event.type == IOASID_EVENT_DENY)                      \
	X(MIN_DURATION, "--min-duration", "TIME",                              \
	  "Only ends of what lasted at least this long, e.g. 10ms",            \
	  IOASID_HAS_DURATION(event.type) && event.value >= filter.min_duration_ns)

/* Events that end an interval; @value is its duration in nanoseconds. */
#define IOASID_HAS_DURATION(type)                                              \
	((type) == IOASID_EVENT_FREE || (type) == IOASID_EVENT_RECLAIM ||      \
	 (type) == IOASID_EVENT_UNBIND || (type) == IOASID_EVENT_DETACH)

enum ioasid_condition {
#define X(constant, option, argument, help, expression) IOASID_WANT_##constant,
	IOASID_CONDITIONS(X)
#undef X
	IOASID_NR_CONDITIONS,
};

/* A name of IOASID_COMM_LEN characters has no terminating NUL. */
static inline int ioasid_same_comm(const volatile char *a, const volatile char *b)
{
	int i;

	for (i = 0; i < IOASID_COMM_LEN; i++) {
		if (a[i] != b[i])
			return 0;
		if (!a[i])
			break;
	}
	return 1;
}

#endif /* IOASID_FILTER_H */
