// SPDX-License-Identifier: GPL-2.0-only
/* The process of a set, and the cgroup that is charged for it. */
#include <linux/cred.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "private.h"
#include "trace.h"

/*
 * The leader may have exited before its threads. It is then not migrated with
 * them. Under RCU.
 */
static struct task_struct *ioasid_living_thread(struct task_struct *leader)
{
	struct task_struct *thread;

	for_each_thread(leader, thread)
		if (!(thread->flags & PF_EXITING))
			return thread;
	return leader;
}

/* The cgroup charged for @leader's process, with a reference. */
static struct cgroup *ioasid_charged_cgroup(struct task_struct *leader)
{
	struct cgroup *cgrp;

	rcu_read_lock();
	do {
		/* Charges of a threaded cgroup go to its domain. */
		cgrp = task_dfl_cgroup(ioasid_living_thread(leader))->dom_cgrp;
	} while (!cgroup_tryget(cgrp));
	rcu_read_unlock();
	return cgrp;
}

void ioasid_set_migrate(struct ioasid_set *set, struct task_struct *leader)
{
	struct cgroup *old;
	unsigned long irq;

	/*
	 * Read the cgroup under the lock, so that the later of two updates
	 * wins.
	 */
	spin_lock_irqsave(&set->lock, irq);
	old = set->cgrp;
	/* Released, because it is also read without the lock. */
	smp_store_release(&set->cgrp, ioasid_charged_cgroup(leader));
	if (old && old != set->cgrp) {
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

void ioasid_process_rename(struct ioasid_set *set, struct task_struct *leader)
{
	smp_store_release(&set->process, get_pid(task_tgid(leader)));	/* read under RCU */
	WRITE_ONCE(set->pid, task_tgid_nr(leader));
	WRITE_ONCE(set->uid, from_kuid(&init_user_ns, task_uid(leader)));
	strscpy(set->comm, leader->comm, sizeof(set->comm));
}

void ioasid_process_describe(struct ioasid_set *set, struct task_struct *leader)
{
	ioasid_process_rename(set, leader);
	set->cgrp = ioasid_charged_cgroup(leader);
}

void ioasid_process_forget(struct ioasid_set *set)
{
	cgroup_put(set->cgrp);
}

bool ioasid_process_has_ended(struct task_struct *leader)
{
	return !atomic_read(&leader->signal->live);
}

void ioasid_process_name(const struct ioasid_set *set, char *comm)
{
	struct task_struct *leader;
	struct pid *process;
	bool ended = false;

	rcu_read_lock();
	process = READ_ONCE(set->process);
	if (process) {
		leader = pid_task(process, PIDTYPE_TGID);
		ended = !leader || ioasid_process_has_ended(leader);
	}
	rcu_read_unlock();
	if (ended)
		snprintf(comm, IOASID_COMM_LEN, "(%.*s)", IOASID_COMM_LEN - 3, set->comm);
	else
		memcpy(comm, set->comm, IOASID_COMM_LEN);
}
