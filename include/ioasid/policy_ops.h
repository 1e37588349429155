/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a policy decides: the members of a BPF struct_ops, one policy at a time.
 *
 * A policy can only restrict: it is asked after the core agreed. Any member
 * may be absent. Every member is called in atomic context (interrupts off, the
 * set's lock held where a set pays), so programs must not sleep; a call is
 * never skipped. Where an error is returned the module gives it to whoever
 * asked: use EDQUOT, EAGAIN or EPERM.
 *
 * Nodes: a policy keeps its counters in nodes it numbers itself (from 1). The
 * module remembers for each process which node pays and hands it back, so what
 * was charged is what is uncharged, whoever frees and whatever became of the
 * cgroup. While a process has a node, its cgroup is kept from being reused.
 *
 * Cgroups are those of version 2: others have no part in it, and numbers of their own.
 */
#ifndef IOASID_POLICY_OPS_H
#define IOASID_POLICY_OPS_H

#include "types.h"

struct cgroup;

/*
 * One level of the way from the root to a cgroup, for ioasid_cgroup_level(). Not by
 * the kernel's own functions for it: a module's type information may have copies of the
 * kernel's types, which is then what the members' arguments are, and those functions
 * refuse them.
 */
struct ioasid_cgroup_level {
	__u64 cgroup_id;
	__u64 name;		/* address of its name, valid during the call */
};

/* One request, as a policy sees it. */
struct ioasid_request {
	__u64 set_id;		/* the set of the process that asks */
	__u64 owner_set_id;	/* the set that holds @pasid; same as set_id: its own */
	__u64 cgroup_id;		/* of the process that asks */
	__u64 owner_cgroup_id;	/* of the process that holds @pasid */
	__u32 op;			/* enum ioasid_op */
	__u32 pasid;		/* IOASID_NO_ID for ALLOC */
	__u32 min;		/* ALLOC: the range wanted, both ends inclusive */
	__u32 max;
	__u32 device;		/* id of the device meant, 0: none */
	__u32 node;		/* node that pays for what this process holds, 0: none */
	__u32 pasids;		/* of the process that asks, that @node pays for */
	__u32 bindings;
	__u32 pid;		/* thread group that asks, in the initial pid namespace */
	__u32 uid;		/* its user, in the initial user namespace */
	__u32 owner_uid;
	char comm[IOASID_COMM_LEN];
	char device_name[32];	/* of @device, or empty */
};

/*
 * The hooks, in their order: X(type of the result, name, arguments...).
 *
 * charge - a process wants one more PASID
 *	@cgrp: the cgroup that pays
 *	May narrow the range wanted, with ioasid_narrow_range(). Returns the node charged
 *	(> 0), or a negative errno: the request is refused. Absent: nothing is counted or
 *	refused. A node other than @req->node pays from then on for all that the process
 *	holds: the policy moves @req->pasids and @req->bindings there, and says so by
 *	ioasid_paid_by(), as it may refuse the request all the same.
 *
 * uncharge - @count PASIDs charged to @node are gone
 *	Also called when an allocation fails after its charge.
 *
 * bind - a process wants one more device to reach its address space
 *	@cgrp: the cgroup that pays
 *	Returns and absence as for charge.
 *
 * unbind - @count bindings charged to @node are gone
 *
 * adopt - PASIDs and bindings exist already and are now paid for by @cgrp
 *	Called for every process that holds any when the policy is attached, before
 *	anything else is allowed. Counts may exceed every limit by this. Returns the node;
 *	a negative errno makes attaching the policy fail.
 *
 * move - a process took what it holds from @req's node to @cgrp
 *	@req: the process, as it is now; it asks for nothing
 *	Counts may exceed every limit by this: a move never fails. Returns the new node; 0
 *	when it has none to give: nobody pays then. Absent: @req's node pays on.
 *
 * use_foreign - a process wants to use (FREE, BIND, UNBIND, DMA, ...) a PASID of another
 *	process of the same user, or do DMA to memory that such a process has bound
 *	@cgrp: the cgroup that pays for the process that asks
 *	@owner: the one that pays for the process that holds @req->pasid, or memory
 *	Returns 0: may; negative errno: may not. Absent: may not. The core refuses without
 *	asking whoever may not trace the owner.
 *
 * cgroup_new - a cgroup was made
 *	Also called for every cgroup there is, parents first, when the policy is attached
 *	and, twice, when it is replaced; no PASID is given out meanwhile.
 *
 * cgroup_idle - no node of this cgroup is known any more, but those that pay
 *	Called for every cgroup there is, parents first, after the policy was replaced; no
 *	PASID is given out meanwhile. The node of one for which nothing is charged can be
 *	used for another one.
 *
 * cgroup_gone - a cgroup was removed and the last process forgot it
 *	Its node can be used for another one.
 */
#define IOASID_POLICY_HOOKS(X)							\
	X(int,  charge, struct ioasid_request *req, struct cgroup *cgrp)	\
	X(void, uncharge, __u32 node, __u32 count)				\
	X(int,  bind, struct ioasid_request *req, struct cgroup *cgrp)		\
	X(void, unbind, __u32 node, __u32 count)				\
	X(int,  adopt, struct cgroup *cgrp, __u32 pasids, __u32 bindings)	\
	X(int,  move, struct ioasid_request *req, struct cgroup *cgrp,		\
		__u32 pasids, __u32 bindings)					\
	X(int,  use_foreign, struct ioasid_request *req, struct cgroup *cgrp,	\
		struct cgroup *owner)						\
	X(void, cgroup_new, struct cgroup *cgrp)				\
	X(void, cgroup_idle, struct cgroup *cgrp)				\
	X(void, cgroup_gone, struct cgroup *cgrp)

struct ioasid_policy_ops {
#define X(type, name, ...) type (*name)(__VA_ARGS__);
	IOASID_POLICY_HOOKS(X)
#undef X
	char name[16];		/* shown by tools */
};

#endif /* IOASID_POLICY_OPS_H */
