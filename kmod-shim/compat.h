/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs among the kernels that the module is built for, see supported-kernels. Each
 * entry says which release made the difference; it goes when that is the oldest.
 */
#ifndef IOASID_COMPAT_H
#define IOASID_COMPAT_H

#include <linux/btf.h>
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <linux/version.h>

/* 7.0: every kfunc takes trusted arguments only, without being told so. */
#ifndef KF_TRUSTED_ARGS
#define KF_TRUSTED_ARGS	0
#endif

/* 6.15: kernfs_node.name is under RCU; a cgroup of version 2 is never renamed. */
static inline const char *ioasid_cgroup_name(const struct cgroup *cgrp)
{
	return (__force const char *)cgrp->kn->name;
}

/*
 * 7.3: whether a process may be dumped, and so traced, is no longer of its memory but of
 * what it executes. Under RCU.
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

/* 6.16: the tracepoint says whether it is the last thread; and comes before the memory goes. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define IOASID_PROBE_EXIT(name)	\
	static void name(void *unused, struct task_struct *task, bool group_dead)
#else
#define IOASID_PROBE_EXIT(name)	\
	static void name(void *unused, struct task_struct *task)
#endif

#endif /* IOASID_COMPAT_H */
