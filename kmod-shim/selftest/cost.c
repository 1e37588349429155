// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cost of calls, compared with the kernel's ida in the same run: write the
 * number of IOASIDs to allocate first to debugfs ioasid_selftest/cost and read
 * result. In nanoseconds; in a guest that counts instructions (-icount
 * shift=0), in instructions.
 */
#include <linux/idr.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>

#include "selftest.h"

#define ROUNDS	1000

static struct ioasid_set *set, *process;
static DEFINE_IDA(ida);
static ioasid_t middle;		/* an allocated IOASID; its SPID is equal */

static void nothing(void)
{
}

static void ida_pair(void)
{
	ida_free(&ida, ida_alloc_range(&ida, 1, IOASID_LIMIT, GFP_KERNEL));
}

static void alloc_pair(void)
{
	ioasid_free(set, ioasid_alloc(set, 1, IOASID_LIMIT, NULL));
}

static void process_pair(void)
{
	ioasid_free(process, ioasid_alloc(process, 1, IOASID_LIMIT, NULL));
}

static void get_pair(void)
{
	ioasid_get(set, middle);
	ioasid_put(set, middle);
}

static void find(void)
{
	ioasid_find(set, middle, NULL);
}

static void spid(void)
{
	ioasid_find_by_spid(set, middle, false);
}

static void spid_pair(void)
{
	ioasid_detach_spid(set, middle);
	ioasid_attach_spid(set, middle, middle);
}

static void mm_set(void)
{
	ioasid_set_put(ioasid_find_mm_set(current->mm));
}

static const struct {
	const char *name;
	void (*call)(void);
} costs[] = {
	{ "empty call", nothing },
	{ "ida_alloc_range + ida_free", ida_pair },
	{ "alloc + free, kernel's set", alloc_pair },
	{ "alloc + free, process's set", process_pair },
	{ "get + put", get_pair },
	{ "find", find },
	{ "find by SPID", spid },
	{ "detach + attach SPID", spid_pair },
	{ "find set of process + put", mm_set },
};

static void measure(char *to, size_t size)
{
	size_t used = 0;
	ktime_t begin;

	for (int i = 0; i < ARRAY_SIZE(costs); i++) {
		costs[i].call();
		begin = ktime_get();
		for (int round = 0; round < ROUNDS; round++)
			costs[i].call();
		used += scnprintf(to + used, size - used, "%-30s %lld\n", costs[i].name,
				  ktime_to_ns(ktime_sub(ktime_get(), begin)) / ROUNDS);
	}
}

int cost_run(u32 live, char *to, size_t size)
{
	int ret = 0, number;
	u32 done;

	set = ioasid_set_alloc(NULL, 0, IOASID_SET_TYPE_NULL);
	process = ioasid_get_mm_set(current->mm);
	if (IS_ERR(set) || IS_ERR(process))
		return -ENOMEM;
	for (done = 0; done < live && ret >= 0; done++) {
		ret = ioasid_alloc(set, 1, IOASID_LIMIT, NULL);
		number = ida_alloc_range(&ida, 1, IOASID_LIMIT, GFP_KERNEL);
		if (ret > 0 && number > 0)
			ret = ioasid_attach_spid(set, ret, ret);
		cond_resched();
	}
	middle = live / 2 + 1;
	if (ret >= 0)
		measure(to, size);
	ioasid_free_all_in_set(set);
	ida_destroy(&ida);
	ioasid_set_put(process);
	ioasid_set_put(set);
	return ret < 0 ? ret : 0;
}
