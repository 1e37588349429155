// SPDX-License-Identifier: GPL-2.0-only
/*
 * match_bpf_test.cpp loads this program to check that the verifier accepts
 * match.h and that it gives the same results as in user space.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>

#include <ioasid/match.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct ioasid_policy_image);
} image SEC(".maps");

struct name {
	char bytes[IOASID_CGROUP_NAME_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct name);
} name SEC(".maps");

struct step {
	__u32 slot;
	__u32 state;
	__u32 next;
	__u32 rule;
};

SEC("syscall")
int match_step(struct step *step)
{
	const struct ioasid_policy_image *policy;
	__u32 slot = step->slot, zero = 0;
	struct name *component;

	policy = bpf_map_lookup_elem(&image, &slot);
	component = bpf_map_lookup_elem(&name, &zero);
	if (!policy || !component)
		return -1;
	step->next = ioasid_match_step(policy, step->state, component->bytes);
	step->rule = ioasid_match_rule(policy, step->next);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
