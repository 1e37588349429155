/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Differences between the supported kernels, see supported-kernels. Each entry
 * names the release that introduced the difference. Remove it when that release
 * is the oldest supported one.
 */
#ifndef IOASID_COMPAT_H
#define IOASID_COMPAT_H

#include <linux/btf.h>
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <linux/version.h>

/* 7.0: all kfuncs require trusted arguments; the flag is gone. */
#ifndef KF_TRUSTED_ARGS
#define KF_TRUSTED_ARGS	0
#endif

/*
 * 6.15: kernfs_node.name is protected by RCU; cgroup v2 directories are never
 * renamed.
 */
static inline const char *ioasid_cgroup_name(const struct cgroup *cgrp)
{
	return (__force const char *)cgrp->kn->name;
}

/*
 * 7.3: whether a process is dumpable, and can be traced, moved from the mm to
 * the task's exec state. Under RCU.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
#include <linux/sched/exec_state.h>
static inline bool ioasid_may_be_traced(struct task_struct *task, struct mm_struct *mm)
{
	struct task_exec_state *state = rcu_dereference(task->exec_state);

	return state && (READ_ONCE(state->dumpable) == TASK_DUMPABLE_OWNER ||
			 ns_capable_noaudit(state->user_ns, CAP_SYS_PTRACE));
}
#else
#include <linux/sched/coredump.h>
static inline bool ioasid_may_be_traced(struct task_struct *task, struct mm_struct *mm)
{
	return get_dumpable(mm) == SUID_DUMP_USER || ns_capable_noaudit(mm->user_ns, CAP_SYS_PTRACE);
}
#endif

/*
 * 6.16: the tracepoint passes group_dead, and fires before the mm is dropped.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define IOASID_PROBE_EXIT(name)	\
	static void name(void *unused, struct task_struct *task, bool group_dead)
#else
#define IOASID_PROBE_EXIT(name)	\
	static void name(void *unused, struct task_struct *task)
#endif

#endif /* IOASID_COMPAT_H */
