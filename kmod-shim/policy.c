// SPDX-License-Identifier: GPL-2.0-only
/*
 * The active policy: a BPF struct_ops, at most one. It is called before a PASID
 * is allocated, bound or used by another process, and when a charge or a cgroup is
 * released. See attach.c.
 *
 * Freeing never waits: it takes set->lock, and policy_generation tells whether
 * the active policy counted the charge.
 */
#include <linux/module.h>

#include "private.h"
#include "trace.h"

static bool fail_closed;
module_param(fail_closed, bool, 0444);
MODULE_PARM_DESC(fail_closed, "deny user allocations that are not charged by a policy");

static struct ioasid_policy_ops __rcu *policy;
/*
 * Generation of the policy. Changed with the gate closed, before the policy is
 * visible.
 */
static u32 generation;

bool ioasid_policy_attached(void)
{
	return rcu_access_pointer(policy);
}

bool ioasid_policy_fail_closed(void)
{
	return fail_closed;
}

/* Does the node of @set belong to the policy that was read before? */
static bool ioasid_policy_knows_node(const struct ioasid_set *set)
{
	/* Pairs with rcu_assign_pointer() in ioasid_policy_begin(). */
	smp_rmb();
	return set->policy_generation == READ_ONCE(generation);
}

/* Initialise a request of the process of @set; with set->lock held. */
static struct ioasid_request ioasid_policy_request(struct ioasid_set *set, enum ioasid_op op,
						   ioasid_t id)
{
	u64 cgroup = cgroup_id(set->cgrp);
	struct ioasid_request req = {
		.set_id = set->id,
		.owner_set_id = set->id,
		.cgroup_id = cgroup,
		.owner_cgroup_id = cgroup,
		.op = op,
		.pasid = id,
		.node = ioasid_policy_knows_node(set) ? set->node : 0,
		.pasids = set->charged,
		.bindings = set->bound,
		.pid = set->pid,
		.uid = set->uid,
		.owner_uid = set->uid,
	};

	memcpy(req.comm, set->comm, sizeof(req.comm));
	return req;
}

/* A held spinlock is an RCU read-side critical section, on PREEMPT_RT too. */
static struct ioasid_policy_ops *ioasid_policy_current(struct ioasid_set *set)
{
	return rcu_dereference_check(policy, lockdep_is_held(&set->lock));
}

void ioasid_policy_deny(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u32 mode,
			int error)
{
	if (mode == IOASID_MODE_ENFORCE)
		atomic64_inc(&ioasid_denials);
	ioasid_emit(deny, req, rule, limit_cgroup, mode, error);
}

/* Pass on only errors that callers know, whatever the policy returns. */
static int ioasid_policy_refusal(int ret)
{
	return ret == -EDQUOT || ret == -EAGAIN || ret == -EPERM || ret == -ENOSPC ? ret : -EPERM;
}

/*
 * Required around hooks that read cgroup names, which programs keep in per-CPU
 * maps. The held spinlock disables preemption except on PREEMPT_RT; this does
 * it there.
 */
static void ioasid_policy_begin_hook(void)
{
	preempt_disable_nested();
}

static void ioasid_policy_end_hook(void)
{
	preempt_enable_nested();
}

/*
 * Process the result of charge and bind: the node charged from now on, or an
 * error. Even on an error, earlier charges may have moved to another node, see
 * ioasid_set_charged_node().
 */
static int ioasid_policy_charge_result(struct ioasid_set *set, const struct ioasid_request *req, int ret)
{
	u32 node = ret < 0 ? req->node : ret;

	if (node) {
		set->node = node;
		set->policy_generation = generation;
	}
	return ret < 0 ? ioasid_policy_refusal(ret) : 0;
}

int ioasid_policy_charge(struct ioasid_set *set, ioasid_t *min, ioasid_t *max)
{
	struct ioasid_policy_ops *ops = ioasid_policy_current(set);
	struct ioasid_request req;
	int ret = 0;

	lockdep_assert_held(&set->lock);
	if (ops && ops->charge) {
		req = ioasid_policy_request(set, IOASID_OP_ALLOC, IOASID_NO_ID);
		req.min = *min;
		req.max = *max;
		ioasid_policy_begin_hook();
		ret = ioasid_policy_charge_result(set, &req, ops->charge(&req, set->cgrp));
		ioasid_policy_end_hook();
		*min = req.min;
		*max = req.max;
	} else if (fail_closed) {
		req = ioasid_policy_request(set, IOASID_OP_ALLOC, IOASID_NO_ID);
		ioasid_policy_deny(&req, 0, 0, IOASID_MODE_ENFORCE, -EPERM);
		ret = -EPERM;
	}
	if (!ret)
		set->charged++;
	return ret;
}

void ioasid_policy_uncharge(struct ioasid_set *set)
{
	struct ioasid_policy_ops *ops = ioasid_policy_current(set);

	lockdep_assert_held(&set->lock);
	set->charged--;
	if (ops && ops->uncharge && set->node && ioasid_policy_knows_node(set))
		ops->uncharge(set->node, 1);
}

int ioasid_policy_bind(struct ioasid_set *set, ioasid_t id, struct ioasid_device *dev)
{
	struct ioasid_policy_ops *ops;
	struct ioasid_request req;
	unsigned long irq;
	int ret = 0;

	spin_lock_irqsave(&set->lock, irq);
	ops = ioasid_policy_current(set);
	if (ops && ops->bind) {
		req = ioasid_policy_request(set, IOASID_OP_BIND, id);
		req.device = dev->id;
		memcpy(req.device_name, dev->name, sizeof(req.device_name));
		ioasid_policy_begin_hook();
		ret = ioasid_policy_charge_result(set, &req, ops->bind(&req, set->cgrp));
		ioasid_policy_end_hook();
	}
	if (!ret)
		set->bound++;
	spin_unlock_irqrestore(&set->lock, irq);
	return ret;
}

