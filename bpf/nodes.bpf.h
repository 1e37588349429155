/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nodes: the counters of a cgroup. A node is found by the cgroup's ID first and
 * by its index from then on, and is updated when the policy changes.
 */
#ifndef IOASID_NODES_BPF_H
#define IOASID_NODES_BPF_H

#include "common.bpf.h"
#include <ioasid/node.h>
#include <ioasid/policy.h>
#include <ioasid/match.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#include <ioasid/policy_ops.h>
#pragma clang attribute pop

extern int ioasid_cgroup_level(struct cgroup *cgrp, __u32 depth,
			       struct ioasid_cgroup_level *level) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct ioasid_policy_image);
} image SEC(".maps");

/*
 * Variables, each in a map of its own that can be pinned. Charges access them
 * without a map lookup.
 */
struct ioasid_policy_control control SEC(".bss.control");
struct ioasid_node nodes[IOASID_MAX_NODES] SEC(".bss.nodes");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ioasid_engine);
} engine SEC(".maps");

/*
 * Cgroup ID -> node. Preallocated: a charge cannot wait for memory, and a
 * failed allocation would count it in the wrong node.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, IOASID_MAX_NODES);
	__type(key, __u64);
	__type(value, __u32);
} slots SEC(".maps");

/* Nodes of removed cgroups. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, IOASID_MAX_NODES);
	__type(value, __u32);
} free_nodes SEC(".maps");

/* Buffers for name comparison; used with interrupts disabled. */
struct scratch {
	char cgroup[IOASID_CGROUP_NAME_LEN];
	char device[IOASID_DEVICE_NAME_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

/*
 * Levels that a charge passes, from the charged node up; used with interrupts
 * disabled.
 */
struct charge_plan {
	__u32 node[IOASID_MAX_DEPTH];
	__u32 count[IOASID_MAX_DEPTH];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct charge_plan);
} charge_plans SEC(".maps");

/* Never NULL; node 0 is unused. */
static __always_inline struct ioasid_node *node_at(__u32 index)
{
	struct ioasid_node *node = &nodes[index & (IOASID_MAX_NODES - 1)];

	/*
	 * Prevents the compiler from recomputing the address for each member.
	 */
	barrier_var(node);
	return node;
}

static __always_inline struct ioasid_engine *get_engine(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&engine, &zero);
}

static __always_inline struct scratch *get_scratch(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&scratch, &zero);
}

static __always_inline struct charge_plan *get_charge_plan(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&charge_plans, &zero);
}

static __always_inline __u32 current_generation(void)
{
	return *(volatile __u32 *)&control.now.generation;
}

static __always_inline const struct ioasid_policy_image *get_image(void)
{
	__u32 active = *(volatile __u32 *)&control.now.active;

	return bpf_map_lookup_elem(&image, &active);
}

/*
 * The verifier checks non-static functions once, regardless of the number of
 * callers. For this they take indexes instead of pointers.
 */

/* @name: address of the cgroup's name. */
__noinline __u32 match_child(__u32 state, __u64 name)
{
	const struct ioasid_policy_image *policy = get_image();
	struct scratch *names = get_scratch();

	if (!policy || !names)
		return IOASID_MATCH_NONE;
	if (bpf_probe_read_kernel_str(names->cgroup, sizeof(names->cgroup), (void *)name) < 0)
		return IOASID_MATCH_NONE;
	return ioasid_match_step(policy, state, names->cgroup);
}

/* Above any possible count. */
#define NO_LIMIT	0xffffffffull

static __always_inline __u64 limit(__u64 max)
{
	return max < NO_LIMIT ? max : NO_LIMIT;
}

/* Apply a rule to the node of the cgroup that it matches. */
static __always_inline void apply_rule(struct ioasid_node *node, __u32 self,
				 const struct ioasid_node *parent,
				 const struct ioasid_rule *rule, bool reserve)
{
	node->pasids.max = limit(rule->max);
	node->bindings.max = limit(rule->max_bindings);
	node->own.max = NO_LIMIT;
	node->mode = rule->mode;
	node->rule_id = rule->id;
	node->warn_at = 0;
	if (rule->warn_percent && rule->max < NO_LIMIT)
		node->warn_at = (rule->max * rule->warn_percent + 99) / 100;
	node->governor_node = self;
	node->reserve = 0;
	if (reserve && rule->mode == IOASID_MODE_ENFORCE && rule->max < NO_LIMIT)
		node->reserve = rule->max;
	node->checks = (rule->range_max ? IOASID_CHECK_RANGE : 0) |
		       (rule->rate ? IOASID_CHECK_RATE : 0) |
		       (rule->nr_devices ? IOASID_CHECK_DEVICES : 0);
	node->outer = 0;
	if (!rule->no_inherit) {
		node->outer = parent->governor_node;
		node->checks |= parent->checks;
	}
}

