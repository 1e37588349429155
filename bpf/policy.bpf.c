// SPDX-License-Identifier: GPL-2.0
/*
 * The policy: quotas per cgroup, and who may use a PASID. The hooks and what
 * they promise are in <ioasid/policy_ops.h>.
 *
 * A charge is taken from the paying cgroup's node up to the root's, each level
 * by compare and swap: no level ever exceeds its limit, not for a moment, but
 * by a move, an adoption or in audit mode. A refusal gives back what was taken
 * below.
 */
#include "nodes.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#include <ioasid/policy_ops.h>
#pragma clang attribute pop

extern void ioasid_report_denial(const struct ioasid_request *req, __u32 rule,
				 __u64 limit_cgroup_id, __u32 mode, int error) __ksym;
extern struct cgroup *bpf_cgroup_from_id(u64 id) __ksym;

#define RETRIES	1024	/* each one means that another CPU got through */

static __always_inline void raise_peak(struct ioasid_node *node, __u64 current)
{
	__u64 peak = node->peak;

	/* Two tries: another CPU that comes between has raised it itself. */
	if (current > peak &&
	    __sync_val_compare_and_swap(&node->peak, peak, current) != peak) {
		peak = node->peak;
		if (current > peak)
			__sync_val_compare_and_swap(&node->peak, peak, current);
	}
}

/* Whatever the limit. */
static __always_inline void take_anyway(struct ioasid_node *node, __u64 count)
{
	raise_peak(node, __sync_fetch_and_add(&node->current, count) + count);
}

static __always_inline void give_back(struct ioasid_node *node, __u64 count)
{
	__u64 before = __sync_fetch_and_add(&node->current, -count);
	struct ioasid_engine *state;

	if (before >= count)
		return;
	__sync_fetch_and_add(&node->current, count);
	state = the_engine();
	if (state)
		__sync_fetch_and_add(&state->underflows, 1);
}

/* Others are at it: try until it is taken or full. */
static __noinline int take_contended(struct ioasid_node *node, __u64 limit)
{
	__u64 current;
	int i;

	if (!node)
		return 0;
	bpf_for(i, 0, RETRIES) {
		current = *(volatile __u64 *)&node->current;
		if (current >= limit)
			return 0;
		if (__sync_val_compare_and_swap(&node->current, current, current + 1) == current) {
			raise_peak(node, current + 1);
			return 1;
		}
	}
	return 0;
}

static __always_inline int take(struct ioasid_node *node, __u64 limit)
{
	__u64 current = *(volatile __u64 *)&node->current;

	if (current >= limit)
		return 0;
	if (__sync_val_compare_and_swap(&node->current, current, current + 1) != current)
		return take_contended(node, limit);
	raise_peak(node, current + 1);
	return 1;
}

static __noinline int give_back_path(__u32 from, __u32 until, __u64 count)
{
	struct ioasid_node *node;
	__u32 index = from;
	int i;

	for (i = 0; i < IOASID_MAX_DEPTH && index != until; i++) {
		node = node_at(index);
		if (!node)
			break;
		give_back(node, count);
		index = node->parent;
	}
	return 0;
}

/* Count and announce; true: it is refused, not only reported. */
static __noinline int refused(struct ioasid_request *req, __u32 asking, __u32 limiting, int error)
{
	struct ioasid_node *asker = node_at(asking);
	struct ioasid_node *limit = node_at(limiting);

	if (!asker || !limit)
		return 1;
	ioasid_report_denial(req, limit->rule_id, limit->cgroup_id, limit->mode, error);
	if (limit->mode == IOASID_MODE_AUDIT) {
		__sync_fetch_and_add(&limit->would_deny, 1);
		return 0;
	}
	__sync_fetch_and_add(&limit->denied_here, 1);
	__sync_fetch_and_add(&asker->denied_asked, 1);
	return 1;
}