void ioasid_policy_unbind(struct ioasid_set *set)
{
	struct ioasid_policy_ops *ops;
	unsigned long irq;

	spin_lock_irqsave(&set->lock, irq);
	ops = ioasid_policy_current(set);
	set->bound--;
	if (ops && ops->unbind && set->node && ioasid_policy_knows_node(set))
		ops->unbind(set->node, 1);
	spin_unlock_irqrestore(&set->lock, irq);
}

void ioasid_policy_move(struct ioasid_set *set)
{
	struct ioasid_policy_ops *ops;
	struct ioasid_request req;
	int ret = 0;

	lockdep_assert_held(&set->lock);
	rcu_read_lock();
	ops = rcu_dereference(policy);
	/*
	 * A node of another generation: nothing was charged yet, or no policy
	 * adopted it.
	 */
	if (ops && ioasid_policy_knows_node(set)) {
		if (!ops->move) {
			ret = set->node;
		} else if (set->charged || set->bound) {
			req = ioasid_policy_request(set, IOASID_OP_NONE, IOASID_NO_ID);
			ioasid_policy_begin_hook();
			ret = ops->move(&req, set->cgrp, set->charged, set->bound);
			ioasid_policy_end_hook();
		}
		set->node = ret > 0 ? ret : 0;
	}
	rcu_read_unlock();
}

void ioasid_policy_cgroup_new(struct cgroup *cgrp)
{
	struct ioasid_policy_ops *ops;
	unsigned long irq;

	rcu_read_lock();
	ops = rcu_dereference(policy);
	if (ops && ops->cgroup_new) {
		local_irq_save(irq);
		ops->cgroup_new(cgrp);
		local_irq_restore(irq);
	}
	rcu_read_unlock();
}

void ioasid_policy_cgroup_idle(struct cgroup *cgrp)
{
	struct ioasid_policy_ops *ops;
	unsigned long irq;

	rcu_read_lock();
	ops = rcu_dereference(policy);
	if (ops && ops->cgroup_idle) {
		local_irq_save(irq);
		ops->cgroup_idle(cgrp);
		local_irq_restore(irq);
	}
	rcu_read_unlock();
}

void ioasid_policy_cgroup_gone(struct cgroup *cgrp)
{
	struct ioasid_policy_ops *ops;

	rcu_read_lock();
	ops = rcu_dereference(policy);
	if (ops && ops->cgroup_gone)
		ops->cgroup_gone(cgrp);
	rcu_read_unlock();
}

int ioasid_policy_may_use(struct ioasid_set *set, struct ioasid_set *owner, ioasid_t id,
			  enum ioasid_op op, u32 device)
{
	struct ioasid_policy_ops *ops;
	struct cgroup *cgrp, *paying;
	struct ioasid_request req;
	unsigned long irq;
	int ret = -EPERM;

	if (owner == set)
		return 0;
	/* Rules are evaluated: exclude a replacement of the policy. */
	ioasid_gate_enter();
	rcu_read_lock();
	/* Read it before the generation of the node is checked. */
	ops = rcu_dereference(policy);
	spin_lock_irqsave(&set->lock, irq);
	req = ioasid_policy_request(set, op, id);
	/* References, so that cgroup_gone is not called before use_foreign. */
	cgrp = set->cgrp;
	cgroup_get(cgrp);
	spin_unlock_irqrestore(&set->lock, irq);
	spin_lock_irqsave(&owner->lock, irq);
	paying = owner->cgrp;
	if (paying)
		cgroup_get(paying);
	spin_unlock_irqrestore(&owner->lock, irq);
	req.owner_set_id = owner->id;
	req.owner_cgroup_id = paying ? cgroup_id(paying) : 0;
	req.owner_uid = READ_ONCE(owner->uid);
	req.device = device;
	if (ops && ops->use_foreign && ioasid_may_access(owner)) {
		local_irq_save(irq);
		ret = ops->use_foreign(&req, cgrp, paying);
		local_irq_restore(irq);
		if (ret)
			ret = ioasid_policy_refusal(ret);
	} else {
		ioasid_policy_deny(&req, 0, 0, IOASID_MODE_ENFORCE, -EPERM);
	}
	rcu_read_unlock();
	ioasid_gate_leave();
	cgroup_put(cgrp);
	if (paying)
		cgroup_put(paying);
	return ret;
}

int ioasid_policy_adopt(struct ioasid_set *set)
{
	struct ioasid_policy_ops *ops;
	unsigned long irq;
	int ret = 0;

	spin_lock_irqsave(&set->lock, irq);
	ops = ioasid_policy_current(set);
	if ((set->charged || set->bound) && ops && ops->adopt) {
		ioasid_policy_begin_hook();
		ret = ops->adopt(set->cgrp, set->charged, set->bound);
		ioasid_policy_end_hook();
		if (ret > 0) {
			set->node = ret;
			set->policy_generation = generation;
		}
	}
	spin_unlock_irqrestore(&set->lock, irq);
	return ret < 0 ? ret : 0;
}

void ioasid_policy_begin(struct ioasid_policy_ops *ops)
{
	WRITE_ONCE(generation, generation + 1);
	rcu_assign_pointer(policy, ops);
	/*
	 * Pairs with smp_mb() in ioasid_on_mkdir(): either the probe sees the
	 * policy, or the cgroup is passed to the policy after this.
	 */
	smp_mb();
}

void ioasid_policy_change(struct ioasid_policy_ops *ops)
{
	rcu_assign_pointer(policy, ops);
	synchronize_rcu();
}
