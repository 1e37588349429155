// SPDX-License-Identifier: GPL-2.0
/*
 * The process whose set it is: who that is, and which cgroup pays for it.
 */
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

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
