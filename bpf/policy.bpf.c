// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy: limits per cgroup, rates, ranges, devices, and who may use a
 * PASID. The hooks are specified in <ioasid/policy_ops.h>.
 *
 * A charge goes to the node of the charged cgroup and of all ancestors, with a
 * compare-and-swap at each. No level ever exceeds its limit, not even
 * temporarily, except by a move, an adoption or audit mode, which the engine
 * counts. A denied request undoes its charges.
 */
#include "governor.bpf.h"

extern void ioasid_set_charged_node(struct ioasid_request *req, __u32 node) __ksym;

/*
 * Deny: the cgroup has a rule, but no node is left to count in, so the rule
 * cannot be enforced.
 */
static __noinline int deny_uncounted(struct ioasid_request *req, const struct uncounted *uncounted)
{
	const struct ioasid_policy_image *policy = get_image();
	struct ioasid_engine *engine = get_engine();
	__u32 id = 0;

	if (policy && uncounted->rule)
		id = policy->rules[(uncounted->rule - 1) & (IOASID_MAX_RULES - 1)].id;
	ioasid_report_denial(req, id, uncounted->cgroup_id, IOASID_MODE_ENFORCE, -EPERM);
	if (engine)
		__sync_fetch_and_add(&engine->uncounted, 1);
	return -EPERM;
}

/* 0: none, because an argument is not a node. */
__noinline __u32 common_ancestor(__u32 left, __u32 right)
{
	int i;

	bpf_for(i, 0, 2 * IOASID_MAX_DEPTH) {
		if (left == right)
			break;
		if (node_at(left)->depth >= node_at(right)->depth)
			left = node_at(left)->parent;
		else
			right = node_at(right)->parent;
	}
	return left == right ? left : 0;
}

/*
 * Below the nearest common ancestor, one side is uncharged and the other
 * charged. If a grant covers part of the amount, the difference is charged or
 * uncharged from the ancestor on.
 */
__noinline int move_pasids(__u32 from, __u32 to, __u64 count)
{
	__u32 common = common_ancestor(from, to);
	__u64 left = uncharge_pasids(from, common, count);
	__u64 entered = force_charge_pasids(to, common, count);

	if (entered > left)
		force_charge_pasids(common, 0, entered - left);
	else if (left > entered)
		uncharge_pasids(common, 0, left - entered);
	return 0;
}

/* Bindings have no grants. */
__noinline int move_bindings(__u32 from, __u32 to, __u64 count)
{
	__u32 common = common_ancestor(from, to);

	uncharge_bindings(from, common, count);
	force_charge_bindings(to, common, count);
	return 0;
}

/* Charge @to for all that a process holds. */
__noinline int move_charges(__u32 from, __u32 to, __u32 pasids, __u32 bindings)
{
	uncharge_counter(&node_at(from)->own, pasids);
	force_charge(&node_at(to)->own, pasids);
	move_pasids(from, to, pasids);
	move_bindings(from, to, bindings);
	return 0;
}

/*
 * Return the updated node to charge for @req, or an error. If no node was free
 * for the cgroup and one is now, the process's charges move to it. If the
 * process holds nothing, its previous node may already belong to another
 * cgroup.
 */
static __always_inline int charged_node(struct ioasid_request *req, struct cgroup *cgrp)
{
	__u32 before = req->node, found;
	struct uncounted uncounted = {};

	/*
	 * An ancestor's node does not tell whether the cgroup itself has a
	 * rule.
	 */
	if (before && node_at(before)->generation == current_generation() &&
	    node_at(before)->cgroup_id == req->cgroup_id)
		return before;
	found = find_node(cgrp, &uncounted);
	if (unlikely(uncounted.cgroup_id))
		return deny_uncounted(req, &uncounted);
	if (!found)
		return before ? before : -EPERM;
	if (before && found != before && (req->pasids || req->bindings)) {
		move_charges(before, found, req->pasids, req->bindings);
		ioasid_set_charged_node(req, found);
	}
	return found;
}

SEC("struct_ops/charge")
int BPF_PROG(charge, struct ioasid_request *req, struct cgroup *cgrp)
{
	int ret, asking = charged_node(req, cgrp);
	struct ioasid_node *node = node_at(asking);
	__s64 reached = 0;
	__u64 stop;

	if (asking < 0)
		return asking;
	if (!try_charge(&node->own))
		return deny(req, asking, asking, -EDQUOT);
	stop = node->checks & IOASID_CHECK_RESERVE ? STOP_RESERVED : charge_pasids(asking);
	if (stop) {
		reached = stop == STOP_RESERVED ? charge_reserved(req, asking) :
						  resume_pasids(req, asking, stop);
		ret = reached;
		if (reached < 0)
			goto give_back;
	}
	if (node->checks & (IOASID_CHECK_RANGE | IOASID_CHECK_RATE)) {
		ret = check_rules(req, asking, node->checks);
		if (ret) {
			uncharge_pasids(asking, 0, 1);
			goto give_back;
		}
	}
	if (stop)
		raise_pasids_peaks(asking);
	if (reached)
		warn_path(req, asking, reached);
	return asking;
give_back:
	uncharge_counter(&node->own, 1);
	return ret;
}

SEC("struct_ops/uncharge")
int BPF_PROG(uncharge, __u32 paying, __u32 count)
{
	uncharge_counter(&node_at(paying)->own, count);
	uncharge_path(paying, 0, count, PASIDS);
	return 0;
}

