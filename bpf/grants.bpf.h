/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Grants, with `distribution: reserve`: what a cgroup's rule lets it hold is
 * taken from all levels above ahead of time.
 *
 * How much a level takes from the one above depends on its grant and on what
 * others do meanwhile. So here a charge goes from the top down: a level takes
 * only what the one above already counts for it, and gives back from the bottom
 * up. At any moment each level counts at least what those below it add up to;
 * none has to be put right later, above its limit.
 */
#ifndef IOASID_GRANTS_BPF_H
#define IOASID_GRANTS_BPF_H

#include "counters.bpf.h"

/* How take_level() ended; what it returns besides is in the bits below. */
#define LEVEL_CHANGED	(1ull << 32)	/* not enough is held above: look again */
#define LEVEL_FULL	(2ull << 32)
#define LEVEL_WARN	(4ull << 32)	/* taken, and just as many as its rule warns of */

/*
 * @count at this level, for which the level above counts @held already; what
 * turns out not to be needed of these is given back. @anyway: whatever the limit.
 */
__noinline __u64 take_level(__u32 index, __u64 count, __u64 held, __u32 anyway)
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
			went_above();
		if (held > needs)
			give_back_pasids(node->parent, 0, held - needs);
		return use == node->warn_at ? LEVEL_WARN : 0;
	}
	return LEVEL_CHANGED;
}

/* Which levels a charge passes, and how many each has to take, as it looks now. */
static __always_inline int plan_ascent(struct ascent *ascent, __u32 from, __u64 count)
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
		ascent->node[i & (IOASID_MAX_DEPTH - 1)] = index;
		ascent->count[i & (IOASID_MAX_DEPTH - 1)] = count;
		levels = i + 1;
		count = above(USE(word) + count, GRANTED(word)) - above(USE(word), GRANTED(word));
		index = node->parent;
	}
	return levels;
}

/*
 * Take it. Returns 0; the depths, a bit each, whose warning level was reached; or
 * LEVEL_CHANGED, or LEVEL_FULL and where, and nothing is taken.
 */
static __always_inline __u64 descend(struct ascent *ascent, int levels, __u32 anyway)
{
	__u64 held = 0, ret, reached = 0;
	struct ioasid_node *node;
	__u32 index, level, depth;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (i >= levels)
			break;
		level = (levels - 1 - i) & (IOASID_MAX_DEPTH - 1);
		index = ascent->node[level];
		node = node_at(index);
		depth = node->depth & (IOASID_MAX_DEPTH - 1);
		ret = take_level(index, ascent->count[level], held, anyway >> depth & 1);
		if (ret & (LEVEL_FULL | LEVEL_CHANGED)) {
			give_back_pasids(node->parent, 0, held);
			return ret | index;
		}
		if (ret)
			reached |= 1ull << depth;
		held = ascent->count[level];
	}
	return reached;
}

/*
 * @count from @from up to the root or a level to which it was granted; at the
 * depths in @anyway whatever the limit. Returns as descend() does.
 */
__noinline __u64 take_reserved(__u32 from, __u64 count, __u32 anyway)
{
	struct ascent *ascent = the_ascent();
	__u64 ret;
	int i;

	if (!ascent)
		return LEVEL_FULL | from;
	bpf_for(i, 0, RETRIES) {
		ret = descend(ascent, plan_ascent(ascent, from, count), anyway);
		if (!(ret & LEVEL_CHANGED))
			return ret;
	}
	return LEVEL_FULL | from;
}

/*
 * Have granted what the node's rule wants, no more and no less. When there is
 * not enough left above, what was granted before stays.
 */
__noinline int settle(__u32 self)
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
		if (after > before && take_reserved(node->parent, after - before, 0) & LEVEL_FULL)
			break;
		if (__sync_val_compare_and_swap(word_of(&node->pasids), word,
						(__u64)wanted << 32 | USE(word)) == word) {
			if (after > before)
				raise_pasids_peaks(node->parent);
			if (after < before)
				give_back_pasids(node->parent, 0, before - after);
			break;
		}
		if (after > before)
			give_back_pasids(node->parent, 0, after - before);
	}
	return 0;
}

#endif /* IOASID_GRANTS_BPF_H */
