// SPDX-License-Identifier: GPL-2.0
/*
 * The last events, for whoever asks later: each is copied into the slot of its number,
 * over what was there. Pinned; no process belongs to it.
 *
 * One writer a slot at a time. One that was held up (a virtual CPU may stand still) meets
 * the writer of a later round, and the later event is the one to keep: if that is
 * there already, the own one is old; if the older is still being written, the later
 * is dropped, and counted. So every event is kept, older than what is kept, or dropped.
 */
#include "common.bpf.h"

#include <ioasid/history.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);		/* the loader's matter */
	__type(key, __u32);
	__type(value, struct ioasid_history_slot);
} kept_events SEC(".maps");

struct ioasid_history history;

/* Is the slot the caller's now, to write number @number? */
static __always_inline bool claim(struct ioasid_history_slot *slot, __u64 number)
{
	__u64 writing = IOASID_HISTORY_WRITING(number);
	__u64 found = *(volatile __u64 *)&slot->version, before;

	if (!(found & 1) && found < writing) {
		before = __sync_val_compare_and_swap(&slot->version, found, writing);
		if (before == found)
			return true;
		found = before;
	}
	if (found < writing)
		__sync_fetch_and_add(&history.dropped, 1);
	return false;
}

static __always_inline int keep(const struct ioasid_event *event)
{
	__u64 number = __sync_fetch_and_add(&history.next, 1);
	__u32 key = number & (history.size - 1);
	struct ioasid_history_slot *slot = bpf_map_lookup_elem(&kept_events, &key);

	if (!slot || !claim(slot, number))
		return 0;
	slot->event = *event;
	/* An exchange: nobody sees the number before the event. */
	__sync_lock_test_and_set(&slot->version, IOASID_HISTORY_WHOLE(number));
	return 0;
}

#define X(constant, name, help)                                                \
	SEC("raw_tp.w/ioasid_" #name)                                          \
	int BPF_PROG(keep_##name, const struct ioasid_event *event)            \
	{                                                                      \
		return keep(event);                                            \
	}
IOASID_TRACEPOINTS(X)
#undef X
