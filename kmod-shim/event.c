// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: fill in a record and pass it to the tracepoint. Called only if the
 * tracepoint is enabled (see ioasid_emit()). Any context.
 */
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "ioas.h"
#define CREATE_TRACE_POINTS
#include "trace.h"

/* The kernel, BPF and user space share this layout: no padding. */
static_assert(sizeof(struct ioasid_event) == 104);
static_assert(sizeof(struct ioasid_row) == 72);
static_assert(sizeof(struct ioasid_binding_row) == 40);
static_assert(sizeof(struct ioasid_space_row) == 88);
static_assert(sizeof(struct ioasid_device_row) == 80);
static_assert(sizeof(struct ioasid_system_row) == 72);

static atomic64_t emitted = ATOMIC64_INIT(0);
atomic64_t ioasid_denials = ATOMIC64_INIT(0);
static DEFINE_PER_CPU(u64, happened);

void ioasid_count_event(void)
{
	this_cpu_inc(happened);
}

u64 ioasid_events(void)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(happened, cpu);
	return sum;
}

/* Common fields. Inline, so that the compiler does not zero fields twice. */
static __always_inline void ioasid_event_fill(struct ioasid_event *event, enum ioasid_event_type type)
{
	memset(event, 0, sizeof(*event));
	event->ts_ns = ktime_get_ns();
	event->seq = atomic64_inc_return(&emitted);
	event->type = type;
	event->pasid = IOASID_NO_ID;
	event->spid = IOASID_NO_ID;
	event->tid = in_task() && current->mm ? task_pid_nr(current) : 0;
}

/* The process of the set. Constant, except for the charged cgroup. */
static __always_inline void ioasid_event_fill_set(struct ioasid_event *event, struct ioasid_set *set)
{
	struct cgroup *cgrp;

	/* A cgroup is freed an RCU grace period after its last put. */
	rcu_read_lock();
	cgrp = READ_ONCE(set->cgrp);
	event->cgroup_id = cgrp ? cgroup_id(cgrp) : 0;
	rcu_read_unlock();
	event->pid = READ_ONCE(set->pid);
	memcpy(event->comm, set->comm, sizeof(event->comm));
}

static void ioasid_event_fill_data(struct ioasid_event *event, enum ioasid_event_type type,
				   struct ioasid_data *data)
{
	ioasid_event_fill(event, type);
	ioasid_event_fill_set(event, data->set);
	event->pasid = data->id;
	event->spid = READ_ONCE(data->spid);
}

