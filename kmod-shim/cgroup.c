// SPDX-License-Identifier: GPL-2.0
/*
 * Following processes from cgroup to cgroup, and cgroups to their end, by the
 * kernel's own tracepoints: a module cannot be a cgroup controller.
 *
 * The tracepoints tell of cgroups of version 1, too. Those are of no interest here, and
 * one may have the same number as a cgroup of version 2.
 */
#include <linux/sched/signal.h>
#include <linux/tracepoint.h>

#include "fault.h"
#include "private.h"

/*
 * The mm of @leader's process: the leader may have exited before its threads.
 * To compare only: it may be nobody's by now, and no lock of the task may be
 * taken here. Called under RCU.
 */
static struct mm_struct *process_mm(struct task_struct *leader)
{
	struct mm_struct *mm = NULL;
	struct task_struct *thread;

	for_each_thread(leader, thread) {
		mm = thread->flags & PF_KTHREAD ? NULL : READ_ONCE(thread->mm);
		if (mm)
			break;
	}
	return mm;
}

static bool is_version_2(const struct cgroup *cgrp)
{
	return cgrp->root == &cgrp_dfl_root;
}

/* A child after vfork() has its parent's mm, but is not who it was charged for. */
static void follow(struct ioasid_set *set, struct task_struct *leader)
{
	if (set->pid == task_tgid_nr(leader))
		ioasid_set_follow(set, leader);
}

/* While set, moves are followed when the gate is open. */
static bool deferred;

/*
 * On PREEMPT_RT spinlocks may sleep, and a tracepoint's probe must not: there, and while
 * deferred, a move is followed a moment later, by looking at everybody.
 */
static void follow_all(struct work_struct *work)
{
	struct task_struct *leader;
	struct ioasid_set *set;

	ioasid_gate_enter();
	rcu_read_lock();
	list_for_each_entry_rcu(set, &ioasid_sets, link) {
		if (!set->mm || !refcount_inc_not_zero(&set->refs))
			continue;
		leader = ioasid_process_of(set->mm);
		if (leader) {
			follow(set, leader);
			ioasid_process_put(leader);
		}
		ioasid_set_put(set);
	}
	rcu_read_unlock();
	ioasid_gate_leave();
}

static DECLARE_WORK(follow_work, follow_all);

/* May sleep; with the gate closed, so that follow_all() does not run. */
void ioasid_cgroup_defer(bool defer)
{
	WRITE_ONCE(deferred, defer);
	if (defer)
		tracepoint_synchronize_unregister();	/* probes that did not see it */
}

/* After the move; cgroup_mutex and a spinlock held, interrupts off. */
static void on_attach_task(void *unused, struct cgroup *to, const char *path,
			   struct task_struct *task, bool threadgroup)
{
	struct task_struct *leader;
	struct ioasid_set *set = NULL;
	struct mm_struct *mm;

	if (!is_version_2(to))
		return;
	if (IS_ENABLED(CONFIG_PREEMPT_RT) || READ_ONCE(deferred)) {
		schedule_work(&follow_work);
		return;
	}
	rcu_read_lock();
	leader = task->group_leader;
	mm = process_mm(leader);
	if (mm)
		set = ioasid_find_mm_set(mm);
	if (set) {
		follow(set, leader);
		ioasid_set_put(set);
	}
	rcu_read_unlock();
}

/* With cgroup_mutex held; nobody is in it yet. */
static void on_mkdir(void *unused, struct cgroup *cgrp, const char *path)
{
	if (is_version_2(cgrp))
		ioasid_policy_cgroup_new(cgrp);
}

/* A removed cgroup lost its last reference, ours included. */
static void on_release(void *unused, struct cgroup *cgrp, const char *path)
{
	if (is_version_2(cgrp))
		ioasid_policy_cgroup_gone(cgrp);
}

static struct {
	const char *name;
	void *probe;
	struct tracepoint *tracepoint;
} hooks[] = {
	{ "cgroup_attach_task", on_attach_task },
	{ "cgroup_mkdir", on_mkdir },
	{ "cgroup_release", on_release },
};

/* The kernel does not export these tracepoints by symbol, but by name. */
static void find_hook(struct tracepoint *tracepoint, void *unused)
{
	for (int i = 0; i < ARRAY_SIZE(hooks); i++)
		if (!strcmp(tracepoint->name, hooks[i].name))
			hooks[i].tracepoint = tracepoint;
}

int ioasid_cgroup_init(void)
{
	int ret = 0;
	int i;

	for_each_kernel_tracepoint(find_hook, NULL);
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
	cancel_work_sync(&follow_work);
	return ret;
}

void ioasid_cgroup_exit(void)
{
	for (int i = 0; i < ARRAY_SIZE(hooks); i++)
		tracepoint_probe_unregister(hooks[i].tracepoint, hooks[i].probe, NULL);
	tracepoint_synchronize_unregister();
	cancel_work_sync(&follow_work);
}
