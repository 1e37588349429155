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
	struct ioasid_cgroup_level level = {};
	struct ioasid_node *node;
	__u32 index = 0, found;
	int depth;

	bpf_for(depth, 0, IOASID_MAX_DEPTH) {
		if (ioasid_cgroup_level(cgrp, depth, &level))
			break;
		found = claim_node(level.cgroup_id, index, depth, level.name);
		if (!found)
			break;
		node = node_at(found);
		if (node->generation != current_generation())
			refresh(found, level.name);
		if (node->reserve != node->pasids.granted)
			settle(found);
		index = found;
	}
	return index;
}

static __always_inline bool has_node(struct cgroup *cgrp)
{
	return known_node(BPF_CORE_READ(cgrp, kn, id));
}

static __always_inline void forget_node(struct cgroup *cgrp)
{
	__u64 cgroup_id = BPF_CORE_READ(cgrp, kn, id);
	__u32 index = known_node(cgroup_id);
	struct ioasid_node *node = node_at(index);

	if (!index)
		return;
	bpf_map_delete_elem(&slots, &cgroup_id);
	give_back_pasids(node->parent, 0, GRANTED(read_word(&node->pasids)));
	__builtin_memset(node, 0, sizeof(*node));
	bpf_map_push_elem(&free_nodes, &index, 0);
}

#endif /* IOASID_FIND_BPF_H */
