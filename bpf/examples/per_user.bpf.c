// SPDX-License-Identifier: GPL-2.0-only
/* A minimal policy: a user may hold at most 16 PASIDs. README.md explains it. */
#include "common.bpf.h"
#include <ioasid/policy_ops.h>

#define LIMIT	16
#define INT_MAX	0x7fffffff
#define ADOPTED	1		/* the node of what was held before the policy */

extern void ioasid_report_denial(const struct ioasid_request *req, __u32 rule,
				 __u64 limit_cgroup_id, __u32 mode, int error) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);	/* a node: a user's number + 2 */
	__type(value, __u64);	/* the PASIDs that it pays for */
} held SEC(".maps");

static __u64 *held_by(__u32 node)
{
	__u64 none = 0;

	bpf_map_update_elem(&held, &node, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&held, &node);
}

SEC("struct_ops/charge")
int BPF_PROG(charge, struct ioasid_request *req, struct cgroup *cgrp)
{
	/* What a process holds already stays with the user who pays for it. */
	__u32 node = req->pasids ? req->node : req->uid + 2;
	__u64 *count;

	if (!node || node > INT_MAX)	/* a node is a positive int */
		return -EDQUOT;
	count = held_by(node);
	if (!count)
		return -EDQUOT;
	if (__sync_fetch_and_add(count, 1) >= LIMIT) {
		__sync_fetch_and_sub(count, 1);
		ioasid_report_denial(req, 0, 0, IOASID_MODE_ENFORCE, -EDQUOT);
		return -EDQUOT;
	}
	return node;
}

SEC("struct_ops/uncharge")
int BPF_PROG(uncharge, __u32 node, __u32 count)
{
	__u64 *left = held_by(node);

	if (left)
		__sync_fetch_and_sub(left, count);
	return 0;
}

SEC("struct_ops/adopt")
int BPF_PROG(adopt, struct cgroup *cgrp, __u32 pasids, __u32 bindings)
{
	__u64 *count = held_by(ADOPTED);

	if (count)
		__sync_fetch_and_add(count, pasids);
	return ADOPTED;
}

SEC(".struct_ops.link")
struct ioasid_policy_ops per_user = {
	.charge = (void *)charge,
	.uncharge = (void *)uncharge,
	.adopt = (void *)adopt,
	.name = "per_user",
};
