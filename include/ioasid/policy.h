/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A compiled policy: what policy/ makes of a YAML file and the BPF programs
 * read. One plain struct, one element of an array map, so that a policy is
 * replaced by filling the element nobody reads and one atomic write elsewhere.
 * No pointers, no padding: every byte of it is written by the compiler.
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

#define IOASID_POLICY_ABI	4	/* changes with the layout of this file or of node.h */

/* All powers of two: an index is made safe by masking. */
#define IOASID_MAX_RULES	1024
#define IOASID_MATCH_STATES	65536
#define IOASID_MATCH_EDGES	131072
#define IOASID_STRING_BYTES	262144

#define IOASID_RULE_NAME_LEN	64	/* with its NUL */
#define IOASID_RULE_DEVICES	64	/* names in one rule */
#define IOASID_DEVICE_NAME_LEN	32	/* with its NUL */

/* Who may use a PASID: X(CONSTANT, name), the strictest first. */
#define IOASID_OWNERS(X)                                                       \
	X(PROCESS, process)                                                    \
	X(CGROUP, cgroup)                                                      \
	X(USER, user)

enum ioasid_owner {
	IOASID_OWNER_UNSET,	/* the rule says nothing of it */
#define X(constant, name) IOASID_OWNER_##constant,
	IOASID_OWNERS(X)
#undef X
	IOASID_NR_OWNERS,
};

/* What a granted limit is worth: X(CONSTANT, name). */
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
 * One rule, in the order of the file. A limit that was not given is
 * IOASID_UNLIMITED; all fields from @rate on are zero when not given.
 */
struct ioasid_rule {
	__u64 max;		/* PASIDs held at once, here and below */
	__u64 max_bindings;	/* device bindings held at once, here and below */
	__u64 rate;		/* allocations in @rate_period_ns, 0: no limit */
	__u64 rate_period_ns;
	__u64 burst;		/* size of the token bucket */
	__u32 range_min;	/* both ends inclusive; 0, 0: any number */
	__u32 range_max;
	__u32 warn_percent;	/* of a limit; 0: never warn */
	__u32 owner;		/* enum ioasid_owner; where no rule has one: process */
	__u32 mode;		/* enum ioasid_mode */
	__u32 id;		/* image.first_rule_id + index: unique across applies */
	__u32 pattern;		/* offset of the cgroup pattern in image.strings */
	__u32 devices;		/* offset of @nr_devices names, one after the other, ... */
	__u32 nr_devices;	/* ... each with its NUL; 0: any device */
	__u32 alone;		/* inherit: false; rules of ancestors restrict counts only */
	__u32 __reserved[10];
	char name[IOASID_RULE_NAME_LEN];
};

/*
 * The matcher: a DFA that reads a cgroup's path byte by byte, a '/' after
 * every component, none before the first (match.h). Its rows are laid over
 * each other in @edges: the edge of state s for byte c, if s has one, is
 * edges[states[s].base + c], and it is s's only if its owner is s; every byte
 * without an edge leads to states[s].other. Nothing is hashed: an answer is
 * exact, whatever names tenants choose, and costs the same however many rules
 * there are.
 */
#define IOASID_MATCH_NONE	0	/* nothing below can match any more */
#define IOASID_MATCH_START	1	/* the root cgroup */

struct ioasid_match_state {
	__u32 base;
	__u16 other;
	__u16 rule;		/* after a '/': index + 1 of the winning rule, 0: none */
};

struct ioasid_match_edge {
	__u16 owner;		/* IOASID_MATCH_NONE: a free place */
	__u16 next;
};

struct ioasid_policy_image {
	__u32 abi;		/* IOASID_POLICY_ABI */
	__u32 generation;	/* given by whoever installs the image; 0: not installed */
	__u32 first_rule_id;	/* likewise; see struct ioasid_rule */
	__u32 nr_rules;
	__u32 nr_states;
	__u32 nr_edges;		/* places of @edges in use, up to the last one */
	__u32 nr_string_bytes;
	__u32 distribution;	/* enum ioasid_distribution */
	__u64 default_max;	/* for a cgroup that no rule governs; only its own PASIDs */
	__u64 capacity;		/* PASIDs to distribute, given by whoever installs the image */
	__u64 __reserved[2];
	struct ioasid_rule rules[IOASID_MAX_RULES];
	struct ioasid_match_state states[IOASID_MATCH_STATES];
	struct ioasid_match_edge edges[IOASID_MATCH_EDGES];
	char strings[IOASID_STRING_BYTES];	/* NUL-terminated, one after the other */
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
