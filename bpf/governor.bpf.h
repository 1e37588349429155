/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the nearest rule asks for besides counts: numbers, rate, devices.
 */
#ifndef IOASID_GOVERNOR_BPF_H
#define IOASID_GOVERNOR_BPF_H

#include "quota.bpf.h"

extern int ioasid_narrow_range(struct ioasid_request *req, __u32 min, __u32 max) __ksym;

static __always_inline const struct ioasid_rule *governing_rule(const struct ioasid_node *node)
{
	const struct ioasid_policy_image *policy = the_image();

	if (!policy || !node->governor)
		return NULL;
	return &policy->rules[(node->governor - 1) & (IOASID_MAX_RULES - 1)];
}

/*
 * A token bucket as one number, the time when it will be full again: a token
 * takes one interval of it, and it may lie at most @burst intervals ahead.
 */
__noinline int take_token(__u32 index, __u64 interval, __u64 burst)
{
	struct ioasid_node *node = node_at(index);
	__u64 now = bpf_ktime_get_ns(), before, from;
	int i;

	bpf_for(i, 0, RETRIES) {
		before = *(volatile __u64 *)&node->next_ns;
		from = before > now ? before : now;
		if (from + interval > now + burst * interval)
			return 0;
		if (__sync_val_compare_and_swap(&node->next_ns, before, from + interval) == before)
			return 1;
	}
	return 0;
}

/*
 * Leaves of the range wanted what the rule permits; an error: nothing. Audit
 * mode changes nothing, not even the number that is given out.
 */
static __always_inline int narrow(struct ioasid_request *req, const struct ioasid_rule *rule)
{
	if (rule->mode == IOASID_MODE_AUDIT)
		return req->max < rule->range_min || req->min > rule->range_max;
	return ioasid_narrow_range(req, rule->range_min, rule->range_max);
}

/* What the governor asks for besides counts. */
static __noinline int check_governor(struct ioasid_request *req, __u32 asking)
{
	struct ioasid_node *node = node_at(asking);
	const struct ioasid_rule *rule = governing_rule(node);
	int ret = 0;

	if (!rule)
		return 0;
	if (node->checks & IOASID_CHECK_RANGE && narrow(req, rule))
		ret = refuse(req, asking, node->governor_node, -EPERM);
	if (!ret && node->checks & IOASID_CHECK_RATE && rule->rate &&
	    !take_token(node->governor_node, rule->rate_period_ns / rule->rate, rule->burst))
		ret = refuse(req, asking, node->governor_node, -EAGAIN);
	return ret;
}

/* Is the device's name the one at @offset of the policy's strings? */
__noinline int is_device(__u32 offset)
{
	const struct ioasid_policy_image *policy = the_image();
	struct scratch *names = the_scratch();
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
	const struct ioasid_policy_image *policy = the_image();
	int i;

	if (!policy)
		return offset;
	bpf_for(i, 0, IOASID_DEVICE_NAME_LEN)
		if (!policy->strings[offset++ & (IOASID_STRING_BYTES - 1)])
			break;
	return offset;
}

static __noinline int may_reach(struct ioasid_request *req, const struct ioasid_rule *rule)
{
	struct scratch *names = the_scratch();
	__u32 offset, count, i;

	if (!rule || !rule->nr_devices)
		return 1;
	if (!names || bpf_probe_read_kernel(names->device, IOASID_DEVICE_NAME_LEN, req->device_name))
		return 0;
	offset = rule->devices;
	count = rule->nr_devices;
	bpf_for(i, 0, IOASID_RULE_DEVICES) {
		if (i >= count)
			break;
		if (is_device(offset))
			return 1;
		offset = after_string(offset);
	}
	return 0;
}

#endif /* IOASID_GOVERNOR_BPF_H */
