// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attach, replace and remove a policy.
 *
 * Attaching closes the gate, which blocks allocations, charges all existing
 * PASIDs and opens the gate again. A policy therefore accounts for all PASIDs
 * from the start.
 */
#include "private.h"
#include "trace.h"

static int ioasid_adopt_all(void)
{
	struct ioasid_set *set;
	unsigned int nr = 0;
	int ret = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(set, &ioasid_sets, link) {
		if (!refcount_inc_not_zero(&set->refs))
			continue;
		ret = ioasid_policy_adopt(set);
		/* There may be many sets. The reference keeps the position. */
		if (!(++nr % 256)) {
			rcu_read_unlock();
			cond_resched();
			rcu_read_lock();
		}
		ioasid_set_put(set);
		if (ret)
			break;
	}
	rcu_read_unlock();
	return ret;
}

/*
 * There may be many cgroups: reschedule, and continue from one with a
 * reference.
 */
static void ioasid_pass_cgroup(struct cgroup_subsys_state *css, void (*show)(struct cgroup *cgrp))
	__must_hold(RCU)
{
	if (!css_tryget_online(css))
		return;
	show(css->cgroup);
	rcu_read_unlock();
	cond_resched();
	rcu_read_lock();
	css_put(css);
}

/* Pass every cgroup to the policy, parents first; with the gate closed. */
static void ioasid_pass_cgroups(void (*show)(struct cgroup *cgrp))
{
	struct cgroup_subsys_state *css;

	rcu_read_lock();
	css_for_each_descendant_pre(css, &cgrp_dfl_root.cgrp.self)
		ioasid_pass_cgroup(css, show);
	rcu_read_unlock();
}

int ioasid_policy_attach(struct ioasid_policy_ops *ops)
{
	int ret = -EEXIST;

	ioasid_gate_close();
	if (!ioasid_policy_attached()) {
		ioasid_policy_begin(ops);
		ret = ioasid_adopt_all();
		if (ret)
			ioasid_policy_change(NULL);
		else
			ioasid_pass_cgroups(ioasid_policy_cgroup_new);
	}
	ioasid_gate_open();
	if (!ret)
		ioasid_emit(policy, IOASID_POLICY_ATTACHED);
	return ret;
}

void ioasid_policy_detach(void)
{
	ioasid_gate_close();
	ioasid_policy_change(NULL);
	ioasid_gate_open();
	ioasid_emit(policy, IOASID_POLICY_REMOVED);
}

/*
 * Replace the programs, or update them with another image. The nodes do not
 * change, so the new programs must keep the counters. All cgroups are passed
 * twice, because grants that some of them give up can go to others. Nothing
 * that evaluates rules may run meanwhile, because it would mix old and new
 * rules: moves are processed and new cgroups are passed afterwards.
 */
void ioasid_policy_replace(struct ioasid_policy_ops *ops)
{
	ioasid_gate_close();
	ioasid_cgroup_defer();
	ioasid_policy_change(ops);
	ioasid_pass_cgroups(ioasid_policy_cgroup_new);
	ioasid_pass_cgroups(ioasid_policy_cgroup_new);
	ioasid_pass_cgroups(ioasid_policy_cgroup_idle);
	if (ioasid_cgroup_resume())
		ioasid_pass_cgroups(ioasid_policy_cgroup_new);
	ioasid_gate_open();
	ioasid_emit(policy, IOASID_POLICY_REPLACED);
}
