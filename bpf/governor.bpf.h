/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks of rules other than counts: ranges, rates, devices, ownership. All
 * rules on the path from a cgroup to the root apply, up to one with `inherit:
 * false`. Their nodes are linked from governor_node by outer.
 */
#ifndef IOASID_GOVERNOR_BPF_H
#define IOASID_GOVERNOR_BPF_H

#include "quota.bpf.h"

extern int ioasid_narrow_range(struct ioasid_request *req, __u32 min, __u32 max) __ksym;

/* The rule that matches exactly the cgroup of this node; NULL: none. */
static __always_inline const struct ioasid_rule *own_rule(__u32 index)
{
	const struct ioasid_policy_image *policy = get_image();
	const struct ioasid_node *node = node_at(index);

	if (!index || !policy || !node->rule)
		return NULL;
	return &policy->rules[(node->rule - 1) & (IOASID_MAX_RULES - 1)];
}

/*
 * A token bucket stored as one value: the time when it will be full again.
 * Taking a token adds one interval to it, and it may be at most @burst
 * intervals in the future. A later time stems from a slower rate of an earlier
 * policy and is reset.
 */
__noinline int take_token(__u32 index, __u64 interval, __u64 burst)
{
	struct ioasid_node *node = node_at(index);
	__u64 now = bpf_ktime_get_ns(), before, from;
	int i;

	bpf_for(i, 0, RETRIES) {
		before = *(volatile __u64 *)&node->next_ns;
		from = before > now && before <= now + burst * interval ? before : now;
		if (from + interval > now + burst * interval)
			return 0;
		if (__sync_val_compare_and_swap(&node->next_ns, before, from + interval) == before)
			return 1;
	}
	return 0;
}

/*
 * Narrow the requested range to the rule's; non-zero if nothing is left. Audit
 * mode changes nothing, not even which PASID is allocated.
 */
static __always_inline int narrow(struct ioasid_request *req, const struct ioasid_rule *rule)
{
	if (rule->mode == IOASID_MODE_AUDIT)
		return req->max < rule->range_min || req->min > rule->range_max;
	return ioasid_narrow_range(req, rule->range_min, rule->range_max);
}

static __noinline int check_ranges(struct ioasid_request *req, __u32 asking)
{
	__u32 index = node_at(asking)->governor_node;
	const struct ioasid_rule *rule;
	int i, ret;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		rule = own_rule(index);
		if (!rule)
			break;
		if (rule->range_max && narrow(req, rule)) {
			ret = deny(req, asking, index, -EPERM);
			if (ret)
				return ret;
		}
		index = node_at(index)->outer;
	}
	return 0;
}

/* Return the tokens taken from the rules from @index on, one bit each. */
__noinline int return_tokens(__u32 index, __u32 taken)
{
	const struct ioasid_rule *rule;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		rule = own_rule(index);
		if (!rule)
			break;
		if (rule->rate && taken >> (i & 31) & 1)
			__sync_fetch_and_add(&node_at(index)->next_ns,
					     -(rule->rate_period_ns / rule->rate));
		index = node_at(index)->outer;
	}
	return 0;
}

/* Take one token from each bucket, or none. */
static __noinline int check_rates(struct ioasid_request *req, __u32 asking)
{
	__u32 first = node_at(asking)->governor_node, index = first, taken = 0;
	const struct ioasid_rule *rule;
	int i, ret;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		rule = own_rule(index);
		if (!rule)
			break;
		if (rule->rate &&
		    take_token(index, rule->rate_period_ns / rule->rate, rule->burst)) {
			taken |= 1u << (i & 31);
		} else if (rule->rate) {
			ret = deny(req, asking, index, -EAGAIN);
			if (ret) {
				return_tokens(first, taken);
				return ret;
			}
		}
		index = node_at(index)->outer;
	}
	return 0;
}

/* Checks of an allocation other than counts. */
static __always_inline int check_rules(struct ioasid_request *req, __u32 asking, __u32 checks)
{
	int ret = 0;

	if (checks & IOASID_CHECK_RANGE)
		ret = check_ranges(req, asking);
	if (!ret && checks & IOASID_CHECK_RATE)
		ret = check_rates(req, asking);
	return ret;
}

/*
 * Is the device's name equal to the string at @offset of the policy's strings?
 */
__noinline int is_device(__u32 offset)
{
	const struct ioasid_policy_image *policy = get_image();
	struct scratch *names = get_scratch();
	int i;

	if (!policy || !names)
		return 0;
	bpf_for(i, 0, IOASID_DEVICE_NAME_LEN) {
		char byte = policy->strings[(offset + i) & (IOASID_STRING_BYTES - 1)];

		if (byte != names->device[i])
			return 0;
		if (!byte)
			return 1;
	}
	return 0;
}

__noinline __u32 after_string(__u32 offset)
{
	const struct ioasid_policy_image *policy = get_image();
	int i;

	if (!policy)
		return offset;
	bpf_for(i, 0, IOASID_DEVICE_NAME_LEN)
		if (!policy->strings[offset++ & (IOASID_STRING_BYTES - 1)])
			break;
	return offset;
}

/* Is the device in the scratch buffer one of these names? */
__noinline int is_listed(__u32 offset, __u32 count)
{
	__u32 i;

	bpf_for(i, 0, IOASID_RULE_DEVICES) {
		if (i >= count)
			break;
		if (is_device(offset))
			return 1;
		offset = after_string(offset);
	}
	return 0;
}

/* Every rule with a device list must contain the device. */
static __noinline int check_devices(struct ioasid_request *req, __u32 asking)
{
	__u32 index = node_at(asking)->governor_node;
	struct scratch *names = get_scratch();
	const struct ioasid_rule *rule;
	int i, ret;

	if (!names || bpf_probe_read_kernel(names->device, IOASID_DEVICE_NAME_LEN, req->device_name))
		return -EPERM;
	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		rule = own_rule(index);
		if (!rule)
			break;
		if (rule->nr_devices && !is_listed(rule->devices, rule->nr_devices)) {
			ret = deny(req, asking, index, -EPERM);
			if (ret)
				return ret;
		}
		index = node_at(index)->outer;
	}
	return 0;
}

/*
 * The rule that decides who may use what is held at @holder: the strictest of
 * several; if no rule sets an owner, the nearest rule.
 */
static __noinline const struct ioasid_rule *owner_rule(__u32 holder)
{
	const struct ioasid_rule *rule, *strictest = NULL;
	__u32 index = node_at(holder)->governor_node;
	int i;

	bpf_for(i, 0, IOASID_MAX_DEPTH) {
		rule = own_rule(index);
		if (!rule)
			break;
		if (rule->owner != IOASID_OWNER_UNSET &&
		    (!strictest || rule->owner < strictest->owner))
			strictest = rule;
		index = node_at(index)->outer;
	}
	return strictest ? strictest : own_rule(node_at(holder)->governor_node);
}

#endif /* IOASID_GOVERNOR_BPF_H */
