// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measures the cost of the kernel API and of comparable kernel functions. Each
 * figure is the mean cost of a call in the fastest of several batches. In a guest
 * whose clock counts instructions (see run), a nanosecond is one instruction. Runs
 * when it is loaded, and prints one line per figure to the kernel log.
 */
#include <linux/delay.h>
#include <linux/idr.h>
#include <linux/ktime.h>
#include <linux/misc_cgroup.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "ioasid.h"

static uint pairs = 5000;
module_param(pairs, uint, 0);
static uint live;
module_param(live, uint, 0);
MODULE_PARM_DESC(live, "number of live IOASIDs, and of IDs of the other allocators");
static bool user;
module_param(user, bool, 0);
MODULE_PARM_DESC(user, "allocate for the process that loads the module, and charge its cgroup");

static bool memory;
module_param(memory, bool, 0);
MODULE_PARM_DESC(memory, "measure the memory used by live IOASIDs with SPIDs instead of time");

static DEFINE_IDA(ida);
static DEFINE_XARRAY_ALLOC1(xa);
static struct ioasid_set *set;

#define SPID(n)	(0x10000 + (n))		/* SPID of the n-th IOASID */

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

/* Look up SPIDs distributed over the whole table. */
static int find_spid(void)
{
	static u32 n;

	n = (n + 7919) % live;
	return ioasid_find_by_spid(set, SPID(n), false) == INVALID_IOASID ? -ENOENT : 0;
}

static int find_set(void)
{
	struct ioasid_set *found = ioasid_find_mm_set(current->mm);

	if (!found)
		return -ENOENT;
	ioasid_set_put(found);
	return 0;
}

static const struct {
	const char *name;
	int (*fn)(void);
	enum { NOTHING, LIVE, USER } needs;
} figures[] = {
	{ "ida_alloc_range + ida_free (peer)", ida_pair },
	{ "kzalloc + xa_alloc and back (peer)", xa_pair },
	{ "ioasid_alloc + ioasid_free", ioasid_pair },
	{ "ioasid_get + ioasid_put", get_put, LIVE },
	{ "ioasid_find_by_spid", find_spid, LIVE },
	{ "ioasid_find_mm_set + ioasid_set_put", find_set, USER },
};

/* Other work of the kernel does not affect every batch. */
#define BATCHES	10

static int batch(int i, u64 *ns)
{
	u64 begin = ktime_get_ns();
	int ret = 0;
	uint n;

	for (n = 0; n < pairs / BATCHES && !ret; n++)
		ret = figures[i].fn();
	*ns = min(*ns, ktime_get_ns() - begin);
	return ret;
}

static int measure(int i)
{
	u64 ns = U64_MAX;
	int ret = 0, n;

	if ((figures[i].needs == LIVE && !live) || (figures[i].needs == USER && !user))
		return 0;
	for (n = 0; n < BATCHES && !ret; n++)
		ret = batch(i, &ns);
	if (!ret)
		pr_info("bench: %s: %llu\n", figures[i].name, div_u64(ns * BATCHES, pairs));
	return ret;
}

static int add_ioasid(uint n)
{
	int id = ioasid_alloc(set, 1, IOASID_LIMIT, NULL);

	return id < 0 ? id : ioasid_attach_spid(set, id, SPID(n));
}

/* Add one ID to each of the measured allocators. */
static int add_all(uint n)
{
	int ret = add_ioasid(n);
	u32 id;

	if (ret >= 0)
		ret = ida_alloc_range(&ida, 1, IOASID_LIMIT, GFP_KERNEL);
	if (ret >= 0)
		ret = xa_alloc(&xa, &id, xa_mk_value(1), XA_LIMIT(1, IOASID_LIMIT), GFP_KERNEL);
	return ret;
}

static int populate(int (*add)(uint n))
{
	int ret = 0;
	uint n;

	for (n = 0; n < live && ret >= 0; n++) {
		ret = add(n);
		cond_resched();
	}
	return ret < 0 ? ret : 0;
}

static long free_bytes(void)
{
	struct sysinfo info;

	rcu_barrier();
	msleep(1000);		/* tables grow and shrink in work items */
	si_meminfo(&info);
	return info.freeram * PAGE_SIZE;
}

static int measure_memory(void)
{
	long before = free_bytes(), with;
	int ret = populate(add_ioasid);

	with = free_bytes();
	ioasid_free_all_in_set(set);
	if (!ret)
		pr_info("bench: bytes for each: %ld\n", (before - with) / live);
	return ret;
}

static int measure_all(void)
{
	int ret = populate(add_all), i;

	for (i = 0; i < ARRAY_SIZE(figures) && !ret; i++)
		ret = measure(i);
	ioasid_free_all_in_set(set);
	return ret;
}

static int __init bench_init(void)
{
	int ret;

	/* bench/policy compares with this controller, which needs a capacity. */
	misc_cg_set_capacity(MISC_CG_RES_SEV, 1 << 20);
	set = user ? ioasid_get_mm_set(current->mm) :
		     ioasid_set_alloc(NULL, 0, IOASID_SET_TYPE_NULL);
	if (IS_ERR(set))
		return PTR_ERR(set);
	ret = memory ? measure_memory() : measure_all();
	if (ret)
		pr_err("bench: failed: %d\n", ret);
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
