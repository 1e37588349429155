/* SPDX-License-Identifier: GPL-2.0-only */
/* Find or create the node of a cgroup, and release it. */
#ifndef IOASID_FIND_BPF_H
#define IOASID_FIND_BPF_H

#include "grants.bpf.h"

/*
 * An ancestor or the cgroup itself that has no node, and its rule. All 0: none.
 */
struct uncounted {
	__u64 cgroup_id;
	__u32 rule;		/* index + 1; 0: unknown, the cgroup is too deep */
};

/*
 * Search the levels from @depth on, none of which has a node, for a rule that
 * is enforced.
 */
static __always_inline void find_uncounted_rule(struct cgroup *cgrp, __u32 depth, __u32 above,
					 struct uncounted *uncounted)
{
	const struct ioasid_policy_image *policy = get_image();
	__u32 state = node_at(above)->match_state, rule;
	struct ioasid_cgroup_level level = {};
	struct ioasid_engine *engine = get_engine();
	int i;

	if (!policy || !engine || ioasid_cgroup_level(cgrp, depth, &level))
		return;
	__sync_fetch_and_add(&engine->nodes_full, 1);
	bpf_for(i, 0, IOASID_MAX_LEVELS) {
		if (ioasid_cgroup_level(cgrp, depth + i, &level))
			return;
		state = match_child(state, level.name);
		if (state == IOASID_MATCH_NONE)
			return;		/* no descendant has a rule either */
		rule = ioasid_match_rule(policy, state);
		if (rule && policy->rules[(rule - 1) & (IOASID_MAX_RULES - 1)].mode ==
			    IOASID_MODE_ENFORCE) {
			uncounted->rule = rule;
			break;
		}
	}
	uncounted->cgroup_id = level.cgroup_id;
}

/*
 * Return the node of @cgrp, updated, with the nodes of all its ancestors. A
 * cgroup that is too deep, or for which no node is free, is counted in its
 * nearest ancestor with a node; @uncounted then names the rule that cannot be
 * applied. 0: not even the root has a node.
 */
static __noinline __u32 find_node(struct cgroup *cgrp, struct uncounted *uncounted)
{
	struct ioasid_cgroup_level level = {};
	struct ioasid_node *node;
	__u32 index = 0, found = 1;
	int depth;

	bpf_for(depth, 0, IOASID_MAX_DEPTH) {
		if (ioasid_cgroup_level(cgrp, depth, &level))
			break;
		found = claim_node(level.cgroup_id, index, depth, level.name);
		if (!found)
			break;
		node = node_at(found);
		if (node->parent != index) {	/* was claimed again */
			node->parent = index;
			refresh(found, level.name);
		}
		if (node->generation != current_generation())
			refresh(found, level.name);
		if (node->reserve != node->pasids.granted)
			update_grant(found);
		index = found;
	}
	if (unlikely(index && (!found || node_at(index)->depth == IOASID_MAX_DEPTH - 1)))
		find_uncounted_rule(cgrp, node_at(index)->depth + 1, index, uncounted);
	return index;
}

/* The same, for hooks that must not fail. */
static __always_inline __u32 force_find_node(struct cgroup *cgrp)
{
	struct uncounted uncounted = {};

	return find_node(cgrp, &uncounted);
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
	uncharge_pasids(node->parent, 0, GRANTED(read_word(&node->pasids)));
	__builtin_memset(node, 0, sizeof(*node));
	put_free_node(index);
}

/* No PASIDs or bindings are held or granted here or in descendants. */
static __always_inline bool is_idle(struct ioasid_node *node)
{
	return node->parent && !read_word(&node->pasids) &&
	       !read_word(&node->bindings) && !read_word(&node->own);
}

#endif /* IOASID_FIND_BPF_H */
