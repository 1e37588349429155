// SPDX-License-Identifier: GPL-2.0
/*
 * The process whose set it is: who that is, and which cgroup pays for it.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "compat.h"
#include "private.h"
#include "trace.h"

/* The leader may have exited before its threads; then moves leave it behind. Under RCU. */
static struct task_struct *living_thread(struct task_struct *leader)
{
	struct task_struct *thread;

	for_each_thread(leader, thread)
		if (!(thread->flags & PF_EXITING))
			return thread;
	return leader;
}

/* The cgroup that pays for @leader's process, with a reference. */
static struct cgroup *paying_cgroup(struct task_struct *leader)
{
	struct cgroup *cgrp;

	rcu_read_lock();
	do {
		/* A threaded cgroup's charges belong to its domain. */
		cgrp = task_dfl_cgroup(living_thread(leader))->dom_cgrp;
	} while (!cgroup_tryget(cgrp));
	rcu_read_unlock();
	return cgrp;
}

void ioasid_set_follow(struct ioasid_set *set, struct task_struct *leader)
{
	struct cgroup *old;
	unsigned long irq;

	/* Read under the lock: of two followers the later one has the last word. */
	spin_lock_irqsave(&set->lock, irq);
	old = set->cgrp;
	set->cgrp = paying_cgroup(leader);
	if (old && old != set->cgrp) {
		ioasid_policy_describe(set);
		ioasid_policy_move(set);
		ioasid_emit(move, set, cgroup_id(old), set->charged);
	}
	spin_unlock_irqrestore(&set->lock, irq);
	if (old)
		cgroup_put(old);
}

struct task_struct *ioasid_process_of(struct mm_struct *mm)
{
	struct task_struct *task = current;

	rcu_read_lock();
	if (mm != current->mm)
		task = rcu_dereference(mm->owner);
	task = task ? task->group_leader : NULL;
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

void ioasid_process_put(struct task_struct *leader)
{
	put_task_struct(leader);
}

void ioasid_process_describe(struct ioasid_set *set, struct task_struct *leader)
{
	set->pid = task_tgid_nr(leader);
	set->uid = from_kuid(&init_user_ns, task_uid(leader));
	strscpy(set->comm, leader->comm, sizeof(set->comm));
	set->cgrp = paying_cgroup(leader);
	ioasid_policy_describe(set);
}

/*
 * __ptrace_may_access() is not for modules. The same, but that no capability
 * makes up for being another user: that never works here. Security modules
 * (Yama, ...) are not asked.
 */
static bool same_user(const struct cred *caller, const struct cred *owner)
{
	return uid_eq(caller->uid, owner->euid) && uid_eq(caller->uid, owner->suid) &&
	       uid_eq(caller->uid, owner->uid) && gid_eq(caller->gid, owner->egid) &&
	       gid_eq(caller->gid, owner->sgid) && gid_eq(caller->gid, owner->gid);
}

/* What the owner has gained besides (file capabilities), the caller must have. */
static bool as_capable(const struct cred *caller, const struct cred *owner)
{
	if (caller->user_ns == owner->user_ns &&
	    cap_issubset(owner->cap_permitted, caller->cap_permitted))
		return true;
	return ns_capable_noaudit(owner->user_ns, CAP_SYS_PTRACE);
}

bool ioasid_process_may_reach(const struct ioasid_set *owner)
{
	const struct cred *caller = current_cred(), *cred;
	struct task_struct *task;
	bool ret = false;

	if (owner->type != IOASID_SET_TYPE_MM)
		return false;
	rcu_read_lock();
	/* Pinned by the set; nobody's when its process has ended. */
	task = rcu_dereference(owner->mm->owner);
	if (task) {
		cred = __task_cred(task);
		ret = same_user(caller, cred) && as_capable(caller, cred);
		/* Set-user-ID when it began, or of another user since: marked before it is one. */
		smp_rmb();
		ret = ret && ioasid_may_be_traced(task, owner->mm);
	}
	rcu_read_unlock();
	return ret;
}
