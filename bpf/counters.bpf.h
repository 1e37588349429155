/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking from a counter and giving back, at one level and along a path from a
 * node to the root. What runs at each level is what a charge costs.
 */
#ifndef IOASID_COUNTERS_BPF_H
#define IOASID_COUNTERS_BPF_H

#include "nodes.bpf.h"

/* Which counter of a node is meant. */
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
static __always_inline void take_anyway(struct ioasid_counter *counter, __u64 count)
{
	raise_peak(counter, __sync_fetch_and_add(&counter->current, count) + count);
}

static __noinline void underflow(struct ioasid_counter *counter, __u64 count)
{
	struct ioasid_engine *state = the_engine();

	__sync_fetch_and_add(&counter->current, count);
	if (state)
		__sync_fetch_and_add(&state->underflows, 1);
}

static __always_inline void give_back(struct ioasid_counter *counter, __u64 count)
{
	if (unlikely(__sync_fetch_and_add(&counter->current, -count) < count))
		underflow(counter, count);
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

/* One, if that does not exceed its limit; returns how many there are then, or 0. */
static __always_inline __u64 take(struct ioasid_counter *counter)
{
	__u64 max = counter->max;
	__u64 current = *(volatile __u64 *)&counter->current, before;

	if (unlikely(current >= max))
		return 0;
	before = __sync_val_compare_and_swap(&counter->current, current, current + 1);
	barrier_var(before);	/* compare with it, instead of making a truth value first */
	return before == current ? current + 1 : take_contended(counter, max);
}

/* Where a charge stopped, and why; all 0: it went through. */
#define STOP_FULL	(1ull << 32)	/* not taken there */
#define STOP_WARN	(2ull << 32)	/* taken, and just as many as its rule warns of */
#define STOP_PEAK	(4ull << 32)	/* did not stop; somewhere there are more than ever */

/* One, from @index up to the root. */
static __always_inline __u64 take_path(__u32 index, __u32 offset)
{
	struct ioasid_counter *counter;
	struct ioasid_node *node;
	__u64 result = 0, use;
	int i;

#pragma clang loop unroll_count(4)
	for (i = 0; i < IOASID_MAX_DEPTH && index; i++) {
		node = node_at(index);
		counter = counter_of(node, offset);
		use = take(counter);
		if (unlikely(!use))
			return STOP_FULL | index;
		if (offset == PASIDS && unlikely(use == node->warn_at))
			return STOP_WARN | index;
		if (unlikely(use > counter->peak))
			result = STOP_PEAK;
		index = node->parent;
	}
	return result;
}

/* From @index up to, and without, @until; 0: to the root. */
static __always_inline void give_back_path(__u32 index, __u32 until, __u32 count, __u32 offset)
{
	struct ioasid_node *node;
	int i;

#pragma clang loop unroll_count(4)
	for (i = 0; i < IOASID_MAX_DEPTH && index != until; i++) {
		node = node_at(index);
		give_back(counter_of(node, offset), count);
		index = node->parent;
	}
}

static __always_inline void take_path_anyway(__u32 index, __u32 count, __u32 offset)
{
	struct ioasid_node *node;
	int i;

	for (i = 0; i < IOASID_MAX_DEPTH && index; i++) {
		node = node_at(index);
		take_anyway(counter_of(node, offset), count);
		index = node->parent;
	}
}

/* After a charge was granted: one that was given back is no peak. */
static __always_inline void raise_peaks(__u32 index, __u32 offset)
{
	struct ioasid_counter *counter;
	struct ioasid_node *node;
	int i;

	for (i = 0; i < IOASID_MAX_DEPTH && index; i++) {
		node = node_at(index);
		counter = counter_of(node, offset);
		raise_peak(counter, counter->current);
		index = node->parent;
	}
}

/* One of each for each counter: verified once, and without a question in the loop. */
#define PATH_FUNCTIONS(counter, offset)								\
	__noinline __u64 take_##counter(__u32 from)						\
	{											\
		return take_path(from, offset);							\
	}											\
	__noinline int give_back_##counter(__u32 from, __u32 until, __u32 count)		\
	{											\
		give_back_path(from, until, count, offset);					\
		return 0;									\
	}											\
	__noinline int take_##counter##_anyway(__u32 from, __u32 count)				\
	{											\
		take_path_anyway(from, count, offset);						\
		return 0;									\
	}											\
	__noinline int raise_##counter##_peaks(__u32 from)					\
	{											\
		raise_peaks(from, offset);							\
		return 0;									\
	}

PATH_FUNCTIONS(pasids, PASIDS)
PATH_FUNCTIONS(bindings, BINDINGS)

#endif /* IOASID_COUNTERS_BPF_H */
