// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy comes, goes, or is replaced.
 *
 * Attaching closes the gate: no allocation runs, every PASID that exists is
 * counted, then the gate opens. So a policy knows all there is from its first
 * moment.
 */
#include "private.h"
#include "trace.h"

static int ioasid_adopt_all(void)
{
	struct ioasid_set *set;
	int ret = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(set, &ioasid_sets, link) {
		if (!refcount_inc_not_zero(&set->refs))
			continue;
		ret = ioasid_policy_adopt(set);
		ioasid_set_put(set);
		if (ret)
			break;
	}
	rcu_read_unlock();
	return ret;
}

/* There may be very many cgroups. A walk goes on from one that is held. */
static void ioasid_show_cgroup(struct cgroup_subsys_state *css, void (*show)(struct cgroup *cgrp))
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

/* Show the policy every cgroup there is, parents first; under a closed gate. */
static void ioasid_show_cgroups(void (*show)(struct cgroup *cgrp))
{
	struct cgroup_subsys_state *css;

	rcu_read_lock();
	css_for_each_descendant_pre(css, &cgrp_dfl_root.cgrp.self)
		ioasid_show_cgroup(css, show);
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
			ioasid_show_cgroups(ioasid_policy_cgroup_new);
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
 * Other programs, or the same with another image: the nodes are the same, so
 * whoever updates keeps the numbers. All cgroups twice: what some of them give
 * up others may get. Nothing that looks at rules runs meanwhile: it would mix
 * those of both. Whoever moves is followed later, and a new cgroup is shown then.
 */
void ioasid_policy_replace(struct ioasid_policy_ops *ops)
{
	ioasid_gate_close();
	ioasid_cgroup_defer();
	ioasid_policy_change(ops);
	ioasid_show_cgroups(ioasid_policy_cgroup_new);
	ioasid_show_cgroups(ioasid_policy_cgroup_new);
	ioasid_show_cgroups(ioasid_policy_cgroup_idle);
	if (ioasid_cgroup_resume())
		ioasid_show_cgroups(ioasid_policy_cgroup_new);
	ioasid_gate_open();
	ioasid_emit(policy, IOASID_POLICY_REPLACED);
}