/* An event of a PASID; with @age, its value is the time since the allocation. */
#define IOASID_DATA_EVENT(name, constant, age)					\
	void __ioasid_emit_##name(struct ioasid_data *data)			\
	{									\
		struct ioasid_event event;					\
										\
		ioasid_event_fill_data(&event, IOASID_EVENT_##constant, data);	\
		if (age)							\
			event.value = event.ts_ns - data->alloc_ns;		\
		trace_ioasid_##name(&event);					\
	}

IOASID_DATA_EVENT(alloc, ALLOC, false)
IOASID_DATA_EVENT(free, FREE, true)
IOASID_DATA_EVENT(free_pending, FREE_PENDING, false)
IOASID_DATA_EVENT(reclaim, RECLAIM, true)
IOASID_DATA_EVENT(spid_attach, SPID_ATTACH, false)
IOASID_DATA_EVENT(spid_detach, SPID_DETACH, false)

/* The binding's PASID, or the owner of the space for requests without one. */
static void ioasid_event_fill_binding(struct ioasid_event *event, enum ioasid_event_type type,
				      struct ioasid_binding *binding)
{
	if (binding->data) {
		ioasid_event_fill_data(event, type, binding->data);
	} else {
		ioasid_event_fill(event, type);
		ioasid_event_fill_set(event, binding->set);
	}
	event->device = binding->dev->id;
	event->ioas = binding->ioas->id;
}

/* An event of a binding; with @age, its value is the time since it was made. */
#define IOASID_BINDING_EVENT(name, constant, age)				\
	void __ioasid_emit_##name(struct ioasid_binding *binding)		\
	{									\
		struct ioasid_event event;					\
										\
		ioasid_event_fill_binding(&event, IOASID_EVENT_##constant, binding); \
		if (age)							\
			event.value = event.ts_ns - binding->bind_ns;		\
		trace_ioasid_##name(&event);					\
	}

IOASID_BINDING_EVENT(bind, BIND, false)
IOASID_BINDING_EVENT(unbind, UNBIND, true)
IOASID_BINDING_EVENT(attach, ATTACH, false)
IOASID_BINDING_EVENT(detach, DETACH, true)

void __ioasid_emit_fault(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t pasid,
			 const struct ioasid_binding *binding, const struct ioasid_access *access)
{
	struct ioasid_event event;

	ioasid_event_fill(&event, IOASID_EVENT_FAULT);
	ioasid_event_fill_set(&event, set);
	event.pasid = pasid;
	event.device = dev->id;
	event.ioas = binding ? binding->ioas->id : 0;
	event.value = access->address;
	event.reason = access->reason;
	event.error = -EFAULT;
	trace_ioasid_fault(&event);
}

/* For a DMA, which may outlive the binding's reference to its IOASID. */
static void ioasid_event_fill_access(struct ioasid_event *event, enum ioasid_event_type type,
				     const struct ioasid_binding *binding)
{
	ioasid_event_fill(event, type);
	ioasid_event_fill_set(event, binding->set);
	event->pasid = binding->pasid;
	event->device = binding->dev->id;
	event->ioas = binding->ioas->id;
}

void __ioasid_emit_page_request(struct ioasid_binding *binding, const struct ioasid_access *access)
{
	struct ioasid_event event;

	ioasid_event_fill_access(&event, IOASID_EVENT_PAGE_REQUEST, binding);
	event.value = access->address;
	event.reason = access->reason;
	trace_ioasid_page_request(&event);
}

void __ioasid_emit_page_response(struct ioasid_binding *binding,
				 const struct ioasid_access *access, int error)
{
	struct ioasid_event event;

	ioasid_event_fill_access(&event, IOASID_EVENT_PAGE_RESPONSE, binding);
	event.value = access->address;
	event.error = error;
	trace_ioasid_page_response(&event);
}

/* An event of a range of addresses of a space. */
#define IOASID_RANGE_EVENT(name, constant)					\
	void __ioasid_emit_##name(struct ioasid_ioas *ioas, u64 iova, u64 length) \
	{									\
		struct ioasid_event event;					\
										\
		ioasid_event_fill(&event, IOASID_EVENT_##constant);		\
		ioasid_event_fill_set(&event, ioas->set);			\
		event.ioas = ioas->id;						\
		event.value = iova;						\
		event.length = length;						\
		trace_ioasid_##name(&event);					\
	}

IOASID_RANGE_EVENT(map, MAP)
IOASID_RANGE_EVENT(unmap, UNMAP)
IOASID_RANGE_EVENT(invalidate, INVALIDATE)

void __ioasid_emit_move(struct ioasid_set *set, u64 from, u32 count)
{
	struct ioasid_event event;

	ioasid_event_fill(&event, IOASID_EVENT_MOVE);
	ioasid_event_fill_set(&event, set);
	event.other_cgroup_id = from;
	event.value = count;
	trace_ioasid_move(&event);
}

static void ioasid_event_fill_request(struct ioasid_event *event, enum ioasid_event_type type,
				      const struct ioasid_request *req, u32 rule, u64 limit_cgroup)
{
	ioasid_event_fill(event, type);
	event->cgroup_id = req->cgroup_id;
	event->other_cgroup_id = limit_cgroup;
	event->pasid = req->pasid;
	event->pid = req->pid;
	event->device = req->device;
	event->op = req->op;
	event->rule = rule;
	memcpy(event->comm, req->comm, sizeof(event->comm));
}

void __ioasid_emit_deny(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u32 mode,
			int error)
{
	struct ioasid_event event;

	ioasid_event_fill_request(&event, IOASID_EVENT_DENY, req, rule, limit_cgroup);
	event.mode = mode;
	event.error = error;
	trace_ioasid_deny(&event);
}

void __ioasid_emit_warn(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u64 use)
{
	struct ioasid_event event;

	ioasid_event_fill_request(&event, IOASID_EVENT_WARN, req, rule, limit_cgroup);
	event.value = use;
	trace_ioasid_warn(&event);
}

void __ioasid_emit_policy(enum ioasid_policy_change change)
{
	struct ioasid_event event;

	ioasid_event_fill(&event, IOASID_EVENT_POLICY);
	event.value = change;
	event.pid = task_tgid_nr(current);
	get_task_comm(event.comm, current);
	trace_ioasid_policy(&event);
}