SEC("struct_ops/charge")
int BPF_PROG(charge, struct ioasid_request *req, struct cgroup *cgrp)
{
	const struct ioasid_policy_control *now = the_control();
	__u32 asking = req->node, index;
	struct ioasid_node *node;
	int i;

	node = asking ? node_at(asking) : NULL;
	if (!node || !now || node->cgroup_id != req->cgroup_id ||
	    node->generation != now->generation) {
		asking = find_node(cgrp);
		node = asking ? node_at(asking) : NULL;
		if (!node)
			return -EPERM;
	}
	index = asking;
	for (i = 0; i < IOASID_MAX_DEPTH; i++) {
		node = node_at(index);
		if (!node)
			break;
		if (!take(node, i ? node->max : node->own_max)) {
			if (refused(req, asking, index, -EDQUOT)) {
				give_back_path(asking, index, 1);
				return -EDQUOT;
			}
			take_anyway(node, 1);
		}
		index = node->parent;
		if (!index)
			break;
	}
	return asking;
}

SEC("struct_ops/uncharge")
int BPF_PROG(uncharge, __u32 node, __u32 count)
{
	give_back_path(node, 0, count);
	return 0;
}

SEC("struct_ops/adopt")
int BPF_PROG(adopt, struct cgroup *cgrp, __u32 count)
{
	__u32 paying = find_node(cgrp), index = paying;
	struct ioasid_node *node;
	int i;

	if (!paying)
		return -EPERM;
	for (i = 0; i < IOASID_MAX_DEPTH && index; i++) {
		node = node_at(index);
		if (!node)
			break;
		take_anyway(node, count);
		index = node->parent;
	}
	return paying;
}

/* Only what lies below the nearest common ancestor changes. */
SEC("struct_ops/move")
int BPF_PROG(move, __u32 from, struct cgroup *cgrp, __u32 count)
{
	__u32 to = find_node(cgrp), left = from, right = to;
	struct ioasid_node *leaving, *entering;
	int i;

	if (!to)
		return 0;
	for (i = 0; i < 2 * IOASID_MAX_DEPTH && left != right; i++) {
		leaving = node_at(left);
		entering = node_at(right);
		if (!leaving || !entering)
			break;
		if (leaving->depth >= entering->depth) {
			give_back(leaving, count);
			left = leaving->parent;
		} else {
			take_anyway(entering, count);
			right = entering->parent;
		}
	}
	return to;
}

static __always_inline __u32 known_node(__u64 cgroup_id)
{
	struct cgroup *cgrp = bpf_cgroup_from_id(cgroup_id);
	__u32 *slot, index = 0;

	if (!cgrp)
		return 0;
	slot = bpf_cgrp_storage_get(&slots, cgrp, 0, 0);
	if (slot)
		index = *slot;
	bpf_cgroup_release(cgrp);
	return index;
}

/* The rule of the cgroup that holds the PASID says who may use it. */
SEC("struct_ops/use_foreign")
int BPF_PROG(use_foreign, struct ioasid_request *req)
{
	const struct ioasid_policy_image *policy = the_image();
	__u32 owner = IOASID_OWNER_PROCESS;
	struct ioasid_node *node, *asker;
	__u32 rule = 0, governor;

	node = node_at(known_node(req->owner_cgroup_id));
	if (policy && node && node->governor) {
		governor = (node->governor - 1) & (IOASID_MAX_RULES - 1);
		owner = policy->rules[governor].owner;
		rule = policy->rules[governor].id;
	}
	if (owner == IOASID_OWNER_USER)
		return 0;
	if (owner == IOASID_OWNER_CGROUP && req->owner_cgroup_id == req->cgroup_id)
		return 0;

	/* Audit mode does not open what is closed without a policy. */
	ioasid_report_denial(req, rule, req->owner_cgroup_id, IOASID_MODE_ENFORCE, -EPERM);
	if (node)
		__sync_fetch_and_add(&node->denied_here, 1);
	asker = node_at(known_node(req->cgroup_id));
	if (asker)
		__sync_fetch_and_add(&asker->denied_asked, 1);
	return -EPERM;
}

SEC("struct_ops/cgroup_gone")
int BPF_PROG(cgroup_gone, struct cgroup *cgrp)
{
	forget_node(cgrp);
	return 0;
}

SEC(".struct_ops.link")
struct ioasid_policy_ops ioasid_policy = {
	.charge = (void *)charge,
	.uncharge = (void *)uncharge,
	.adopt = (void *)adopt,
	.move = (void *)move,
	.use_foreign = (void *)use_foreign,
	.cgroup_gone = (void *)cgroup_gone,
	.name = "pasidctl",
};
