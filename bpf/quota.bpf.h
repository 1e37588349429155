/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handling of a charge that reached a limit: deny it, or only report it. The
 * common path without a limit is in counters.bpf.h.
 */
#ifndef IOASID_QUOTA_BPF_H
#define IOASID_QUOTA_BPF_H

#include "find.bpf.h"

extern void ioasid_report_denial(const struct ioasid_request *req, __u32 rule,
				 __u64 limit_cgroup_id, __u32 mode, int error) __ksym;
extern void ioasid_report_warning(const struct ioasid_request *req, __u32 rule,
				  __u64 limit_cgroup_id, __u64 use) __ksym;

/* Count and report a denial. Returns the error, or 0 if it is only reported. */
static __noinline int deny(struct ioasid_request *req, __u32 asking, __u32 limiting, int error)
{
	struct ioasid_node *asker = node_at(asking);
	struct ioasid_node *limit = node_at(limiting);

	ioasid_report_denial(req, limit->rule_id, limit->cgroup_id, limit->mode, error);
	if (limit->mode == IOASID_MODE_AUDIT) {
		__sync_fetch_and_add(&limit->would_deny, 1);
		return 0;
	}
	__sync_fetch_and_add(&limit->denied_here, 1);
	__sync_fetch_and_add(&asker->denied_asked, 1);
	return error;
}

/*
 * Handle a level where charge_path() stopped. Returns an error, with nothing
 * charged, or 0: continue at the parent.
 */
static __always_inline int decide(struct ioasid_request *req, __u32 asking, __u64 stop,
				  __u32 offset)
{
	struct ioasid_node *node;
	__u32 index = stop;
	int ret;

	node = node_at(index);
	ret = deny(req, asking, index, -EDQUOT);
	if (!ret) {
		force_charge(counter_of(node, offset), 1);
		return 0;
	}
	if (offset == PASIDS)
		uncharge_pasids(asking, index, 1);
	else
		uncharge_bindings(asking, index, 1);
	return ret;
}

/*
 * Continue where charge_path() stopped. Returns a negative error, with nothing
 * charged; or a bit mask of depths whose warning level was reached by this
 * charge.
 */
static __noinline __s64 resume_pasids(struct ioasid_request *req, __u32 asking, __u64 stop)
{
	__s64 reached = 0;
	__u32 index;
	int i, ret;

	bpf_for(i, 0, 2 * IOASID_MAX_DEPTH) {
		if (!(stop & (STOP_FULL | STOP_WARN)))
			break;
		index = stop;
		ret = 0;
		if (stop & STOP_WARN)
			reached |= 1ll << (node_at(index)->depth & (IOASID_MAX_DEPTH - 1));
		else
			ret = decide(req, asking, stop, PASIDS);
		if (ret)
			return ret;
		stop = charge_pasids(node_at(index)->parent);
	}
	return reached;
}

static __noinline int resume_bindings(struct ioasid_request *req, __u32 asking, __u64 stop)
{
	__u32 index;
	int i, ret;

	bpf_for(i, 0, 2 * IOASID_MAX_DEPTH) {
		if (!(stop & STOP_FULL))
			break;
		index = stop;
		ret = decide(req, asking, stop, BINDINGS);
		if (ret)
			return ret;
		stop = charge_bindings(node_at(index)->parent);
	}
	return 0;
}

/* Charge with `distribution: reserve`. Returns as resume_pasids() does. */
static __noinline __s64 charge_reserved(struct ioasid_request *req, __u32 asking)
{
	__u32 anyway = 0;
	__u64 result;
	int i, ret;

	bpf_for(i, 0, IOASID_MAX_DEPTH + 1) {
		result = charge_from_grant(asking, 1, anyway);
		if (!(result & LEVEL_FULL))
			return result;
		ret = deny(req, asking, result, -EDQUOT);
		if (ret)
			return ret;
		anyway |= 1u << (node_at(result)->depth & (IOASID_MAX_DEPTH - 1));
	}
	return -EDQUOT;
}

/*
 * Called after the request succeeded: an undone charge crosses no warning
 * level.
 */
static __noinline int warn_path(struct ioasid_request *req, __u32 asking, __u64 reached)
{
	struct ioasid_node *node;
	__u32 index = asking;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		if (!index)
			break;
		node = node_at(index);
		if (reached >> (node->depth & (IOASID_MAX_DEPTH - 1)) & 1)
			ioasid_report_warning(req, node->rule_id, node->cgroup_id, node->warn_at);
		index = node->parent;
	}
	return 0;
}

#endif /* IOASID_QUOTA_BPF_H */
