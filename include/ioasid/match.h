/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Find the rule of a cgroup. This runs once per cgroup, when it is first charged:
 *
 *	child->match_state = ioasid_match_step(image, parent->match_state, name);
 *	child->rule = ioasid_match_rule(image, child->match_state);
 *
 * The root cgroup has the state IOASID_MATCH_START and no rule. A state is only
 * valid for the image it was computed from. The same code runs in BPF and in user
 * space. The cost is proportional to the length of the name.
 */
#ifndef IOASID_MATCH_H
#define IOASID_MATCH_H

#include "policy.h"

#define IOASID_CGROUP_NAME_LEN	256	/* size of a path component, including NUL */

#define IOASID_INLINE static inline __attribute__((always_inline))

/* bpf_for() lets the verifier check the loop body only once. */
#ifdef __bpf__
#define ioasid_for(i, end) bpf_for(i, 0, end)
#else
#define ioasid_for(i, end) for (i = 0; i < (end); i++)
#endif

/*
 * Advance by one byte of the path. Any value of @state stays inside the image.
 */
IOASID_INLINE __u32 ioasid_match_byte(const struct ioasid_policy_image *image, __u32 state,
				      __u8 byte)
{
	const struct ioasid_match_state *from;
	const struct ioasid_match_edge *edge;

	state &= IOASID_MATCH_STATES - 1;
	from = &image->states[state];
	edge = &image->edges[(from->base + byte) & (IOASID_MATCH_EDGES - 1)];
	return edge->owner == state ? edge->next : from->other;
}

/*
 * Return the state of the cgroup @name whose parent has the state @state. @name
 * is NUL-terminated in a buffer of IOASID_CGROUP_NAME_LEN bytes.
 */
IOASID_INLINE __u32 ioasid_match_step(const struct ioasid_policy_image *image, __u32 state,
				      const char *name)
{
	int i;

	ioasid_for(i, IOASID_CGROUP_NAME_LEN) {
		__u8 byte = name[i];

		if (!byte)
			return ioasid_match_byte(image, state, '/');
		state = ioasid_match_byte(image, state, byte);
		if (state == IOASID_MATCH_NONE)
			break;
	}
	return IOASID_MATCH_NONE;
}

/* Index + 1 of the rule that matches exactly this cgroup, 0: none. */
IOASID_INLINE __u32 ioasid_match_rule(const struct ioasid_policy_image *image, __u32 state)
{
	return image->states[state & (IOASID_MATCH_STATES - 1)].rule;
}

#endif /* IOASID_MATCH_H */
