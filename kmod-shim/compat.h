/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs among the kernels that the module is built for, see supported-kernels. Each
 * entry says which release made the difference; it goes when that is the oldest.
 */
#ifndef IOASID_COMPAT_H
#define IOASID_COMPAT_H

#include <linux/btf.h>
#include <linux/cgroup.h>

/* 7.0: every kfunc takes trusted arguments only, without being told so. */
#ifndef KF_TRUSTED_ARGS
#define KF_TRUSTED_ARGS	0
#endif

/* 6.15: kernfs_node.name is under RCU; a cgroup of version 2 is never renamed. */
static inline const char *ioasid_cgroup_name(const struct cgroup *cgrp)
{
	return (__force const char *)cgrp->kn->name;
}

#endif /* IOASID_COMPAT_H */
