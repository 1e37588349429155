/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory of the quota engine: one node per cgroup that is counted. A cgroup
 * gets a node when it or a descendant is first charged (with distribution:
 * reserve, when it is created). It keeps the node until it is removed, or until
 * it holds nothing when a policy is replaced while many nodes are in use. The
 * array map is also mapped read-only into user space, which reads counters
 * without a system call.
 */
#ifndef IOASID_NODE_H
#define IOASID_NODE_H

#include "types.h"

#define IOASID_MAX_NODES	65536	/* node 0 is unused */
#define IOASID_SPARE_NODES	16384	/* reserved for cgroups that have a rule */
#define IOASID_MAX_DEPTH	32	/* levels with nodes, including the root */
#define IOASID_MAX_LEVELS	64	/* levels without a node that are searched for a rule */
#define IOASID_UNLIMITED	(~0ull)
#define IOASID_ROOT_NODE	1	/* node 0 is unused and means "no node" */

/*
 * One resource, counted at every level of the hierarchy. @granted has already
 * been charged to all ancestors, whether or not it is in use (distribution:
 * reserve): the ancestors count max(@current, @granted) for this level.
 * @current and @granted change together, as one 64-bit word.
 */
struct ioasid_counter {
	__u32 current;
	__u32 granted;
	__u64 peak;
	__u64 max;		/* copied from the rule; 2^32 - 1: no limit */
};

struct ioasid_node {
	__u64 cgroup_id;	/* 0: the node is free */
	struct ioasid_counter pasids;	/* held in this cgroup and its descendants */
	struct ioasid_counter bindings;	/* as above */
	struct ioasid_counter own;	/* PASIDs of the cgroup's own processes, limited by
					 * the defaults if no rule governs it */
	__u64 denied_here;	/* requests that this level's limit denied */
	__u64 denied_asked;	/* denied requests of this cgroup's processes */
	__u64 would_deny;	/* audit mode: requests that this level's limit would have
				 * denied */
	__u64 next_ns;		/* rate: time when the bucket is full again */
	__u64 warn_at;		/* warn when the PASID count rises to this value; 0: never */
	__u32 parent;		/* node of the parent cgroup, 0: this is the root */
	__u32 depth;		/* 0: the root */
	__u32 generation;	/* of the policy image that the limits come from */
	__u32 match_state;	/* state of the matcher after this cgroup's path */
	__u32 rule;		/* index + 1 of the rule that matches exactly this cgroup, 0:
				 * none */
	__u32 rule_id;		/* id of that rule, or 0 */
	__u32 mode;		/* enum ioasid_mode of the rule */
	__u32 governor;		/* index + 1 of the nearest rule, the cgroup's own or an
				 * ancestor's, 0: none */
	__u32 governor_node;	/* node of the cgroup that has that rule */
	__u32 outer;		/* if it has a rule: node of the next ancestor whose rule also
				 * applies here, 0: none */
	__u32 checks;		/* IOASID_CHECK_*: checks of these rules other than counts */
	__u32 reserve;		/* PASIDs that its rule requests as a grant; see
				 * pasids.granted */
};

#define IOASID_CHECK_RANGE	1u
#define IOASID_CHECK_RATE	2u
#define IOASID_CHECK_DEVICES	4u
#define IOASID_CHECK_RESERVE	8u	/* this node or an ancestor may have a grant that is
					 * not in use */

/* The active one of the two policy images, and when it was applied. */
struct ioasid_policy_version {
	__u32 active;		/* index of the image */
	__u32 generation;	/* of that image; never 0 */
	__u64 applied_ns;	/* CLOCK_REALTIME */
};

/*
 * To replace a policy, user space fills the inactive image, writes @next and
 * updates the struct_ops link with the same programs. The programs then
 * activate the image while no PASID is allocated. Readers of @now read its
 * generation last.
 */
struct ioasid_policy_control {
	struct ioasid_policy_version now;
	struct ioasid_policy_version next;	/* same generation as @now: nothing to
						 * activate */
};

/* State of the quota engine, and counters of its failures. */
struct ioasid_engine {
	__u32 last_node;	/* highest node ever used */
	__u32 used;		/* nodes in use */
	__u64 nodes_full;	/* times a cgroup found no free node and was counted in its
				 * ancestor's node */
	__u64 uncounted;	/* requests denied because a cgroup with a rule found no free
				 * node */
	__u64 underflows;	/* uncharges that exceeded the charge: a bug */
	__u64 exceeded;		/* times a move, an adoption or audit mode raised a level
				 * above its limit */
};

#endif /* IOASID_NODE_H */
