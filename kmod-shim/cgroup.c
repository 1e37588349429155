// SPDX-License-Identifier: GPL-2.0
/*
 * Following processes from cgroup to cgroup and to their end, and cgroups to theirs, by
 * the kernel's own tracepoints: a module cannot be a cgroup controller.
 *
 * The tracepoints tell of cgroups of version 1, too. Those are of no interest here, and
 * one may have the same number as a cgroup of version 2.
 */
#include <linux/sched/signal.h>
#include <linux/tracepoint.h>

#include "compat.h"
#include "fault.h"
#include "private.h"

static bool is_version_2(const struct cgroup *cgrp)
{
	return cgrp->root == &cgrp_dfl_root;
}

/* While set, moves are followed when the gate is open. */
static bool deferred;

static void follow_all(struct work_struct *work);
static DECLARE_DELAYED_WORK(follow_work, follow_all);

/*
 * On PREEMPT_RT spinlocks may sleep, and a tracepoint's probe must not: there, while
 * deferred, and when a process has let go of its memory, who pays is found a moment
 * later, by looking at everybody.
 */
static void follow_all(struct work_struct *work)
{
	bool another, ending;
	struct ioasid_set *set;

	do {
		another = ending = false;
		ioasid_gate_enter();
		rcu_read_lock();
		list_for_each_entry_rcu(set, &ioasid_sets, link) {
			if (!set->mm || !refcount_inc_not_zero(&set->refs))
				continue;
			switch (ioasid_set_find_process(set)) {
			case IOASID_FOUND_ANOTHER:
				another = true;
				break;
			case IOASID_FOUND_ENDING:
				ending = true;
				break;
			case IOASID_FOUND:
				break;
			}
			ioasid_set_put(set);
		}
		rcu_read_unlock();
		ioasid_gate_leave();
		/* Who looked while a set changed hands may have missed it, and others. */
		if (another)
			synchronize_rcu();
	} while (another);
	if (ending)
		schedule_delayed_work(&follow_work, HZ / 20);
}

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
	if (!is_version_2(to))
		return;
	rcu_read_lock();
	if (!IS_ENABLED(CONFIG_PREEMPT_RT) && !READ_ONCE(deferred))
		ioasid_process_follow(task->group_leader);
	else if (ioasid_process_has_set(task->group_leader))
		schedule_delayed_work(&follow_work, 0);
	rcu_read_unlock();
}

/* It may have left its memory to others: clone(CLONE_VM). */
static void look_for_heirs(struct task_struct *task)
{
	rcu_read_lock();
	if (ioasid_process_has_set(task->group_leader))
		schedule_delayed_work(&follow_work, 0);
	rcu_read_unlock();
}

IOASID_PROBE_EXIT(on_exit)
{
	if (!atomic_read(&task->signal->live))
		look_for_heirs(task);
}

static void on_exec(void *unused, struct task_struct *task, pid_t before, struct linux_binprm *bprm)
{
	look_for_heirs(task);
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
	{ "sched_process_exit", on_exit },
	{ "sched_process_exec", on_exec },
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
	cancel_delayed_work_sync(&follow_work);
	return ret;
}

void ioasid_cgroup_exit(void)
{
	for (int i = 0; i < ARRAY_SIZE(hooks); i++)
		tracepoint_probe_unregister(hooks[i].tracepoint, hooks[i].probe, NULL);
	tracepoint_synchronize_unregister();
	cancel_delayed_work_sync(&follow_work);
}
