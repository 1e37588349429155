/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking from a counter and giving back, at one level and along a path from a
 * node to the root. @offset says which counter of the node is meant.
 */
#ifndef IOASID_COUNTERS_BPF_H
#define IOASID_COUNTERS_BPF_H

#include "nodes.bpf.h"

#define PASIDS		offsetof(struct ioasid_node, pasids)
#define BINDINGS	offsetof(struct ioasid_node, bindings)
#define RETRIES		1024	/* each one means that another CPU got through */

static __always_inline struct ioasid_counter *counter_of(struct ioasid_node *node, __u32 offset)
{
	return offset == PASIDS ? &node->pasids : &node->bindings;
}

static __always_inline void raise_peak(struct ioasid_counter *counter, __u64 current)
{
	__u64 peak = counter->peak;

	/* Two tries: another CPU that comes between has raised it itself. */
	if (current > peak &&
	    __sync_val_compare_and_swap(&counter->peak, peak, current) != peak) {
		peak = counter->peak;
		if (current > peak)
			__sync_val_compare_and_swap(&counter->peak, peak, current);
	}
}

/* Whatever the limit. */
static __always_inline __u64 take_anyway(struct ioasid_counter *counter, __u64 count)
{
	__u64 current = __sync_fetch_and_add(&counter->current, count) + count;

	raise_peak(counter, current);
	return current;
}

static __always_inline void give_back(struct ioasid_counter *counter, __u64 count)
{
	__u64 before = __sync_fetch_and_add(&counter->current, -count);
	struct ioasid_engine *state;

	if (before >= count)
		return;
	__sync_fetch_and_add(&counter->current, count);
	state = the_engine();
	if (state)
		__sync_fetch_and_add(&state->underflows, 1);
}

/* Others are at it: try until one is taken or it is full. */
__noinline __u64 take_contended(struct ioasid_counter *counter, __u64 max)
{
	__u64 current;
	int i;

	if (!counter)
		return 0;
	bpf_for(i, 0, RETRIES) {
		current = *(volatile __u64 *)&counter->current;
		if (current >= max)
			return 0;
		if (__sync_val_compare_and_swap(&counter->current, current, current + 1) ==
		    current)
			return current + 1;
	}
	return 0;
}

/* After a charge was granted: one that was given back is no peak. */
__noinline int raise_peaks(__u32 from, __u32 offset)
{
	struct ioasid_counter *counter;
	struct ioasid_node *node;
	__u32 index = from;
	int i;

	for (i = 0; i < IOASID_MAX_DEPTH && index; i++) {
		node = node_at(index);
		if (!node)
			break;
		counter = counter_of(node, offset);
		raise_peak(counter, counter->current);
		index = node->parent;
	}
	return 0;
}

/* One, if that does not exceed its limit; returns how many there are then, or 0. */
static __always_inline __u64 take(struct ioasid_counter *counter)
{
	__u64 max = counter->max;
	__u64 current = *(volatile __u64 *)&counter->current;

	if (current >= max)
		return 0;
	if (__sync_val_compare_and_swap(&counter->current, current, current + 1) != current)
		return take_contended(counter, max);
	return current + 1;
}

/* From @from up to, and without, @until; 0: to the root. */
__noinline int give_back_path(__u32 from, __u32 until, __u32 count, __u32 offset)
{
	struct ioasid_node *node;
	__u32 index = from;
	int i;

	for (i = 0; i < IOASID_MAX_DEPTH && index != until; i++) {
		node = node_at(index);
		if (!node)
			break;
		give_back(counter_of(node, offset), count);
		index = node->parent;
	}
	return 0;
}

__noinline int take_path_anyway(__u32 from, __u32 count, __u32 offset)
{
	struct ioasid_node *node;
	__u32 index = from;
	int i;

	for (i = 0; i < IOASID_MAX_DEPTH && index; i++) {
		node = node_at(index);
		if (!node)
			break;
		take_anyway(counter_of(node, offset), count);
		index = node->parent;
	}
	return 0;
}

/* Where take_path() stopped, and why. */
#define STOP_FULL	(1ull << 32)	/* not taken there */
#define STOP_WARN	(2ull << 32)	/* taken, and just as many as its rule warns of */

/*
 * One, from @from up to the root. Returns 0, or the node where the caller has
 * something to decide or to say, with STOP_FULL or STOP_WARN.
 */
__noinline __u64 take_path(__u32 from, __u32 offset)
{
	struct ioasid_counter *counter;
	struct ioasid_node *node;
	__u32 index = from;
	__u64 use;
	int i;

	for (i = 0; i < IOASID_MAX_DEPTH && index; i++) {
		node = node_at(index);
		if (!node)
			break;
		counter = counter_of(node, offset);
		use = take(counter);
		if (!use)
			return STOP_FULL | index;
		if (use == node->warn_at && offset == PASIDS)
			return STOP_WARN | index;
		index = node->parent;
	}
	return 0;
}

#endif /* IOASID_COUNTERS_BPF_H */
