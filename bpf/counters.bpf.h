/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Charge and uncharge a counter, at one level and along the path from a node to
 * the root. The code that runs at each level determines the cost of a charge.
 */
#ifndef IOASID_COUNTERS_BPF_H
#define IOASID_COUNTERS_BPF_H

#include "nodes.bpf.h"

/* Offset of a counter in a node. */
#define PASIDS		offsetof(struct ioasid_node, pasids)
#define BINDINGS	offsetof(struct ioasid_node, bindings)
#define RETRIES		1024	/* each retry means that another CPU succeeded */

static __always_inline struct ioasid_counter *counter_of(struct ioasid_node *node, __u32 offset)
{
	return offset == PASIDS ? &node->pasids : &node->bindings;
}

/*
 * The counter's usage and grant in one word. The grant is 0 unless something is
 * reserved; charges then use the functions in grants.bpf.h.
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

/* The amount that the ancestors count for @use at this level. */
static __always_inline __u64 above(__u64 use, __u64 granted)
{
	return use > granted ? use : granted;
}

static __always_inline void raise_peak(struct ioasid_counter *counter, __u64 current)
{
	__u64 peak = counter->peak;

	/*
	 * Two attempts are enough: a CPU that interferes has raised the peak
	 * itself.
	 */
	if (current > peak &&
	    __sync_val_compare_and_swap(&counter->peak, peak, current) != peak) {
		peak = counter->peak;
		if (current > peak)
			__sync_val_compare_and_swap(&counter->peak, peak, current);
	}
}

static __noinline int count_exceeded(void)
{
	struct ioasid_engine *state = get_engine();

	if (state)
		__sync_fetch_and_add(&state->exceeded, 1);
	return 0;
}

/*
 * Charge regardless of the limit. Returns the amount to charge to the parent.
 */
static __always_inline __u64 force_charge(struct ioasid_counter *counter, __u64 count)
{
	__u64 before = __sync_fetch_and_add(word_of(counter), count);
	__u64 use = USE(before);

	if (use + count > counter->max)
		count_exceeded();
	raise_peak(counter, use + count);
	return above(use + count, GRANTED(before)) - above(use, GRANTED(before));
}

/*
 * Slow path: part of the amount was granted, or more was uncharged than
 * charged, which is a bug.
 */
static __noinline __u64 gave_back(struct ioasid_counter *counter, __u64 before, __u64 count)
{
	struct ioasid_engine *state;
	__u64 use = USE(before);

	if (use >= count)
		return above(use, GRANTED(before)) - above(use - count, GRANTED(before));
	__sync_fetch_and_add(word_of(counter), count);
	state = get_engine();
	if (state)
		__sync_fetch_and_add(&state->underflows, 1);
	return 0;
}

/* Uncharge. Returns the amount to uncharge from the parent. */
static __always_inline __u64 uncharge_counter(struct ioasid_counter *counter, __u64 count)
{
	__u64 before = __sync_fetch_and_add(word_of(counter), -count);

	if (unlikely(GRANTED(before - count)))
		return gave_back(counter, before, count);
	return count;
}

/*
 * Charge one unless that exceeds the limit, while other CPUs change the
 * counter.
 */
__noinline __u64 charge_contended(struct ioasid_counter *counter, __u64 max)
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

/* Charge one unless that exceeds the limit. Returns the new usage, or 0. */
static __always_inline __u64 try_charge(struct ioasid_counter *counter)
{
	__u64 max = counter->max;
	__u64 word = read_word(counter), before;

	if (unlikely(word >= max))
		return 0;
	before = __sync_val_compare_and_swap(word_of(counter), word, word + 1);
	/* Compare it directly instead of computing a boolean first. */
	barrier_var(before);
	return before == word ? word + 1 : charge_contended(counter, max);
}

/* Result of charge_path(): where a charge stopped and why; 0: it is complete. */
#define STOP_FULL	(1ull << 32)	/* limit reached, not charged there */
#define STOP_WARN	(2ull << 32)	/* charged; usage is at the warning level */
#define STOP_PEAK	(4ull << 32)	/* complete; some level has a new peak */
#define STOP_RESERVED	(8ull << 32)	/* not started, see grants.bpf.h */

/* Charge one from @index up to the root. */
static __always_inline __u64 charge_path(__u32 index, __u32 offset)
{
	struct ioasid_counter *counter;
	struct ioasid_node *node;
	__u64 result = 0, use;
	int i;

#pragma clang loop unroll_count(4)
	for (i = 0; i < IOASID_MAX_DEPTH && index; i++) {
		node = node_at(index);
		counter = counter_of(node, offset);
		use = try_charge(counter);
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
 * Uncharge from @index up to, but excluding, @until; 0: including the root.
 * Returns the amount to uncharge from @until. A node whose count drops to 0 can
 * be reused, so its parent is read before.
 */
static __always_inline __u64 uncharge_path(__u32 index, __u32 until, __u64 count, __u32 offset)
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

/*
 * Charge the same path regardless of limits. Returns the amount to charge to
 * @until.
 */
static __always_inline __u64 force_charge_path(__u32 index, __u32 until, __u64 count,
					      __u32 offset)
{
	struct ioasid_node *node;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (index == until || !count)
			break;
		node = node_at(index);
		count = force_charge(counter_of(node, offset), count);
		index = node->parent;
	}
	return count;
}

/*
 * Called after a request succeeded, so that an undone charge does not count as
 * a peak.
 */
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

/*
 * One instance per counter: the verifier checks each once, and the loop has no
 * branch on the counter.
 */
#define PATH_FUNCTIONS(counter, offset)								\
	__noinline __u64 charge_##counter(__u32 from)						\
	{											\
		return charge_path(from, offset);							\
	}											\
	__noinline __u64 uncharge_##counter(__u32 from, __u32 until, __u64 count)		\
	{											\
		return uncharge_path(from, until, count, offset);				\
	}											\
	__noinline __u64 force_charge_##counter(__u32 from, __u32 until, __u64 count)		\
	{											\
		return force_charge_path(from, until, count, offset);				\
	}											\
	__noinline int raise_##counter##_peaks(__u32 from)					\
	{											\
		raise_peaks(from, offset);							\
		return 0;									\
	}

PATH_FUNCTIONS(pasids, PASIDS)
PATH_FUNCTIONS(bindings, BINDINGS)

#endif /* IOASID_COUNTERS_BPF_H */
