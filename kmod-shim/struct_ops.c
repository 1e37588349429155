// SPDX-License-Identifier: GPL-2.0-only
/*
 * The struct_ops type of a policy, with the signatures of its members, and the
 * kfuncs that only a policy may call.
 */
#include <linux/bpf.h>
#include <linux/bpf_verifier.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/module.h>

#include "compat.h"
#include "fault.h"
#include "private.h"
#include "trace.h"

/* --- kfuncs for policies -------------------------------------------------- */

__bpf_kfunc_start_defs();

/**
 * ioasid_report_denial - report a denied request
 * @req: the request, as passed to the program
 * @rule: id of the rule, 0: none
 * @limit_cgroup_id: the cgroup whose limit denied it
 * @mode: enum ioasid_mode; AUDIT: it is only reported, not denied
 * @error: error that the caller gets, or would get
 */
__bpf_kfunc void ioasid_report_denial(const struct ioasid_request *req, u32 rule,
				      u64 limit_cgroup_id, u32 mode, int error)
{
	ioasid_policy_deny(req, rule, limit_cgroup_id, mode, error);
}

/* Report that a rule's warning level was crossed: @use PASIDs are held now. */
__bpf_kfunc void ioasid_report_warning(const struct ioasid_request *req, u32 rule,
				       u64 limit_cgroup_id, u64 use)
{
	ioasid_emit(warn, req, rule, limit_cgroup_id, use);
}

/**
 * ioasid_narrow_range - narrow the range of an allocation
 * @req: the request, as passed to charge
 * @min: lowest PASID permitted
 * @max: highest PASID permitted
 *
 * Return: 0; -ERANGE: the ranges do not overlap, and @req is unchanged.
 */
__bpf_kfunc int ioasid_narrow_range(struct ioasid_request *req, u32 min, u32 max)
{
	min = max(min, req->min);
	max = min(max, req->max);
	if (min > max)
		return -ERANGE;
	req->min = min;
	req->max = max;
	return 0;
}

/**
 * ioasid_set_charged_node - report that another node is charged for a process
 * @req: the request, as passed to charge or bind
 * @node: the node that @req->pasids and @req->bindings were moved to
 *
 * Takes effect even if the hook returns an error.
 */
__bpf_kfunc void ioasid_set_charged_node(struct ioasid_request *req, u32 node)
{
	req->node = node;
}

/**
 * ioasid_cgroup_level - get one level of the path from the root to a cgroup
 * @cgrp: the cgroup, as passed to the program
 * @depth: the level, 0: the root
 * @level: filled in
 *
 * Return: 0; -ENOENT: @cgrp is above that level.
 */
__bpf_kfunc int ioasid_cgroup_level(struct cgroup *cgrp, u32 depth,
				    struct ioasid_cgroup_level *level)
{
	struct cgroup *ancestor = cgroup_ancestor(cgrp, min_t(u32, depth, INT_MAX));

	if (!ancestor)
		return -ENOENT;
	level->cgroup_id = cgroup_id(ancestor);
	level->name = (unsigned long)ioasid_cgroup_name(ancestor);
	return 0;
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(policy_kfunc_ids)
BTF_ID_FLAGS(func, ioasid_report_denial, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, ioasid_report_warning, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, ioasid_narrow_range, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, ioasid_set_charged_node, KF_TRUSTED_ARGS)
BTF_ID_FLAGS(func, ioasid_cgroup_level, KF_TRUSTED_ARGS)
BTF_KFUNCS_END(policy_kfunc_ids)

static const struct btf_kfunc_id_set policy_kfuncs = {
	.owner = THIS_MODULE,
	.set = &policy_kfunc_ids,
};

/* --- struct_ops type ------------------------------------------------------ */

static int ioasid_policy_reg(void *kdata, struct bpf_link *link)
{
	return ioasid_policy_attach(kdata);
}

static void ioasid_policy_unreg(void *kdata, struct bpf_link *link)
{
	ioasid_policy_detach();
}

static int ioasid_policy_update(void *kdata, void *old_kdata, struct bpf_link *link)
{
	ioasid_policy_replace(kdata);
	return 0;
}

static int ioasid_policy_btf_init(struct btf *btf)
{
	return 0;
}

static int ioasid_policy_init_member(const struct btf_type *t, const struct btf_member *member,
				     void *kdata, const void *udata)
{
	const struct ioasid_policy_ops *from = udata;
	struct ioasid_policy_ops *to = kdata;

	if (__btf_member_bit_offset(t, member) != offsetof(struct ioasid_policy_ops, name) * 8)
		return 0;
	return strscpy(to->name, from->name, sizeof(to->name)) < 0 ? -EINVAL : 1;
}

static int ioasid_policy_validate(void *kdata)
{
	return 0;
}

static const struct bpf_func_proto *ioasid_policy_func_proto(enum bpf_func_id id,
							     const struct bpf_prog *prog)
{
	return bpf_base_func_proto(id, prog);
}

static bool ioasid_policy_is_valid_access(int off, int size, enum bpf_access_type type,
					  const struct bpf_prog *prog, struct bpf_insn_access_aux *info)
{
	return bpf_tracing_btf_ctx_access(off, size, type, prog, info);
}

static const struct bpf_verifier_ops policy_verifier_ops = {
	.get_func_proto = ioasid_policy_func_proto,
	.is_valid_access = ioasid_policy_is_valid_access,
};

/* Signatures of the hooks for CFI; never called. */
#define X(type, name, ...) static type policy_stub_##name(__VA_ARGS__) { return (type)0; }
IOASID_POLICY_HOOKS(X)
#undef X

static struct ioasid_policy_ops policy_stubs = {
#define X(type, name, ...) .name = policy_stub_##name,
	IOASID_POLICY_HOOKS(X)
#undef X
};

static struct bpf_struct_ops policy_struct_ops = {
	.verifier_ops = &policy_verifier_ops,
	.init = ioasid_policy_btf_init,
	.init_member = ioasid_policy_init_member,
	.validate = ioasid_policy_validate,
	.reg = ioasid_policy_reg,
	.unreg = ioasid_policy_unreg,
	.update = ioasid_policy_update,
	.cfi_stubs = &policy_stubs,
	.name = "ioasid_policy_ops",
	.owner = THIS_MODULE,
};

int ioasid_struct_ops_init(void)
{
	int ret = may_fail(-ENOMEM, register_btf_kfunc_id_set(BPF_PROG_TYPE_STRUCT_OPS,
							      &policy_kfuncs));

	return ret ?: may_fail(-ENOMEM, register_bpf_struct_ops(&policy_struct_ops,
								ioasid_policy_ops));
}
