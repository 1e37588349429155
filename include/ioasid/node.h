/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The quota engine's memory: one node per cgroup that ever paid for a PASID,
 * or has a descendant that did, while it exists. An array map, also mapped
 * read-only by user space, which so reads counters without a system call.
 */
#ifndef IOASID_NODE_H
#define IOASID_NODE_H

#include "types.h"

#define IOASID_MAX_NODES	65536	/* cgroups with PASIDs at once */
#define IOASID_SPARE_NODES	16384	/* of them only for cgroups that a rule is for */
#define IOASID_MAX_DEPTH	32	/* levels that have nodes, the root among them */
#define IOASID_MAX_LEVELS	64	/* without a node, that are looked at for a rule */
#define IOASID_UNLIMITED	(~0ull)
#define IOASID_ROOT_NODE	1	/* node 0 is never used: "no node" */

/*
 * One thing that is counted at every level of the hierarchy. What is @granted
 * was taken from all levels above already, whether it is in use or not
 * (distribution: reserve): these count max(@current, @granted) for this level.
 * Both change together, as one 64-bit word.
 */
struct ioasid_counter {
	__u32 current;
	__u32 granted;
	__u64 peak;
	__u64 max;		/* cached from the rule; 2^32 - 1: none */
};

struct ioasid_node {
	__u64 cgroup_id;	/* 0: this node is free */
	struct ioasid_counter pasids;	/* held here and below */
	struct ioasid_counter bindings;	/* likewise */
	struct ioasid_counter own;	/* PASIDs of its own processes: the defaults' limit,
					 * when no rule governs it */
	__u64 denied_here;	/* this level's limit refused a request */
	__u64 denied_asked;	/* a process of this cgroup was refused */
	__u64 would_deny;	/* audit mode: this level's limit would have refused */
	__u64 next_ns;		/* rate: when the bucket will be full again */
	__u64 warn_at;		/* PASIDs; crossing it upwards is a warning; 0: never */
	__u32 parent;		/* node of the parent cgroup, 0: this is the root */
	__u32 depth;		/* 0: the root */
	__u32 generation;	/* of the policy image that all limits are from */
	__u32 match_state;	/* where the matcher stands after this cgroup's path */
	__u32 rule;		/* index + 1 of the rule for exactly this cgroup, 0: none */
	__u32 rule_id;		/* its id, or 0 */
	__u32 mode;		/* enum ioasid_mode of the rule */
	__u32 governor;		/* index + 1 of the nearest rule, own or an ancestor's, 0: none */
	__u32 governor_node;	/* whose rule that is */
	__u32 outer;		/* node of a rule: of the next one above that restricts here, too */
	__u32 checks;		/* IOASID_CHECK_*: what all these rules ask for besides counts */
	__u32 reserve;		/* PASIDs that its rule wants to be granted; see pasids.granted */
};

#define IOASID_CHECK_RANGE	1u
#define IOASID_CHECK_RATE	2u
#define IOASID_CHECK_DEVICES	4u
#define IOASID_CHECK_RESERVE	8u	/* it, or one above, may be granted what it does not use */

/* Which of the two policy images is in force, and since when. */
struct ioasid_policy_version {
	__u32 active;		/* index of the image */
	__u32 generation;	/* of that image; never 0 */
	__u64 applied_ns;	/* CLOCK_REALTIME */
};

/*
 * User space fills the image that is not in force, writes @next, and has the
 * kernel replace the programs by themselves: then, while no PASID is given out,
 * they make it the one in force. Whoever reads @now looks at its generation last.
 */
struct ioasid_policy_control {
	struct ioasid_policy_version now;
	struct ioasid_policy_version next;	/* generation as that of @now: none */
};

/* The engine's own state and what went wrong inside. */
struct ioasid_engine {
	__u32 last_node;	/* highest node ever used */
	__u32 used;		/* nodes that cgroups have now */
	__u64 nodes_full;	/* times that a cgroup found no node and was counted in an ancestor's */
	__u64 uncounted;	/* requests refused since the rule for a cgroup found no node */
	__u64 underflows;	/* more was given back than taken: a bug */
	__u64 exceeded;		/* a move, an adoption or audit mode put a level above its limit */
};

#endif /* IOASID_NODE_H */
