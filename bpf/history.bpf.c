// SPDX-License-Identifier: GPL-2.0-only
/*
 * Event history: copy each event to the slot of its number, replacing an older
 * one. The programs and maps are pinned and need no process.
 */
#include "common.bpf.h"

#include <ioasid/history.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);		/* set by the loader */
	__type(key, __u32);
	__type(value, struct ioasid_history_slot);
} kept_events SEC(".maps");

struct ioasid_history history;

static __always_inline int keep(const struct ioasid_event *event)
{
	__u64 number = __sync_fetch_and_add(&history.next, 1);
	__u32 key = number & (history.size - 1);
	struct ioasid_history_slot *slot = bpf_map_lookup_elem(&kept_events, &key);

	/* Since 6.13 the verifier requires the check of @event. */
	if (event && slot && ioasid_history_claim(slot, number, &history.dropped)) {
		bpf_probe_read_kernel(&slot->event, sizeof(slot->event), event);
		ioasid_history_publish(slot, number);
	}
	return 0;
}

#define X(number, constant, name, help)                                        \
	SEC("tp_btf/ioasid_" #name)                                            \
	int BPF_PROG(keep_##name, const struct ioasid_event *event)            \
	{                                                                      \
		return keep(event);                                            \
	}
IOASID_TRACEPOINTS(X)
#undef X
