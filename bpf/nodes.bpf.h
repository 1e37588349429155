/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Nodes: the counters of a cgroup, found by the cgroup's id the first time and
 * by number from then on, and kept in step with the policy in force.
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
 * Variables, each in a map of its own that can be pinned: what every charge looks
 * at is then found without a look-up.
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
 * Id of a cgroup -> its node. All the memory is there from the start: a charge
 * cannot wait for some, and must not be counted elsewhere for the lack of it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, IOASID_MAX_NODES);
	__type(key, __u64);
	__type(value, __u32);
} slots SEC(".maps");

/* Nodes of cgroups that are gone. */
struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__uint(max_entries, IOASID_MAX_NODES);
	__type(value, __u32);
} free_nodes SEC(".maps");

/* Names, while they are compared; interrupts are off meanwhile. */
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

/* The levels that a charge passes, from the one that pays upward; likewise. */
struct ascent {
	__u32 node[IOASID_MAX_DEPTH];
	__u32 count[IOASID_MAX_DEPTH];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ascent);
} ascents SEC(".maps");

/* Never NULL; 0 is a node that nobody has. */
static __always_inline struct ioasid_node *node_at(__u32 index)
{
	struct ioasid_node *node = &nodes[index & (IOASID_MAX_NODES - 1)];

	/* Else the compiler works the address out again for each member. */
	barrier_var(node);
	return node;
}

static __always_inline struct ioasid_engine *the_engine(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&engine, &zero);
}

static __always_inline struct scratch *the_scratch(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&scratch, &zero);
}

static __always_inline struct ascent *the_ascent(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&ascents, &zero);
}

static __always_inline __u32 current_generation(void)
{
	return *(volatile __u32 *)&control.now.generation;
}

static __always_inline const struct ioasid_policy_image *the_image(void)
{
	__u32 active = *(volatile __u32 *)&control.now.active;

	return bpf_map_lookup_elem(&image, &active);
}

/*
 * Functions that are not static are verified once, whoever calls them how
 * often; that is why they take numbers where they could take pointers.
 */

/* @name: address of the cgroup's name. */
__noinline __u32 match_child(__u32 state, __u64 name)
{
	const struct ioasid_policy_image *policy = the_image();
	struct scratch *names = the_scratch();

	if (!policy || !names)
		return IOASID_MATCH_NONE;
	if (bpf_probe_read_kernel_str(names->cgroup, sizeof(names->cgroup), (void *)name) < 0)
		return IOASID_MATCH_NONE;
	return ioasid_match_step(policy, state, names->cgroup);
}

/* No count ever gets there. */
#define NO_LIMIT	0xffffffffull

static __always_inline __u64 limit(__u64 max)
{
	return max < NO_LIMIT ? max : NO_LIMIT;
}

/* What the rule with this index says of the node whose own it is. */
static __always_inline void obey(struct ioasid_node *node, __u32 self,
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
	if (!rule->alone) {
		node->outer = parent->governor_node;
		node->checks |= parent->checks;
	}
}

/*
 * No rule of its own: counted, and governed by the nearest ancestor's, or by
 * nobody's. The root has no parent.
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

/* What the policy in force says of a cgroup; its parent is up to date. */
__noinline int refresh(__u32 self, __u64 name)
{
	const struct ioasid_policy_image *policy;
	struct ioasid_node *node = node_at(self), *parent;
	__u32 generation = current_generation(), rule;
	bool reserve;

	policy = the_image();
	if (!policy)
		return 0;
	reserve = policy->distribution == IOASID_DISTRIBUTION_RESERVE;
	parent = node->parent ? node_at(node->parent) : NULL;
	node->match_state = parent ? match_child(parent->match_state, name) : IOASID_MATCH_START;
	rule = parent ? ioasid_match_rule(policy, node->match_state) : 0;
	node->rule = rule;
	if (parent && rule) {
		node->governor = rule;
		obey(node, self, parent, &policy->rules[(rule - 1) & (IOASID_MAX_RULES - 1)], reserve);
	} else {
		inherit(node, parent, policy->default_max);
		if (!parent && reserve)
			node->pasids.max = limit(policy->capacity);
	}
	if (reserve)
		node->checks |= IOASID_CHECK_RESERVE;
	/* An exchange: nobody sees the generation before the rest. */
	__sync_lock_test_and_set(&node->generation, generation);
	return 0;
}

/* 0: there is none, or the last ones are not for a cgroup without a rule. */
static __always_inline __u32 take_free_node(bool ruled)
{
	struct ioasid_engine *state = the_engine();
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
	struct ioasid_engine *state = the_engine();

	bpf_map_push_elem(&free_nodes, &index, 0);
	if (state)
		__sync_fetch_and_add(&state->used, -1);
}

/* The rule for exactly the cgroup of that name below a node in this state. */
static __always_inline __u32 rule_for(__u32 state)
{
	const struct ioasid_policy_image *policy = the_image();

	return policy ? ioasid_match_rule(policy, state) : 0;
}

static __always_inline __u32 known_node(__u64 cgroup_id)
{
	__u32 *index = bpf_map_lookup_elem(&slots, &cgroup_id);

	return index ? *index : 0;
}

/* The node of that cgroup, made if there is none; 0: there is no room. */
__noinline __u32 claim_node(__u64 cgroup_id, __u32 parent, __u32 depth, __u64 name)
{
	__u32 index = known_node(cgroup_id);
	struct ioasid_node *node;

	if (index)
		return index;
	index = take_free_node(!parent || rule_for(match_child(node_at(parent)->match_state, name)));
	if (!index)
		return 0;
	node = node_at(index);
	__builtin_memset(node, 0, sizeof(*node));
	node->parent = parent;
	node->depth = depth;
	refresh(index, name);
	node->cgroup_id = cgroup_id;
	if (!bpf_map_update_elem(&slots, &cgroup_id, &index, BPF_NOEXIST))
		return index;
	node->cgroup_id = 0;	/* another CPU was first */
	put_free_node(index);
	return known_node(cgroup_id);
}

#endif /* IOASID_NODES_BPF_H */
