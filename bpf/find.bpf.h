/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a cgroup to its node, and the node's end.
 */
#ifndef IOASID_FIND_BPF_H
#define IOASID_FIND_BPF_H

#include "grants.bpf.h"

/*
 * The node of @cgrp, up to date, with those of all its ancestors. A cgroup
 * that is too deep, or for which there is no room, is counted in its nearest
 * ancestor that has a node. 0: not even the root has one.
 */
static __noinline __u32 find_node(struct cgroup *cgrp)
{
	int level = BPF_CORE_READ(cgrp, level);
	struct ioasid_node *node;
	struct cgroup *ancestor;
	__u32 index = 0, found;
	__u64 name;
	int depth;

	bpf_for(depth, 0, IOASID_MAX_DEPTH) {
		if (depth > level)
			break;
		ancestor = bpf_cgroup_ancestor(cgrp, depth);
		if (!ancestor)
			break;
		name = (__u64)BPF_CORE_READ(ancestor, kn, name);
		found = claim_node(bpf_cgrp_storage_get(&slots, ancestor, 0,
							BPF_LOCAL_STORAGE_GET_F_CREATE),
				   index, depth, BPF_CORE_READ(ancestor, kn, id), name);
		node = node_at(found);
		if (found && node->generation != current_generation())
			refresh(found, name);
		if (found && node->reserve != node->pasids.granted)
			settle(found);
		bpf_cgroup_release(ancestor);
		if (!found)
			break;
		index = found;
	}
	return index;
}

static __always_inline bool has_node(struct cgroup *cgrp)
{
	__u32 *slot = bpf_cgrp_storage_get(&slots, cgrp, 0, 0);

	return slot && *slot;
}

static __always_inline void forget_node(struct cgroup *cgrp)
{
	__u32 *slot = bpf_cgrp_storage_get(&slots, cgrp, 0, 0);
	struct ioasid_node *node;
	__u32 index;

	if (!slot || !*slot)
		return;
	index = *slot;
	*slot = 0;
	node = node_at(index);
	give_back_pasids(node->parent, 0, GRANTED(read_word(&node->pasids)));
	__builtin_memset(node, 0, sizeof(*node));
	bpf_map_push_elem(&free_nodes, &index, 0);
}

#endif /* IOASID_FIND_BPF_H */
