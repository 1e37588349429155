// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module init and exit: initialise each part after the parts it depends on,
 * with the user interface last; exit in reverse order.
 */
#include <linux/module.h>

#include "private.h"

/*
 * In order of initialisation. A part may be used as soon as its init function
 * has returned. NULL: nothing to do.
 */
static const struct ioasid_part {
	const char *name;
	int (*init)(void);
	void (*exit)(void);
} parts[] = {
	{ "core", ioasid_core_init, ioasid_core_exit },
	{ "spids", ioasid_spids_init, ioasid_spids_exit },
	{ "sets", ioasid_sets_init, ioasid_sets_exit },
	{ "notify", NULL, ioasid_notify_exit },
	{ "work", ioasid_work_init, ioasid_work_exit },
	{ "devices", ioasid_devices_init, ioasid_devices_exit },
	{ "sim", ioasid_sim_init, ioasid_sim_exit },
#ifdef CONFIG_X86_64
	{ "vtd", ioasid_edu_init, ioasid_edu_exit },
#endif
	{ "cgroup", ioasid_cgroup_init, ioasid_cgroup_exit },
	/* BPF types and kfuncs are unregistered with the module. */
	{ "policy", ioasid_struct_ops_init, NULL },
	{ "iter", ioasid_iter_init, NULL },
	{ "cdev", ioasid_cdev_init, ioasid_cdev_exit },
};

static void ioasid_stop_parts(int nr)
{
	while (nr--)
		if (parts[nr].exit)
			parts[nr].exit();
}

static int __init ioasid_init(void)
{
	int ret, i;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		ret = parts[i].init ? parts[i].init() : 0;
		if (ret) {
			pr_err("ioasid: cannot start %s: %d\n", parts[i].name, ret);
			ioasid_stop_parts(i);
			return ret;
		}
	}
	return 0;
}

static void __exit ioasid_exit(void)
{
	ioasid_stop_parts(ARRAY_SIZE(parts));
}

module_init(ioasid_init);
module_exit(ioasid_exit);
MODULE_DESCRIPTION("IOASID (PASID) core, /dev/ioasid and IOMMU backends");
MODULE_VERSION(IOASID_MODULE_VERSION);
MODULE_LICENSE("GPL");
