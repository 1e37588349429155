/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A compiled policy: the compiler in policy/ produces it from a YAML file and
 * the BPF programs read it. It is one plain struct in one element of an array
 * map. To replace a policy, user space fills the inactive element and
 * updates the struct_ops link (see struct ioasid_policy_control in node.h). There are no pointers and no padding: the
 * compiler writes every byte.
 */
#ifndef IOASID_POLICY_H
#define IOASID_POLICY_H

#include "types.h"

#ifdef __cplusplus
#define IOASID_ASSERT(condition, text) static_assert(condition, text)
#else
#define IOASID_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#ifndef IOASID_UNLIMITED
#define IOASID_UNLIMITED	(~0ull)
#endif

#define IOASID_POLICY_ABI	4	/* incremented when the layout here or in node.h
					 * changes */

/* All are powers of two, so that indexes can be masked. */
#define IOASID_MAX_RULES	1024
#define IOASID_MATCH_STATES	65536
#define IOASID_MATCH_EDGES	131072
#define IOASID_STRING_BYTES	262144

#define IOASID_RULE_NAME_LEN	64	/* including NUL */
#define IOASID_RULE_DEVICES	64	/* device names in one rule */
#define IOASID_DEVICE_NAME_LEN	32	/* including NUL */

/* Who may use a PASID: X(CONSTANT, name), strictest first. */
#define IOASID_OWNERS(X)                                                       \
	X(PROCESS, process)                                                    \
	X(CGROUP, cgroup)                                                      \
	X(USER, user)

enum ioasid_owner {
	IOASID_OWNER_UNSET,	/* not given in the rule */
#define X(constant, name) IOASID_OWNER_##constant,
	IOASID_OWNERS(X)
#undef X
	IOASID_NR_OWNERS,
};

/* How a limit is distributed: X(CONSTANT, name). */
#define IOASID_DISTRIBUTIONS(X)                                                \
	X(LIMIT, limit)                                                        \
	X(RESERVE, reserve)

enum ioasid_distribution {
#define X(constant, name) IOASID_DISTRIBUTION_##constant,
	IOASID_DISTRIBUTIONS(X)
#undef X
	IOASID_NR_DISTRIBUTIONS,
};

/*
 * One rule, in file order. A limit that is not given is IOASID_UNLIMITED. All
 * fields from @rate on are zero if they are not given.
 */
struct ioasid_rule {
	__u64 max;		/* PASIDs held by the cgroup and its descendants */
	__u64 max_bindings;	/* device bindings held by the cgroup and its descendants */
	__u64 rate;		/* allocations per @rate_period_ns, 0: no limit */
	__u64 rate_period_ns;
	__u64 burst;		/* size of the token bucket */
	__u32 range_min;	/* inclusive range; 0, 0: any PASID */
	__u32 range_max;
	__u32 warn_percent;	/* percentage of @max; 0: never warn */
	__u32 owner;		/* enum ioasid_owner; default if no rule sets it: process */
	__u32 mode;		/* enum ioasid_mode */
	__u32 id;		/* image.first_rule_id + index, unique across applied policies */
	__u32 pattern;		/* offset of the cgroup pattern in image.strings */
	__u32 devices;		/* offset of @nr_devices consecutive device names, ... */
	__u32 nr_devices;	/* ... each NUL-terminated; 0: any device */
	__u32 no_inherit;	/* inherit: false; from ancestors' rules only counts apply */
	__u32 __reserved[10];
	char name[IOASID_RULE_NAME_LEN];
};

/*
 * The matcher is a DFA that reads a cgroup's path byte by byte, with a '/'
 * after each component and none before the first (see match.h). The rows of its
 * transition table overlap in @edges: if state s has an edge for byte c, the
 * edge is edges[states[s].base + c], and it belongs to s only if its owner is
 * s. A byte without an edge leads to states[s].other. Nothing is hashed:
 * results are exact for any cgroup name, and the cost does not depend on the
 * number of rules.
 */
#define IOASID_MATCH_NONE	0	/* no descendant can match */
#define IOASID_MATCH_START	1	/* the root cgroup */

struct ioasid_match_state {
	__u32 base;
	__u16 other;
	__u16 rule;		/* after a '/': index + 1 of the matching rule, 0: none */
};

struct ioasid_match_edge {
	__u16 owner;		/* IOASID_MATCH_NONE: unused entry */
	__u16 next;
};

struct ioasid_policy_image {
	__u32 abi;		/* IOASID_POLICY_ABI */
	__u32 generation;	/* set when the image is installed; 0: not installed */
	__u32 first_rule_id;	/* set when the image is installed; see struct ioasid_rule */
	__u32 nr_rules;
	__u32 nr_states;
	__u32 nr_edges;		/* entries of @edges in use, including gaps */
	__u32 nr_string_bytes;
	__u32 distribution;	/* enum ioasid_distribution */
	__u64 default_max;	/* own PASIDs of a cgroup that no rule governs */
	__u64 capacity;		/* PASIDs to distribute, set when the image is installed */
	__u64 __reserved[2];
	struct ioasid_rule rules[IOASID_MAX_RULES];
	struct ioasid_match_state states[IOASID_MATCH_STATES];
	struct ioasid_match_edge edges[IOASID_MATCH_EDGES];
	char strings[IOASID_STRING_BYTES];	/* NUL-terminated, consecutive */
};

IOASID_ASSERT(sizeof(struct ioasid_rule) == 184, "struct ioasid_rule has padding");
IOASID_ASSERT(sizeof(struct ioasid_match_state) == 8, "struct ioasid_match_state has padding");
IOASID_ASSERT(sizeof(struct ioasid_match_edge) == 4, "struct ioasid_match_edge has padding");
IOASID_ASSERT(sizeof(struct ioasid_policy_image) ==
	      64 + IOASID_MAX_RULES * sizeof(struct ioasid_rule) +
	      IOASID_MATCH_STATES * sizeof(struct ioasid_match_state) +
	      IOASID_MATCH_EDGES * sizeof(struct ioasid_match_edge) + IOASID_STRING_BYTES,
	      "struct ioasid_policy_image has padding");
IOASID_ASSERT(sizeof(struct ioasid_policy_image) < (2u << 20), "one map element, below 2 MiB");

#endif /* IOASID_POLICY_H */
