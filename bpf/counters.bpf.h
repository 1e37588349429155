/* SPDX-License-Identifier: GPL-2.0-only */
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

/*
 * What is in use and what is granted, together: granted is 0 but where something
 * is reserved, and there other ways lead up; see grants.bpf.h.
 */
typedef __u64 __attribute__((may_alias)) counter_word;

#define USE(word)	((__u32)(word))
#define GRANTED(word)	((word) >> 32)

static __always_inline counter_word *word_of(struct ioasid_counter *counter)
{
	return (counter_word *)&counter->current;
}

static __always_inline __u64 read_word(struct ioasid_counter *counter)
{
	return *(volatile counter_word *)word_of(counter);
}

/* What the levels above count for @use here. */
static __always_inline __u64 above(__u64 use, __u64 granted)
{
	return use > granted ? use : granted;
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

static __noinline int went_above(void)
{
	struct ioasid_engine *state = the_engine();

	if (state)
		__sync_fetch_and_add(&state->exceeded, 1);
	return 0;
}

/* Whatever the limit. Returns how many the level above has to take. */
static __always_inline __u64 take_anyway(struct ioasid_counter *counter, __u64 count)
{
	__u64 before = __sync_fetch_and_add(word_of(counter), count);
	__u64 use = USE(before);

	if (use + count > counter->max)
		went_above();
	raise_peak(counter, use + count);
	return above(use + count, GRANTED(before)) - above(use, GRANTED(before));
}

/* Some of it was granted, or there was less than is given back: a bug. */
static __noinline __u64 gave_back(struct ioasid_counter *counter, __u64 before, __u64 count)
{
	struct ioasid_engine *state;
	__u64 use = USE(before);

	if (use >= count)
		return above(use, GRANTED(before)) - above(use - count, GRANTED(before));
	__sync_fetch_and_add(word_of(counter), count);
	state = the_engine();
	if (state)
		__sync_fetch_and_add(&state->underflows, 1);
	return 0;
}

/* Returns how many the level above has to give back. */
static __always_inline __u64 give_back(struct ioasid_counter *counter, __u64 count)
{
	__u64 before = __sync_fetch_and_add(word_of(counter), -count);

	if (unlikely(GRANTED(before - count)))
		return gave_back(counter, before, count);
	return count;
}

/* One, if that does not exceed the limit, when others are at it. */
__noinline __u64 take_contended(struct ioasid_counter *counter, __u64 max)
{
	__u64 word;
	int i;

	if (!counter)
		return 0;
	bpf_for(i, 0, RETRIES) {
		word = read_word(counter);
		if (word >= max)
			return 0;
		if (__sync_val_compare_and_swap(word_of(counter), word, word + 1) == word)
			return word + 1;
	}
	return 0;
}

/* One, if that does not exceed its limit; returns how many there are then, or 0. */
static __always_inline __u64 take(struct ioasid_counter *counter)
{
	__u64 max = counter->max;
	__u64 word = read_word(counter), before;

	if (unlikely(word >= max))
		return 0;
	before = __sync_val_compare_and_swap(word_of(counter), word, word + 1);
	barrier_var(before);	/* compare with it, instead of making a truth value first */
	return before == word ? word + 1 : take_contended(counter, max);
}

/* Where a charge stopped, and why; all 0: it went through. */
#define STOP_FULL	(1ull << 32)	/* not taken there */
#define STOP_WARN	(2ull << 32)	/* taken, and just as many as its rule warns of */
#define STOP_PEAK	(4ull << 32)	/* did not stop; somewhere there are more than ever */
#define STOP_RESERVED	(8ull << 32)	/* not begun: see grants.bpf.h */

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

/*
 * From @index up to, and without, @until; 0: to the root. Returns how many @until owes.
 * Once it counts nothing a node may be another one's: the way up is read before.
 */
static __always_inline __u64 give_back_path(__u32 index, __u32 until, __u64 count, __u32 offset)
{
	struct ioasid_counter *counter;
	struct ioasid_node *node;
	__u64 before;
	__u32 parent;
	int i;

#pragma clang loop unroll_count(4)
	for (i = 0; i < IOASID_MAX_DEPTH && index != until; i++) {
		node = node_at(index);
		counter = counter_of(node, offset);
		parent = *(volatile __u32 *)&node->parent;
		before = __sync_fetch_and_add(word_of(counter), -count);
		if (unlikely(GRANTED(before - count))) {
			count = gave_back(counter, before, count);
			if (!count)
				break;
		}
		index = parent;
	}
	return count;
}

/* Likewise, whatever the limits; returns how many @until has to take. */
static __always_inline __u64 take_path_anyway(__u32 index, __u32 until, __u64 count,
					      __u32 offset)
{
	struct ioasid_node *node;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (index == until || !count)
			break;
		node = node_at(index);
		count = take_anyway(counter_of(node, offset), count);
		index = node->parent;
	}
	return count;
}

/* After a charge was granted: one that was given back is no peak. */
static __always_inline void raise_peaks(__u32 index, __u32 offset)
{
	struct ioasid_counter *counter;
	struct ioasid_node *node;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (!index)
			break;
		node = node_at(index);
		counter = counter_of(node, offset);
		raise_peak(counter, USE(read_word(counter)));
		index = node->parent;
	}
}

/* One of each for each counter: verified once, and without a question in the loop. */
#define PATH_FUNCTIONS(counter, offset)								\
	__noinline __u64 take_##counter(__u32 from)						\
	{											\
		return take_path(from, offset);							\
	}											\
	__noinline __u64 give_back_##counter(__u32 from, __u32 until, __u64 count)		\
	{											\
		return give_back_path(from, until, count, offset);				\
	}											\
	__noinline __u64 take_##counter##_anyway(__u32 from, __u32 until, __u64 count)		\
	{											\
		return take_path_anyway(from, until, count, offset);				\
	}											\
	__noinline int raise_##counter##_peaks(__u32 from)					\
	{											\
		raise_peaks(from, offset);							\
		return 0;									\
	}

PATH_FUNCTIONS(pasids, PASIDS)
PATH_FUNCTIONS(bindings, BINDINGS)

#endif /* IOASID_COUNTERS_BPF_H */
