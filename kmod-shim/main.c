// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading: each part once everything it needs is there, the way
 * in for users last; and back in reverse.
 */
#include <linux/module.h>

#include "private.h"

static void nothing(void)
{
}

/* In order; a part may be used as soon as its init returned. */
static const struct part {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ "core", ioasid_core_init, ioasid_core_exit },
	{ "spids", ioasid_spids_init, ioasid_spids_exit },
	{ "sets", ioasid_sets_init, ioasid_sets_exit },
	{ "notify", ioasid_notify_init, ioasid_notify_exit },
	{ "devices", ioasid_devices_init, ioasid_devices_exit },
	{ "sim", ioasid_sim_init, ioasid_sim_exit },
	{ "cgroup", ioasid_cgroup_init, ioasid_cgroup_exit },
	/* What BPF registers goes with the module by itself. */
	{ "policy", ioasid_struct_ops_init, nothing },
	{ "iter", ioasid_iter_init, nothing },
	{ "cdev", ioasid_cdev_init, ioasid_cdev_exit },
};

static int __init ioasid_init(void)
{
	int ret, i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		ret = parts[i].init();
		if (ret) {
			pr_err("ioasid: cannot start %s: %d\n", parts[i].name, ret);
			while (i--)
				parts[i].exit();
			return ret;
		}
	}
	return 0;
}

static void __exit ioasid_exit(void)
{
	for (int i = ARRAY_SIZE(parts); i--;)
		parts[i].exit();
}

module_init(ioasid_init);
module_exit(ioasid_exit);
MODULE_DESCRIPTION("IOASID (PASID) core, /dev/ioasid and IOMMU backends");
MODULE_VERSION(IOASID_MODULE_VERSION);
MODULE_LICENSE("GPL");
