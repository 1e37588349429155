/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants, with `distribution: reserve`: the limit of a cgroup's rule is charged
 * to all ancestors in advance.
 *
 * The amount that a level charges to its parent depends on its grant and on
 * concurrent changes. A charge therefore proceeds from the root down: a level
 * takes only what its parent already counts for it. An uncharge proceeds
 * upwards. Each level thus always counts at least the sum of its children, and
 * no level needs a correction that would exceed its limit.
 */
#ifndef IOASID_GRANTS_BPF_H
#define IOASID_GRANTS_BPF_H

#include "counters.bpf.h"

/* Result of charge_level(); a node may be in the lower bits. */
#define LEVEL_CHANGED	(1ull << 32)	/* the parent counts too little: retry */
#define LEVEL_FULL	(2ull << 32)
#define LEVEL_WARN	(4ull << 32)	/* charged; usage is at the warning level */

/*
 * Charge @count at this level, for which the parent already counts @held. The
 * part that is not needed is uncharged. @anyway: regardless of the limit.
 */
__noinline __u64 charge_level(__u32 index, __u64 count, __u64 held, __u32 anyway)
{
	struct ioasid_node *node = node_at(index);
	__u64 word, use, needs;
	int i;

	bpf_for(i, 0, RETRIES) {
		word = read_word(&node->pasids);
		use = USE(word) + count;
		if (use > node->pasids.max && !anyway)
			return LEVEL_FULL;
		needs = above(use, GRANTED(word)) - above(USE(word), GRANTED(word));
		if (needs > held && node->parent)
			return LEVEL_CHANGED;
		if (__sync_val_compare_and_swap(word_of(&node->pasids), word, word + count) != word)
			continue;
		if (use > node->pasids.max)
			count_exceeded();
		if (held > needs)
			uncharge_pasids(node->parent, 0, held - needs);
		return use == node->warn_at ? LEVEL_WARN : 0;
	}
	return LEVEL_CHANGED;
}

/*
 * Determine the levels that a charge passes, and the amount for each, from
 * their present state.
 */
static __always_inline int plan_charge(struct charge_plan *plan, __u32 from, __u64 count)
{
	struct ioasid_node *node;
	__u32 index = from;
	__u64 word;
	int i, levels = 0;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (!index || !count)
			break;
		node = node_at(index);
		word = read_word(&node->pasids);
		plan->node[i & (IOASID_MAX_DEPTH - 1)] = index;
		plan->count[i & (IOASID_MAX_DEPTH - 1)] = count;
		levels = i + 1;
		count = above(USE(word) + count, GRANTED(word)) - above(USE(word), GRANTED(word));
		index = node->parent;
	}
	return levels;
}

/*
 * Perform the charge. Returns 0; a bit mask of depths whose warning level was
 * reached; or LEVEL_CHANGED, or LEVEL_FULL with the node, and nothing is
 * charged.
 */
static __always_inline __u64 charge_levels(struct charge_plan *plan, int levels, __u32 anyway)
{
	__u64 held = 0, ret, reached = 0;
	struct ioasid_node *node;
	__u32 index, level, depth;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (i >= levels)
			break;
		level = (levels - 1 - i) & (IOASID_MAX_DEPTH - 1);
		index = plan->node[level];
		node = node_at(index);
		depth = node->depth & (IOASID_MAX_DEPTH - 1);
		ret = charge_level(index, plan->count[level], held, anyway >> depth & 1);
		if (ret & (LEVEL_FULL | LEVEL_CHANGED)) {
			uncharge_pasids(node->parent, 0, held);
			return ret | index;
		}
		if (ret)
			reached |= 1ull << depth;
		held = plan->count[level];
	}
	return reached;
}

/*
 * Charge @count from @from up to the root or to a level with a sufficient
 * grant; regardless of the limit at the depths in @anyway. Returns as charge_levels()
 * does.
 */
__noinline __u64 charge_from_grant(__u32 from, __u64 count, __u32 anyway)
{
	struct charge_plan *plan = get_charge_plan();
	__u64 ret;
	int i;

	if (!plan)
		return LEVEL_FULL | from;
	bpf_for(i, 0, RETRIES) {
		ret = charge_levels(plan, plan_charge(plan, from, count), anyway);
		if (!(ret & LEVEL_CHANGED))
			return ret;
	}
	return LEVEL_FULL | from;
}

/*
 * Set the grant to what the node's rule requests. If the ancestors have too
 * little left, the existing grant is kept.
 */
__noinline int update_grant(__u32 self)
{
	struct ioasid_node *node = node_at(self);
	__u64 word, before, after;
	__u32 wanted = node->reserve;
	int i;

	bpf_for(i, 0, RETRIES) {
		word = read_word(&node->pasids);
		if (GRANTED(word) == wanted)
			break;
		before = above(USE(word), GRANTED(word));
		after = above(USE(word), wanted);
		if (after > before && charge_from_grant(node->parent, after - before, 0) & LEVEL_FULL)
			break;
		if (__sync_val_compare_and_swap(word_of(&node->pasids), word,
						(__u64)wanted << 32 | USE(word)) == word) {
			if (after > before)
				raise_pasids_peaks(node->parent);
			if (after < before)
				uncharge_pasids(node->parent, 0, before - after);
			break;
		}
		if (after > before)
			uncharge_pasids(node->parent, 0, after - before);
	}
	return 0;
}

#endif /* IOASID_GRANTS_BPF_H */
