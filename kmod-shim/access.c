// SPDX-License-Identifier: GPL-2.0-only
/* Credential checks for access to the memory of another process. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/sched.h>

#include "compat.h"
#include "private.h"

/*
 * __ptrace_may_access() is not exported to modules. This is the same check,
 * except that no capability overrides a different user: access to another
 * user's process is never permitted here. Security modules (Yama, ...) are not
 * called.
 */
static bool ioasid_same_user(const struct cred *caller, const struct cred *owner)
{
	return uid_eq(caller->uid, owner->euid) && uid_eq(caller->uid, owner->suid) &&
	       uid_eq(caller->uid, owner->uid) && gid_eq(caller->gid, owner->egid) &&
	       gid_eq(caller->gid, owner->sgid) && gid_eq(caller->gid, owner->gid);
}

/*
 * The caller must also have the capabilities that the target gained (file
 * capabilities).
 */
static bool ioasid_has_caps_of(const struct cred *caller, const struct cred *owner)
{
	if (caller->user_ns == owner->user_ns &&
	    cap_issubset(owner->cap_permitted, caller->cap_permitted))
		return true;
	return ns_capable_noaudit(owner->user_ns, CAP_SYS_PTRACE);
}

bool ioasid_may_access(const struct ioasid_set *owner)
{
	const struct cred *caller = current_cred(), *cred;
	struct task_struct *task;
	bool ret = false;

	if (owner->type != IOASID_SET_TYPE_MM)
		return false;
	rcu_read_lock();
	/* Pinned by the set; NULL when its process has ended. */
	task = rcu_dereference(owner->mm->owner);
	if (task) {
		cred = __task_cred(task);
		ret = ioasid_same_user(caller, cred) && ioasid_has_caps_of(caller, cred);
		/*
		 * The target may have been set-user-ID at exec, or may have
		 * changed its user since. It is marked as not dumpable before
		 * its credentials change.
		 */
		smp_rmb();
		ret = ret && ioasid_may_be_traced(task, owner->mm);
	}
	rcu_read_unlock();
	return ret;
}