SEC("struct_ops/bind")
int BPF_PROG(bind, struct ioasid_request *req, struct cgroup *cgrp)
{
	int ret, asking = charged_node(req, cgrp);
	struct ioasid_node *node = node_at(asking);
	__u64 stop;

	if (asking < 0)
		return asking;
	if (node->checks & IOASID_CHECK_DEVICES) {
		ret = check_devices(req, asking);
		if (ret)
			return ret;
	}
	stop = charge_bindings(asking);
	if (stop) {
		ret = resume_bindings(req, asking, stop);
		if (ret)
			return ret;
		raise_bindings_peaks(asking);
	}
	return asking;
}

SEC("struct_ops/unbind")
int BPF_PROG(unbind, __u32 node, __u32 count)
{
	uncharge_bindings(node, 0, count);
	return 0;
}

SEC("struct_ops/adopt")
int BPF_PROG(adopt, struct cgroup *cgrp, __u32 pasids, __u32 bindings)
{
	__u32 paying = force_find_node(cgrp);
	struct ioasid_node *node = node_at(paying);

	if (!paying)
		return -EPERM;
	force_charge(&node->own, pasids);
	force_charge_pasids(paying, 0, pasids);
	force_charge_bindings(paying, 0, bindings);
	return paying;
}

/*
 * Bit mask of the depths whose warning level was reached by moving @count
 * PASIDs in.
 */
__noinline __u64 entered_warnings(__u32 to, __u32 common, __u32 count)
{
	struct ioasid_node *node;
	__u64 reached = 0, use;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (!to || to == common)
			break;
		node = node_at(to);
		use = USE(read_word(&node->pasids));
		if (node->warn_at && use >= node->warn_at && use < node->warn_at + count)
			reached |= 1ull << (node->depth & (IOASID_MAX_DEPTH - 1));
		to = node->parent;
	}
	return reached;
}

SEC("struct_ops/move")
int BPF_PROG(move, struct ioasid_request *req, struct cgroup *cgrp, __u32 pasids, __u32 bindings)
{
	__u32 from = req->node, to = force_find_node(cgrp);

	if (!to)
		return 0;
	move_charges(from, to, pasids, bindings);
	warn_path(req, to, entered_warnings(to, common_ancestor(from, to), pasids));
	return to;
}

/*
 * The rules that govern the holder decide who may use its PASID. Audit mode
 * does not permit what is denied without a policy.
 */
SEC("struct_ops/use_foreign")
int BPF_PROG(use_foreign, struct ioasid_request *req, struct cgroup *cgrp, struct cgroup *owner)
{
	struct uncounted uncounted = {};
	__u32 holder = find_node(owner, &uncounted), asker;
	const struct ioasid_rule *rule = NULL;

	if (holder && !uncounted.cgroup_id)
		rule = owner_rule(holder);
	if (rule && rule->owner == IOASID_OWNER_USER)
		return 0;
	if (rule && rule->owner == IOASID_OWNER_CGROUP &&
	    req->owner_cgroup_id == req->cgroup_id)
		return 0;

	ioasid_report_denial(req, rule ? rule->id : 0, req->owner_cgroup_id,
			     IOASID_MODE_ENFORCE, -EPERM);
	if (holder)
		__sync_fetch_and_add(&node_at(holder)->denied_here, 1);
	asker = force_find_node(cgrp);
	if (asker)
		__sync_fetch_and_add(&node_at(asker)->denied_asked, 1);
	return -EPERM;
}

/*
 * Write the generation last. A reader that reads the generation after the image
 * has data of this image or of a later one, and then reads again.
 */
static __always_inline void activate_next(void)
{
	volatile struct ioasid_policy_version *now = &control.now, *next = &control.next;

	if (next->generation == now->generation)
		return;
	now->active = next->active;
	now->applied_ns = next->applied_ns;
	now->generation = next->generation;
}

/* The cgroup's rule may request a grant before the first PASID is requested. */
SEC("struct_ops/cgroup_new")
int BPF_PROG(cgroup_new, struct cgroup *cgrp)
{
	const struct ioasid_policy_image *policy;

	/* On attach and replace, the root is the first cgroup passed. */
	if (!BPF_CORE_READ(cgrp, level))
		activate_next();
	policy = get_image();
	if (policy && (policy->distribution == IOASID_DISTRIBUTION_RESERVE || has_node(cgrp)))
		force_find_node(cgrp);
	return 0;
}

/* Whether this pass over all cgroups releases nodes. */
static bool releasing;

/*
 * Release idle nodes while many are in use; otherwise their history is worth
 * more. With `distribution: reserve` every cgroup keeps its node. Decided for the
 * whole pass, at the root, which is passed first: the descendants of an idle
 * cgroup are idle, too, and no node may keep a parent that is released.
 */
SEC("struct_ops/cgroup_idle")
int BPF_PROG(cgroup_idle, struct cgroup *cgrp)
{
	const struct ioasid_policy_image *policy = get_image();
	struct ioasid_engine *engine = get_engine();

	if (!BPF_CORE_READ(cgrp, level))
		releasing = policy && engine &&
			    policy->distribution != IOASID_DISTRIBUTION_RESERVE &&
			    engine->used >= (IOASID_MAX_NODES - IOASID_SPARE_NODES) / 2;
	if (releasing && is_idle(node_at(known_node(BPF_CORE_READ(cgrp, kn, id)))))
		forget_node(cgrp);
	return 0;
}

SEC("struct_ops/cgroup_gone")
int BPF_PROG(cgroup_gone, struct cgroup *cgrp)
{
	forget_node(cgrp);
	return 0;
}

SEC(".struct_ops.link")
struct ioasid_policy_ops ioasid_policy = {
#define X(type, hook, ...) .hook = (void *)hook,
	IOASID_POLICY_HOOKS(X)
#undef X
	.name = "pasidctl",
};
