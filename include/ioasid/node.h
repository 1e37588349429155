/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The quota engine's memory: one node per cgroup that ever paid for a PASID,
 * or has a descendant that did, while it exists. An array map, also mapped
 * read-only by user space, which so reads counters without a system call.
 */
#ifndef IOASID_NODE_H
#define IOASID_NODE_H

#include "types.h"

#define IOASID_MAX_NODES	65536	/* cgroups with PASIDs at once */
#define IOASID_MAX_DEPTH	32	/* levels of cgroups below the root */
#define IOASID_UNLIMITED	(~0ull)
#define IOASID_ROOT_NODE	1	/* node 0 is never used: "no node" */

struct ioasid_node {
	__u64 cgroup_id;	/* 0: this node is free */
	__u64 current;		/* PASIDs charged here and below */
	__u64 peak;
	__u64 max;		/* checked for every charge here or below; cached from the rule */
	__u64 own_max;		/* checked for charges of this cgroup itself: the defaults */
	__u64 denied_here;	/* this level's limit refused a request */
	__u64 denied_asked;	/* a process of this cgroup was refused */
	__u64 would_deny;	/* audit mode: this level's limit would have refused */
	__u32 parent;		/* node of the parent cgroup, 0: this is the root */
	__u32 depth;		/* 0: the root */
	__u32 generation;	/* of the policy image that max, own_max and rule are from */
	__u32 rule;		/* index + 1 of the rule for exactly this cgroup, 0: none */
	__u32 governor;		/* index + 1 of the nearest rule, own or an ancestor's, 0: none */
	__u32 match_state;	/* where the matcher stands after this cgroup's path */
	__u32 mode;		/* enum ioasid_mode of the rule */
	__u32 __reserved;
};

#endif /* IOASID_NODE_H */
