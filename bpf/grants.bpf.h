/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Grants, with `distribution: reserve`: what a cgroup's rule lets it hold is
 * taken from all levels above ahead of time.
 */
#ifndef IOASID_GRANTS_BPF_H
#define IOASID_GRANTS_BPF_H

#include "counters.bpf.h"

/*
 * @count were taken from @from up to, and without, @index, where @refused did
 * not fit. Others may have given back meanwhile, so that what is above a grant
 * is another part now; the difference is put right from @index on.
 */
static __always_inline void roll_back(__u32 from, __u32 index, __u64 count, __u64 refused)
{
	__u64 left = give_back_pasids(from, index, count);

	if (left < refused)
		take_pasids_anyway(index, 0, refused - left);
	else if (left > refused)
		give_back_pasids(index, 0, left - refused);
}

/* @count PASIDs from @from up to the root; 0, or -1 and nothing taken. */
__noinline int grant_path(__u32 from, __u64 count)
{
	struct ioasid_node *node;
	__u64 more = count, word;
	__u32 index = from;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (!index || !more)
			break;
		node = node_at(index);
		word = take_some(&node->pasids, node->pasids.max, more);
		if (!word) {
			roll_back(from, index, count, more);
			return -1;
		}
		raise_peak(&node->pasids, USE(word));
		more = above(USE(word), GRANTED(word)) - above(USE(word) - more, GRANTED(word));
		index = node->parent;
	}
	return 0;
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
		if (after > before && grant_path(node->parent, after - before))
			break;
		if (__sync_val_compare_and_swap(word_of(&node->pasids), word,
						(__u64)wanted << 32 | USE(word)) == word) {
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
