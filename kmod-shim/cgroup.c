// SPDX-License-Identifier: GPL-2.0-only
/*
 * Track migrations and exits of processes and the creation and removal of
 * cgroups with the kernel's tracepoints, because a module cannot be a cgroup
 * controller.
 *
 * The tracepoints also fire for cgroup v1. These cgroups are ignored; their IDs
 * may be equal to those of cgroup v2.
 */
#include <linux/sched/signal.h>
#include <linux/tracepoint.h>

#include "compat.h"
#include "fault.h"
#include "private.h"

static bool ioasid_is_version_2(const struct cgroup *cgrp)
{
	return cgrp->root == &cgrp_dfl_root;
}

/* The leader may have exited before its threads. */
static bool ioasid_has_memory(struct task_struct *leader, struct mm_struct *mm)
{
	struct task_struct *thread;

	for_each_thread(leader, thread)
		if (READ_ONCE(thread->mm) == mm && !(thread->flags & PF_KTHREAD))
			return true;
	return false;
}

enum ioasid_found {
	IOASID_FOUND,
	IOASID_FOUND_ANOTHER,		/* another process uses the mm now */
	IOASID_FOUND_ENDING,		/* process is exiting, mm still in use: retry */
};

/* Another process takes over the set. */
static void ioasid_set_reassign(struct ioasid_set *set, struct task_struct *leader)
{
	put_pid(set->former);	/* after a grace period, see ioasid_migrate_all() */
	set->former = set->process;
	ioasid_set_rename(set, leader);
	ioasid_set_migrate(set, leader);
}

/*
 * Move the charge of @set to the current cgroup of the process that uses its
 * mm.
 */
static enum ioasid_found ioasid_find_process(struct ioasid_set *set)
{
	enum ioasid_found found = IOASID_FOUND;
	struct task_struct *process, *owner;

	rcu_read_lock();
	process = pid_task(set->process, PIDTYPE_TGID);
	owner = rcu_dereference(set->mm->owner);
	owner = owner ? owner->group_leader : NULL;
	if (process && ioasid_process_has_ended(process))
		process = NULL;
	if ((process && ioasid_has_memory(process, set->mm)) || !owner || !atomic_read(&set->mm->mm_users))
		owner = NULL;
	/*
	 * The next owner of the mm is known only after the exiting one dropped
	 * it.
	 */
	if (owner && ioasid_process_has_ended(owner)) {
		found = IOASID_FOUND_ENDING;
	} else if (owner && task_tgid(owner) != set->process) {
		found = IOASID_FOUND_ANOTHER;
		ioasid_set_reassign(set, owner);
	} else if (process) {
		ioasid_set_migrate(set, process);
	}
	rcu_read_unlock();
	return found;
}

/*
 * While set, moves are not processed until the gate is open, and new cgroups
 * are not passed to the policy.
 */
static bool deferred;
static bool missed;	/* a cgroup was created meanwhile */

static void ioasid_migrate_all(struct work_struct *work);
static DECLARE_DELAYED_WORK(migrate_work, ioasid_migrate_all);

static void ioasid_migrate_pause(void)
	__must_hold(RCU)
{
	rcu_read_unlock();
	ioasid_gate_leave();
	cond_resched();
	ioasid_gate_enter();
	rcu_read_lock();
}

/*
 * Walk all sets and update the charged cgroups. Used where a probe cannot do
 * it: on PREEMPT_RT, where spinlocks may sleep and a tracepoint's probe must
 * not; while moves are deferred; and when a process drops its mm.
 */
static void ioasid_migrate_all(struct work_struct *work)
{
	bool another, ending;
	struct ioasid_set *set;
	unsigned int nr = 0;

	do {
		another = ending = false;
		ioasid_gate_enter();
		rcu_read_lock();
		list_for_each_entry_rcu(set, &ioasid_sets, link) {
			if (!set->mm || !refcount_inc_not_zero(&set->refs))
				continue;
			switch (ioasid_find_process(set)) {
			case IOASID_FOUND_ANOTHER:
				another = true;
				break;
			case IOASID_FOUND_ENDING:
				ending = true;
				break;
			case IOASID_FOUND:
				break;
			}
			/*
			 * There may be many sets. The reference keeps the
			 * position.
			 */
			if (!(++nr % 256))
				ioasid_migrate_pause();
			ioasid_set_put(set);
		}
		rcu_read_unlock();
		ioasid_gate_leave();
		/*
		 * A reader may have missed a set that changed its process, and
		 * others: walk again after a grace period.
		 */
		if (another)
			synchronize_rcu();
	} while (another);
	if (ending)
		schedule_delayed_work(&migrate_work, HZ / 20);
}

