// SPDX-License-Identifier: GPL-2.0-only
/* Latency histograms of the module's functions, for `pasidctl stats`. */
#include "common.bpf.h"

#include <ioasid/latency.h>

struct call {
	__u64 thread;
	__u64 kind;
};

/* Calls in progress. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct call);
	__type(value, __u64);
} begun SEC(".maps");

struct ioasid_latency latencies[IOASID_NR_LATENCIES];

static __always_inline int begin(__u64 kind)
{
	struct call call = { bpf_get_current_pid_tgid(), kind };
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&begun, &call, &now, BPF_ANY);
	return 0;
}

static __always_inline __u32 slot_of(__u64 ns)
{
	__u32 slot;

	for (slot = 0; slot < IOASID_LATENCY_SLOTS - 1; slot++)
		if (ns < 1ull << slot)
			break;
	return slot;
}

static __always_inline int end(__u64 kind)
{
	struct call call = { bpf_get_current_pid_tgid(), kind };
	struct ioasid_latency *latency = &latencies[kind];
	__u64 *since = bpf_map_lookup_elem(&begun, &call), ns;
	__u32 slot;

	if (!since)
		return 0;	/* began before the programs were attached */
	ns = bpf_ktime_get_ns() - *since;
	bpf_map_delete_elem(&begun, &call);
	slot = slot_of(ns);
	if (slot < IOASID_LATENCY_SLOTS)
		__sync_fetch_and_add(&latency->slots[slot], 1);
	__sync_fetch_and_add(&latency->count, 1);
	__sync_fetch_and_add(&latency->total_ns, ns);
	return 0;
}

#define X(name, function, help)                                                \
	SEC("fentry/" #function)                                               \
	int BPF_PROG(begin_##name)                                             \
	{                                                                      \
		return begin(IOASID_LATENCY_##name);                           \
	}                                                                      \
	SEC("fexit/" #function)                                                \
	int BPF_PROG(end_##name)                                               \
	{                                                                      \
		return end(IOASID_LATENCY_##name);                             \
	}
IOASID_LATENCIES(X)
#undef X
