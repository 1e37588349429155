// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: copy the records that a reader requested from the tracepoints
 * ioasid:* to its ring buffer. Records that do not fit are counted, and a
 * `lost` record reports them at their position in the stream, so that emitted =
 * received + lost.
 */
#include "common.bpf.h"

#include <ioasid/filter.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

const volatile struct ioasid_filter filter;
const volatile bool with_stacks;

__u64 lost;		/* since the last `lost` record */
/* All lost events; `pasidctl status` finds the map by name. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} ioasid_losses SEC(".maps");

__u32 reader_waits;	/* for a wake-up; otherwise none is sent */

extern struct cgroup *bpf_cgroup_from_id(u64 id) __ksym;
extern struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgrp, int level) __ksym;
extern void bpf_cgroup_release(struct cgroup *cgrp) __ksym;

/* Cache: a cgroup never changes its parent, and its ID is not reused. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u8);
} known SEC(".maps");

static __noinline int is_below(__u64 id)
{
	struct cgroup *cgrp, *top, *ancestor = NULL;
	int below = 0;

	cgrp = bpf_cgroup_from_id(id);
	if (!cgrp)
		return -1;
	top = bpf_cgroup_from_id(filter.cgroup_id);
	if (top) {
		ancestor = bpf_cgroup_ancestor(cgrp, top->level);
		bpf_cgroup_release(top);
	}
	if (ancestor) {
		below = ancestor->kn->id == filter.cgroup_id;
		bpf_cgroup_release(ancestor);
	}
	bpf_cgroup_release(cgrp);
	return below;
}

static bool within(__u64 id)
{
	__u8 *answer, below;
	int ret;

	if (!id || id == filter.cgroup_id)
		return id;
	answer = bpf_map_lookup_elem(&known, &id);
	if (answer)
		return *answer;
	ret = is_below(id);
	if (ret < 0)
		return false;	/* removed before its first event */
	below = ret;
	bpf_map_update_elem(&known, &id, &below, BPF_ANY);
	return below;
}
#define WITHIN(id)	within(id)
#define SAME_DEVICE(id)	((id) == filter.device)

/* Volatile, because the verifier rejects one load of two adjacent members. */
static __always_inline bool is_wanted(const volatile struct ioasid_event *record)
{
#define event (*record)
#define X(constant, option, argument, help, expression)                        \
	if ((filter.wanted & (1u << IOASID_WANT_##constant)) && !(expression)) \
		return false;
	IOASID_CONDITIONS(X)
#undef X
#undef event
	return true;
}

/* Of the contexts that find a loss, only the first one reports it. */
static __noinline int report_loss(void)
{
	struct ioasid_event record = {
		.ts_ns = bpf_ktime_get_ns(),
		.value = __sync_lock_test_and_set(&lost, 0),
		.type = IOASID_EVENT_LOST,
		.pasid = IOASID_NO_ID,
		.spid = IOASID_NO_ID,
		.comm = "ringbuf",
	};

	if (record.value &&
	    bpf_ringbuf_output(&events, &record, sizeof(record), BPF_RB_NO_WAKEUP))
		__sync_fetch_and_add(&lost, record.value);
	return 0;
}

static __noinline int count_loss(void)
{
	__u32 zero = 0;
	__u64 *all = bpf_map_lookup_elem(&ioasid_losses, &zero);

	__sync_fetch_and_add(&lost, 1);
	if (all)
		__sync_fetch_and_add(all, 1);
	return 0;
}

/* Send a discarded record, only to wake the reader. */
static __noinline int wake_reader(void)
{
	void *nothing = bpf_ringbuf_reserve(&events, 8, 0);

	if (nothing) {
		reader_waits = 0;
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
	}
	return 0;
}

static __always_inline long send(const struct ioasid_event *event)
{
	struct ioasid_event *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	if (!record)
		return -1;
	bpf_probe_read_kernel(record, sizeof(*record), event);
	bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
	return 0;
}

static __always_inline long send_with_stacks(void *ctx, const struct ioasid_event *event)
{
	struct ioasid_stacked_event *stacked;

	stacked = bpf_ringbuf_reserve(&events, sizeof(*stacked), 0);
	if (!stacked)
		return -1;
	bpf_probe_read_kernel(&stacked->event, sizeof(stacked->event), event);
	stacked->kernel_bytes = bpf_get_stack(ctx, stacked->kernel, sizeof(stacked->kernel), 0);
	stacked->user_bytes = bpf_get_stack(ctx, stacked->user, sizeof(stacked->user),
					    BPF_F_USER_STACK);
	bpf_ringbuf_submit(stacked, BPF_RB_NO_WAKEUP);
	return 0;
}

static __always_inline int forward(void *ctx, const struct ioasid_event *event)
{
	/*
	 * Since 6.13 the verifier requires this check for tracepoints of
	 * modules.
	 */
	if (!event)
		return 0;
	if (filter.wanted && !is_wanted(event))
		return 0;
	if (lost)
		report_loss();
	if (with_stacks ? send_with_stacks(ctx, event) : send(event))
		count_loss();
	/*
	 * After the record was written: the reader sets the flag and then
	 * checks again.
	 */
	if (*(volatile __u32 *)&reader_waits)
		wake_reader();
	return 0;
}

#define X(number, constant, name, help)                                                \
	SEC("tp_btf/ioasid_" #name)                                            \
	int BPF_PROG(on_##name, const struct ioasid_event *event)              \
	{                                                                      \
		return forward(ctx, event);                                    \
	}
IOASID_TRACEPOINTS(X)
#undef X
