/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints ioasid:ioasid_*, one for each entry of IOASID_TRACEPOINTS. All of
 * them pass a pointer to struct ioasid_event, which is valid during the call
 * only.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ioasid

#if !defined(IOASID_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define IOASID_TRACE_H

#include <linux/tracepoint.h>
#include <ioasid/types.h>

DECLARE_EVENT_CLASS(ioasid_event_class,
	TP_PROTO(const struct ioasid_event *event),
	TP_ARGS(event),
	TP_STRUCT__entry(
		__field(u64, seq)
		__field(u64, cgroup_id)
		__field(u64, other_cgroup_id)
		__field(u64, value)
		__field(u64, length)
		__field(u32, pasid)
		__field(u32, spid)
		__field(u32, pid)
		__field(u32, tid)
		__field(s32, error)
		__field(u32, device)
		__field(u32, rule)
		__field(u32, ioas)
		__field(u32, reason)
		__field(u8, op)
		__field(u8, mode)
		__array(char, comm, IOASID_COMM_LEN)
	),
	TP_fast_assign(
		__entry->seq = event->seq;
		__entry->cgroup_id = event->cgroup_id;
		__entry->other_cgroup_id = event->other_cgroup_id;
		__entry->value = event->value;
		__entry->length = event->length;
		__entry->pasid = event->pasid;
		__entry->spid = event->spid;
		__entry->pid = event->pid;
		__entry->tid = event->tid;
		__entry->error = event->error;
		__entry->device = event->device;
		__entry->rule = event->rule;
		__entry->ioas = event->ioas;
		__entry->reason = event->reason;
		__entry->op = event->op;
		__entry->mode = event->mode;
		memcpy(__entry->comm, event->comm, IOASID_COMM_LEN);
	),
	TP_printk("pasid=%d spid=%d pid=%u tid=%u comm=%s cgroup=%llu device=%u error=%d "
		  "value=%llu length=%llu ioas=%u reason=%u op=%u rule=%u mode=%u other_cgroup=%llu "
		  "seq=%llu",
		  __entry->pasid, __entry->spid, __entry->pid, __entry->tid, __entry->comm,
		  __entry->cgroup_id, __entry->device, __entry->error, __entry->value,
		  __entry->length, __entry->ioas, __entry->reason, __entry->op, __entry->rule, __entry->mode, __entry->other_cgroup_id,
		  __entry->seq)
);

#define X(number, constant, name, help)					\
	DEFINE_EVENT(ioasid_event_class, ioasid_##name,			\
		     TP_PROTO(const struct ioasid_event *event),	\
		     TP_ARGS(event));
IOASID_TRACEPOINTS(X)
#undef X

#endif /* IOASID_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