void ioasid_cgroup_defer(void)
{
	WRITE_ONCE(deferred, true);
	/* Wait for probes that did not see it. */
	tracepoint_synchronize_unregister();
}

bool ioasid_cgroup_resume(void)
{
	WRITE_ONCE(deferred, false);
	/* Wait for probes that still saw it. */
	tracepoint_synchronize_unregister();
	return xchg(&missed, false);
}

/*
 * After the migration; cgroup_mutex and a spinlock held, interrupts disabled.
 */
static void ioasid_on_attach_task(void *unused, struct cgroup *to, const char *path,
				  struct task_struct *task, bool threadgroup)
{
	if (!ioasid_is_version_2(to))
		return;
	smp_mb();	/* pairs with smp_mb() in ioasid_set_hash() */
	rcu_read_lock();
	if (!IS_ENABLED(CONFIG_PREEMPT_RT) && !READ_ONCE(deferred))
		ioasid_sets_migrate(task->group_leader);
	else if (ioasid_sets_has(task->group_leader))
		schedule_delayed_work(&migrate_work, 0);
	rcu_read_unlock();
}

/* The mm may still be used by other processes: clone(CLONE_VM). */
static void ioasid_schedule_reassign(struct task_struct *task)
{
	rcu_read_lock();
	if (ioasid_sets_has(task->group_leader))
		schedule_delayed_work(&migrate_work, 0);
	rcu_read_unlock();
}

IOASID_PROBE_EXIT(ioasid_on_exit)
{
	if (!atomic_read(&task->signal->live))
		ioasid_schedule_reassign(task);
}

static void ioasid_on_exec(void *unused, struct task_struct *task, pid_t before, struct linux_binprm *bprm)
{
	ioasid_schedule_reassign(task);
}

/* With cgroup_mutex held; the cgroup is empty. */
static void ioasid_on_mkdir(void *unused, struct cgroup *cgrp, const char *path)
{
	if (!ioasid_is_version_2(cgrp))
		return;
	smp_mb();	/* pairs with smp_mb() in ioasid_policy_begin() */
	if (READ_ONCE(deferred))
		WRITE_ONCE(missed, true);
	else
		ioasid_policy_cgroup_new(cgrp);
}

/* The last reference to a removed cgroup was dropped. */
static void ioasid_on_release(void *unused, struct cgroup *cgrp, const char *path)
{
	if (ioasid_is_version_2(cgrp))
		ioasid_policy_cgroup_gone(cgrp);
}

static struct {
	const char *name;
	void *probe;
	struct tracepoint *tracepoint;
} hooks[] = {
	{ "cgroup_attach_task", ioasid_on_attach_task },
	{ "cgroup_mkdir", ioasid_on_mkdir },
	{ "cgroup_release", ioasid_on_release },
	{ "sched_process_exit", ioasid_on_exit },
	{ "sched_process_exec", ioasid_on_exec },
};

/* These tracepoints are not exported as symbols: look them up by name. */
static void ioasid_find_tracepoint(struct tracepoint *tracepoint, void *unused)
{
	for (int i = 0; i < ARRAY_SIZE(hooks); i++)
		if (!strcmp(tracepoint->name, hooks[i].name))
			hooks[i].tracepoint = tracepoint;
}

int ioasid_cgroup_init(void)
{
	int ret = 0;
	int i;

	for_each_kernel_tracepoint(ioasid_find_tracepoint, NULL);
	for (i = 0; i < ARRAY_SIZE(hooks) && !ret; i++) {
		if (hooks[i].tracepoint) {
			ret = may_fail(-ENOMEM, tracepoint_probe_register(hooks[i].tracepoint,
									  hooks[i].probe, NULL));
		} else {
			pr_err("ioasid: this kernel has no tracepoint %s\n", hooks[i].name);
			ret = -ENOENT;
		}
	}
	if (!ret)
		return 0;
	for (i -= 2; i >= 0; i--)
		tracepoint_probe_unregister(hooks[i].tracepoint, hooks[i].probe, NULL);
	tracepoint_synchronize_unregister();
	cancel_delayed_work_sync(&migrate_work);
	return ret;
}

void ioasid_cgroup_exit(void)
{
	for (int i = 0; i < ARRAY_SIZE(hooks); i++)
		tracepoint_probe_unregister(hooks[i].tracepoint, hooks[i].probe, NULL);
	tracepoint_synchronize_unregister();
	cancel_delayed_work_sync(&migrate_work);
}
