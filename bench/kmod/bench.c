// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel API costs, beside its peers, in one run: each figure is the
 * mean of many pairs, and in a guest whose time counts instructions (see
 * ../run) a nanosecond is one instruction. Runs when it is loaded; says one
 * line for each figure in the kernel's log.
 */
#include <linux/idr.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "ioasid.h"

static uint pairs = 2000;
module_param(pairs, uint, 0);
static uint live;
module_param(live, uint, 0);
MODULE_PARM_DESC(live, "IOASIDs (and peers' numbers) that exist meanwhile");
static bool user;
module_param(user, bool, 0);
MODULE_PARM_DESC(user, "allocate for the process that loads this: its cgroup pays");

static DEFINE_IDA(ida);
static DEFINE_XARRAY_ALLOC1(xa);
static struct ioasid_set *set;

struct object {
	char bytes[64];
};

static int ida_pair(void)
{
	int id = ida_alloc_range(&ida, 1, IOASID_LIMIT, GFP_KERNEL);

	if (id < 0)
		return id;
	ida_free(&ida, id);
	return 0;
}

static int xa_pair(void)
{
	struct object *object = kzalloc(sizeof(*object), GFP_KERNEL);
	u32 id;
	int ret;

	if (!object)
		return -ENOMEM;
	ret = xa_alloc(&xa, &id, object, XA_LIMIT(1, IOASID_LIMIT), GFP_KERNEL);
	if (!ret)
		xa_erase(&xa, id);
	kfree(object);
	return ret;
}

static int ioasid_pair(void)
{
	int id = ioasid_alloc(set, 1, IOASID_LIMIT, NULL);

	return id < 0 ? id : ioasid_free(set, id);
}

static int get_put(void)
{
	int ret = ioasid_get(set, 1);

	if (!ret)
		ioasid_put(set, 1);
	return ret;
}

static int find_spid(void)
{
	return ioasid_find_by_spid(set, 7, false) == 1 ? 0 : -ENOENT;
}

static const struct {
	const char *name;
	int (*fn)(void);
	bool needs_one;		/* IOASID 1 with SPID 7 */
} figures[] = {
	{ "ida_alloc_range + ida_free (peer)", ida_pair },
	{ "kzalloc + xa_alloc and back (peer)", xa_pair },
	{ "ioasid_alloc + ioasid_free", ioasid_pair },
	{ "ioasid_get + ioasid_put", get_put, true },
	{ "ioasid_find_by_spid", find_spid, true },
};

static int measure(int i)
{
	u64 begin;
	int ret = 0;
	uint n;

	if (figures[i].needs_one && !live)
		return 0;
	for (n = 0; n < 100 && !ret; n++)
		ret = figures[i].fn();
	begin = ktime_get_ns();
	for (n = 0; n < pairs && !ret; n++)
		ret = figures[i].fn();
	if (!ret)
		pr_info("bench: %-38s live=%-8u %6llu\n", figures[i].name, live,
			div_u64(ktime_get_ns() - begin, pairs));
	return ret;
}

/* Everything that is measured against, as many of each. */
static int populate(void)
{
	int ret = 0;
	uint n;
	u32 id;

	for (n = 0; n < live && ret >= 0; n++) {
		ret = ioasid_alloc(set, 1, IOASID_LIMIT, NULL);
		if (ret >= 0)
			ret = ida_alloc_range(&ida, 1, IOASID_LIMIT, GFP_KERNEL);
		if (ret >= 0)
			ret = xa_alloc(&xa, &id, xa_mk_value(1), XA_LIMIT(1, IOASID_LIMIT),
				       GFP_KERNEL);
		cond_resched();
	}
	if (ret >= 0 && live)
		ret = ioasid_attach_spid(set, 1, 7);
	return ret < 0 ? ret : 0;
}

static int __init bench_init(void)
{
	int ret, i;

	set = user ? ioasid_set_alloc(current->mm, 0, IOASID_SET_TYPE_MM) :
		     ioasid_set_alloc(NULL, 0, IOASID_SET_TYPE_NULL);
	if (IS_ERR(set))
		return PTR_ERR(set);
	ret = populate();
	for (i = 0; i < ARRAY_SIZE(figures) && !ret; i++)
		ret = measure(i);
	if (ret)
		pr_err("bench: failed: %d\n", ret);
	ioasid_free_all_in_set(set);
	ioasid_set_put(set);
	ida_destroy(&ida);
	xa_destroy(&xa);
	return ret;
}

static void __exit bench_exit(void)
{
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("Costs of the IOASID core");
MODULE_LICENSE("GPL");
