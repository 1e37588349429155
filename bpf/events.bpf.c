// SPDX-License-Identifier: GPL-2.0
/*
 * Events: every tracepoint ioasid:* into one ring buffer, record for record.
 * What does not fit is counted, so that emitted = arrived + lost.
 */
#include "common.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

static __always_inline int forward(const struct ioasid_event *event)
{
	struct ioasid_event *record;
	__u32 zero = 0;
	__u64 *count;

	record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);
	if (!record) {
		count = bpf_map_lookup_elem(&lost, &zero);
		if (count)
			__sync_fetch_and_add(count, 1);
		return 0;
	}
	bpf_probe_read_kernel(record, sizeof(*record), event);
	bpf_ringbuf_submit(record, 0);
	return 0;
}

#define X(constant, name, help)                                                \
	SEC("raw_tp/ioasid_" #name)                                            \
	int BPF_PROG(on_##name, const struct ioasid_event *event)              \
	{                                                                      \
		return forward(event);                                         \
	}
IOASID_TRACEPOINTS(X)
#undef X