/*
 * No rule matches: the cgroup is counted, and governed by the nearest
 * ancestor's rule, if any. The root has no parent.
 */
static __always_inline void inherit(struct ioasid_node *node, const struct ioasid_node *parent,
				    __u64 default_max)
{
	node->pasids.max = NO_LIMIT;
	node->bindings.max = NO_LIMIT;
	node->own.max = parent && parent->governor ? NO_LIMIT : limit(default_max);
	node->mode = IOASID_MODE_ENFORCE;
	node->rule_id = 0;
	node->warn_at = 0;
	node->reserve = 0;
	node->governor = parent ? parent->governor : 0;
	node->governor_node = parent ? parent->governor_node : 0;
	node->outer = 0;
	node->checks = parent ? parent->checks : 0;
}

/* Apply the active policy to a node; its parent is up to date. */
__noinline int refresh(__u32 self, __u64 name)
{
	const struct ioasid_policy_image *policy;
	struct ioasid_node *node = node_at(self), *parent;
	__u32 generation = current_generation(), rule;
	bool reserve;

	policy = get_image();
	if (!policy)
		return 0;
	reserve = policy->distribution == IOASID_DISTRIBUTION_RESERVE;
	parent = node->parent ? node_at(node->parent) : NULL;
	node->match_state = parent ? match_child(parent->match_state, name) : IOASID_MATCH_START;
	rule = parent ? ioasid_match_rule(policy, node->match_state) : 0;
	node->rule = rule;
	if (parent && rule) {
		node->governor = rule;
		apply_rule(node, self, parent, &policy->rules[(rule - 1) & (IOASID_MAX_RULES - 1)], reserve);
	} else {
		inherit(node, parent, policy->default_max);
		if (!parent && reserve)
			node->pasids.max = limit(policy->capacity);
	}
	if (reserve)
		node->checks |= IOASID_CHECK_RESERVE;
	/*
	 * A full barrier: the generation becomes visible after the other
	 * members.
	 */
	__sync_lock_test_and_set(&node->generation, generation);
	return 0;
}

/*
 * 0: none is free, or the remaining ones are reserved for cgroups with a rule.
 */
static __always_inline __u32 pop_free_node(bool ruled)
{
	struct ioasid_engine *state = get_engine();
	__u32 index = 0, limit = IOASID_MAX_NODES - 1;

	if (!state)
		return 0;
	if (!ruled)
		limit -= IOASID_SPARE_NODES;
	if (__sync_fetch_and_add(&state->used, 1) < limit) {
		if (!bpf_map_pop_elem(&free_nodes, &index))
			return index;
		index = __sync_fetch_and_add(&state->last_node, 1) + 1;
		if (index < IOASID_MAX_NODES)
			return index;
		__sync_fetch_and_add(&state->last_node, -1);
	}
	__sync_fetch_and_add(&state->used, -1);
	return 0;
}

static __always_inline void put_free_node(__u32 index)
{
	struct ioasid_engine *state = get_engine();

	bpf_map_push_elem(&free_nodes, &index, 0);
	if (state)
		__sync_fetch_and_add(&state->used, -1);
}

/* The rule for exactly the cgroup with this match state. */
static __always_inline __u32 rule_for(__u32 state)
{
	const struct ioasid_policy_image *policy = get_image();

	return policy ? ioasid_match_rule(policy, state) : 0;
}

static __always_inline __u32 known_node(__u64 cgroup_id)
{
	__u32 *index = bpf_map_lookup_elem(&slots, &cgroup_id);

	return index ? *index : 0;
}

/* Find or create the node of a cgroup; 0: no node is free. */
__noinline __u32 claim_node(__u64 cgroup_id, __u32 parent, __u32 depth, __u64 name)
{
	__u32 index = known_node(cgroup_id);
	struct ioasid_node *node;

	if (index)
		return index;
	index = pop_free_node(!parent || rule_for(match_child(node_at(parent)->match_state, name)));
	if (!index)
		return 0;
	node = node_at(index);
	__builtin_memset(node, 0, sizeof(*node));
	node->parent = parent;
	node->depth = depth;
	refresh(index, name);
	if (!bpf_map_update_elem(&slots, &cgroup_id, &index, BPF_NOEXIST)) {
		/* Only now: a process may still remember the node as this cgroup's. */
		node->cgroup_id = cgroup_id;
		return index;
	}
	put_free_node(index);	/* another CPU created it */
	return known_node(cgroup_id);
}

#endif /* IOASID_NODES_BPF_H */
