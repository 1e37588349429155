// SPDX-License-Identifier: GPL-2.0
/*
 * The process whose set it is: who that is, and which cgroup pays for it.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/hashtable.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "compat.h"
#include "private.h"
#include "trace.h"

static DEFINE_HASHTABLE(sets_by_process, 8);
static DEFINE_SPINLOCK(sets_by_process_lock);

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

static void name_process(struct ioasid_set *set, struct task_struct *leader)
{
	WRITE_ONCE(set->process, get_pid(task_tgid(leader)));
	WRITE_ONCE(set->pid, task_tgid_nr(leader));
	WRITE_ONCE(set->uid, from_kuid(&init_user_ns, task_uid(leader)));
	strscpy(set->comm, leader->comm, sizeof(set->comm));
}

void ioasid_process_describe(struct ioasid_set *set, struct task_struct *leader)
{
	name_process(set, leader);
	set->cgrp = paying_cgroup(leader);
	ioasid_policy_describe(set);
}

static void hash_anew(struct ioasid_set *set, bool add)
{
	unsigned long irq;

	spin_lock_irqsave(&sets_by_process_lock, irq);
	hash_del_rcu(&set->process_node);	/* nothing, when it is in none */
	if (add)
		hash_add_rcu(sets_by_process, &set->process_node, (unsigned long)set->process);
	spin_unlock_irqrestore(&sets_by_process_lock, irq);
}

void ioasid_process_publish(struct ioasid_set *set)
{
	hash_anew(set, true);
}

void ioasid_process_forget(struct ioasid_set *set)
{
	hash_anew(set, false);
	cgroup_put(set->cgrp);
}

/* There may be more than one: of the memory that it had before it executed something else. */
void ioasid_process_follow(struct task_struct *leader)
{
	struct pid *process = task_tgid(leader);
	struct ioasid_set *set;

	hash_for_each_possible_rcu(sets_by_process, set, process_node, (unsigned long)process)
		if (READ_ONCE(set->process) == process && refcount_inc_not_zero(&set->refs)) {
			ioasid_set_follow(set, leader);
			ioasid_set_put(set);
		}
}

bool ioasid_process_has_set(struct task_struct *leader)
{
	struct pid *process = task_tgid(leader);
	struct ioasid_set *set;

	hash_for_each_possible_rcu(sets_by_process, set, process_node, (unsigned long)process)
		if (READ_ONCE(set->process) == process)
			return true;
	return false;
}

static bool has_ended(struct task_struct *leader)
{
	return !atomic_read(&leader->signal->live);
}

void ioasid_process_name(const struct ioasid_set *set, char *comm)
{
	struct task_struct *leader;
	bool ended = false;

	rcu_read_lock();
	if (set->process) {
		leader = pid_task(READ_ONCE(set->process), PIDTYPE_TGID);
		ended = !leader || has_ended(leader);
	}
	rcu_read_unlock();
	if (ended)
		snprintf(comm, IOASID_COMM_LEN, "(%.*s)", IOASID_COMM_LEN - 3, set->comm);
	else
		memcpy(comm, set->comm, IOASID_COMM_LEN);
}

/* The leader may have exited before its threads. */
static bool has_memory(struct task_struct *leader, struct mm_struct *mm)
{
	struct task_struct *thread;

	for_each_thread(leader, thread)
		if (READ_ONCE(thread->mm) == mm && !(thread->flags & PF_KTHREAD))
			return true;
	return false;
}

/* The set is another process's from now on. */
static void hand_over(struct ioasid_set *set, struct task_struct *leader)
{
	unsigned long irq;

	put_pid(set->former);	/* a grace period ago: see follow_all() */
	set->former = set->process;
	spin_lock_irqsave(&set->lock, irq);
	name_process(set, leader);
	ioasid_policy_describe(set);
	spin_unlock_irqrestore(&set->lock, irq);
	hash_anew(set, true);
	ioasid_set_follow(set, leader);
}

enum ioasid_found ioasid_set_find_process(struct ioasid_set *set)
{
	enum ioasid_found found = IOASID_FOUND;
	struct task_struct *process, *owner;

	rcu_read_lock();
	process = pid_task(set->process, PIDTYPE_TGID);
	owner = rcu_dereference(set->mm->owner);
	owner = owner ? owner->group_leader : NULL;
	if (process && has_ended(process))
		process = NULL;
	if ((process && has_memory(process, set->mm)) || !owner || !atomic_read(&set->mm->mm_users))
		owner = NULL;
	/* Whoever owns it from then on is known when it has let go. */
	if (owner && has_ended(owner)) {
		found = IOASID_FOUND_ENDING;
	} else if (owner && task_tgid(owner) != set->process) {
		found = IOASID_FOUND_ANOTHER;
		hand_over(set, owner);
	} else if (process) {
		ioasid_set_follow(set, process);
	}
	rcu_read_unlock();
	return found;
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
