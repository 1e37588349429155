/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Members of the BPF struct_ops type of a policy. One policy is attached at a
 * time.
 *
 * A policy can only restrict: it is called after the core has permitted the
 * request. All members are optional. They are called in atomic context
 * (interrupts disabled, and set->lock held when a set is charged), so programs
 * must not sleep. Calls are never skipped. The module returns a member's error
 * to the caller: use EDQUOT, EAGAIN or EPERM.
 *
 * Nodes: a policy keeps its counters in nodes, which it numbers itself,
 * starting at 1. The module stores the node that each process is charged to and
 * passes it back on uncharge. A charge is therefore returned to the same node,
 * no matter which process frees the PASID and what happened to the cgroup. A
 * cgroup's ID is not reused while a process is charged to its node.
 *
 * Only cgroup v2 is supported. Cgroup v1 hierarchies have IDs of their own.
 */
#ifndef IOASID_POLICY_OPS_H
#define IOASID_POLICY_OPS_H

#include "types.h"

struct cgroup;

/*
 * One level of the path from the root to a cgroup, for ioasid_cgroup_level().
 * The kernel's own functions for this cannot be used: the module's BTF may
 * contain copies of kernel types, the members' arguments then have the copied
 * type, and the kernel's functions reject it.
 */
struct ioasid_cgroup_level {
	__u64 cgroup_id;
	__u64 name;		/* address of the name, valid during the call */
};

/* A request passed to a policy. */
struct ioasid_request {
	__u64 set_id;		/* set of the requesting process */
	__u64 owner_set_id;	/* set that holds @pasid; equal to set_id: own PASID */
	__u64 cgroup_id;		/* of the requesting process */
	__u64 owner_cgroup_id;	/* of the holder of @pasid */
	__u32 op;			/* enum ioasid_op */
	__u32 pasid;		/* IOASID_NO_ID for ALLOC */
	__u32 min;		/* ALLOC: requested range, inclusive */
	__u32 max;
	__u32 device;		/* device id, 0: none */
	__u32 node;		/* node charged for this process, 0: none */
	__u32 pasids;		/* of the requesting process, charged to @node */
	__u32 bindings;
	__u32 pid;		/* requesting thread group, in the initial pid namespace */
	__u32 uid;		/* its uid in the initial user namespace */
	__u32 owner_uid;
	char comm[IOASID_COMM_LEN];
	char device_name[32];	/* name of @device, or empty */
};

/*
 * The hooks, in order: X(result type, name, arguments...).
 *
 * charge - charge a process for one more PASID
 *	@cgrp: the cgroup to charge
 *	The hook may narrow the requested range with ioasid_narrow_range(). Returns
 *	the charged node (> 0), or a negative errno to deny the request. If absent,
 *	nothing is counted or denied. If the node differs from @req->node, it is
 *	charged from now on for everything that the process holds: the policy moves
 *	@req->pasids and @req->bindings to it and reports the new node with
 *	ioasid_set_charged_node(), because it may still deny the request.
 *
 * uncharge - uncharge @count PASIDs from @node
 *	Also called when an allocation fails after its charge.
 *
 * bind - charge a process for one more device binding to its address space
 *	@cgrp: the cgroup to charge
 *	Return value, and behaviour if absent, as for charge.
 *
 * unbind - uncharge @count bindings from @node
 *
 * adopt - charge @cgrp for existing PASIDs and bindings
 *	Called for each process that holds any when the policy is attached, before
 *	any other request is processed. Counts may exceed any limit. Returns the
 *	node; a negative errno makes attaching the policy fail.
 *
 * move - move the charge of a process from @req->node to @cgrp
 *	@req: current state of the process; it requests nothing
 *	Cannot fail; counts may exceed any limit. Returns the new node, or 0 if the
 *	policy has no node left; nothing is charged then. If absent, @req->node stays
 *	charged; cgroup_gone may then be called for a cgroup whose node is charged.
 *
 * use_foreign - a process requests an operation (FREE, BIND, UNBIND, DMA, ...) on a PASID
 *	of another process of the same user, or DMA to memory bound by that process
 *	@cgrp: the cgroup charged for the requesting process
 *	@owner: the cgroup charged for the holder of @req->pasid, or of the memory
 *	Returns 0 to permit it, or a negative errno. If absent, it is denied. If the
 *	requesting process may not trace the other one, the core denies the request
 *	without calling the hook.
 *
 * cgroup_new - a cgroup was created
 *	Also called for each existing cgroup, parents first, once when the policy is
 *	attached and two or three times when it is replaced; no PASID is allocated meanwhile.
 *
 * cgroup_idle - the module no longer refers to the cgroup's node, unless it is charged
 *	Called for each existing cgroup, parents first, after the policy was
 *	replaced; no PASID is allocated meanwhile. If the cgroup has no charge, its
 *	node can be reused.
 *
 * cgroup_gone - a cgroup was removed and no process refers to it
 *	Its node can be reused.
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
