// SPDX-License-Identifier: GPL-2.0-only
/* Sets and capacity: quotas, tokens, life time, iteration, charged cgroup. */
#include <linux/cgroup.h>
#include <linux/delay.h>
#include <linux/sched/mm.h>

#include "selftest.h"

static void capacity(void)
{
	EXPECT(ioasid_reserve_capacity(1000), 0);
	EXPECT(ioasid_reserve_capacity(IOASID_LIMIT + 1 - 999), -ENOSPC);
	EXPECT(ioasid_cancel_capacity(1001), -EINVAL);
	EXPECT(ioasid_cancel_capacity(400), 0);
	EXPECT(ioasid_cancel_capacity(601), -EINVAL);
	EXPECT(ioasid_cancel_capacity(600), 0);
	EXPECT(ioasid_reserve_capacity(INVALID_IOASID), -ENOSPC);
	EXPECT(ioasid_cancel_capacity(INVALID_IOASID), -EINVAL);
}

/* Reserved IOASIDs are not available to others. */
static void capacity_counts(void)
{
	struct ioasid_set *set = kernel_set();

	EXPECT(ioasid_reserve_capacity(IOASID_LIMIT), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), -ENOSPC);
	EXPECT(PTR_ERR(ioasid_set_alloc(NULL, 1, IOASID_SET_TYPE_NULL)), -ENOSPC);
	EXPECT(ioasid_cancel_capacity(1), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 2);
	EXPECT(ioasid_cancel_capacity(IOASID_LIMIT - 1), 0);
	ioasid_free_all_in_set(set);
	ioasid_set_put(set);
}

/* Permanent until the core is unloaded: the test reloads it. */
static void capacity_install(void)
{
	struct ioasid_set *set = kernel_set();

	EXPECT(ioasid_install_capacity(0), -EINVAL);
	EXPECT(ioasid_install_capacity(IOASID_LIMIT + 2), -EINVAL);
	EXPECT(ioasid_alloc(set, 5000, 5000, NULL), 5000);
	EXPECT(ioasid_install_capacity(5000), -EBUSY);
	EXPECT(ioasid_free(set, 5000), 0);
	EXPECT(ioasid_reserve_capacity(4097), 0);
	EXPECT(ioasid_install_capacity(4096), -ENOSPC);
	EXPECT(ioasid_cancel_capacity(4097), 0);
	EXPECT(ioasid_install_capacity(4096), 0);
	EXPECT(ioasid_install_capacity(4096), -EBUSY);
	EXPECT(ioasid_install_capacity(8192), -EBUSY);
	EXPECT(ioasid_alloc(set, 1, 4096, NULL), -EINVAL);
	EXPECT(ioasid_alloc(set, 4095, 4095, NULL), 4095);
	EXPECT(ioasid_reserve_capacity(4096), -ENOSPC);
	EXPECT(ioasid_free(set, 4095), 0);
	ioasid_set_put(set);
}

static void quota(void)
{
	struct ioasid_set *set = ioasid_set_alloc(NULL, 2, IOASID_SET_TYPE_NULL);

	EXPECT(PTR_ERR_OR_ZERO(set), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 2);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), -ENOSPC);
	/* An IOASID freed in use counts until it is reclaimed. */
	EXPECT(ioasid_get(set, 1), 0);
	EXPECT(ioasid_free(set, 1), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), -ENOSPC);
	EXPECT(ioasid_put(set, 1), true);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	/* The quota is reserved: others cannot use it. */
	EXPECT(ioasid_reserve_capacity(IOASID_LIMIT), -ENOSPC);
	EXPECT(ioasid_reserve_capacity(IOASID_LIMIT - 1), 0);
	EXPECT(ioasid_cancel_capacity(IOASID_LIMIT - 1), 0);
	ioasid_free_all_in_set(set);
	EXPECT(ioasid_set_free(set), 0);
}

static void quota_adjust(void)
{
	struct ioasid_set *set = ioasid_set_alloc(NULL, 2, IOASID_SET_TYPE_NULL);

	EXPECT(PTR_ERR_OR_ZERO(set), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 2);
	EXPECT(ioasid_adjust_set(set, 1), -EINVAL);
	EXPECT(ioasid_adjust_set(set, 3), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 3);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), -ENOSPC);
	EXPECT(ioasid_reserve_capacity(IOASID_LIMIT + 1 - 3), 0);
	EXPECT(ioasid_adjust_set(set, 4), -ENOSPC);
	EXPECT(ioasid_adjust_set(set, INVALID_IOASID), -ENOSPC);
	EXPECT(ioasid_cancel_capacity(10), 0);
	EXPECT(ioasid_adjust_set(set, 13), 0);
	EXPECT(ioasid_reserve_capacity(1), -ENOSPC);
	/* Remove the quota: the set keeps what it holds. Then set one again. */
	EXPECT(ioasid_adjust_set(set, 0), 0);
	EXPECT(ioasid_reserve_capacity(11), -ENOSPC);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 4);
	EXPECT(ioasid_reserve_capacity(9), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), -ENOSPC);
	EXPECT(ioasid_adjust_set(set, 3), -EINVAL);
	EXPECT(ioasid_adjust_set(set, 4), 0);
	ioasid_free_all_in_set(set);
	EXPECT(ioasid_cancel_capacity(IOASID_LIMIT + 1 - 3 - 10 + 9), 0);
	EXPECT(ioasid_set_free(set), 0);
}

/* A quota is returned with its set, however the set ends. */
static void quota_returned(void)
{
	struct ioasid_set *set;

	for (int i = 0; i < 3000; i++) {
		set = ioasid_set_alloc(NULL, 1000, IOASID_SET_TYPE_NULL);
		EXPECT(PTR_ERR_OR_ZERO(set), 0);
		if (IS_ERR(set))
			return;
		if (i % 2)
			EXPECT(ioasid_set_free(set), 0);
		else
			ioasid_set_put(set);
		cond_resched();
	}
}

static void quota_zero(void)
{
	struct ioasid_set *set = kernel_set();
	struct ioasid_set *other = ioasid_set_alloc(NULL, IOASID_LIMIT, IOASID_SET_TYPE_NULL);

	EXPECT(PTR_ERR_OR_ZERO(other), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), -ENOSPC);
	if (!IS_ERR(other))
		ioasid_set_put(other);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 2);
	ioasid_free_all_in_set(set);
	ioasid_set_put(set);
}

static void tokens(void)
{
	struct ioasid_set *set = ioasid_set_alloc(current->mm, 0, IOASID_SET_TYPE_MM), *found;

	EXPECT(PTR_ERR_OR_ZERO(set), 0);
	EXPECT(PTR_ERR(ioasid_set_alloc(current->mm, 0, IOASID_SET_TYPE_MM)), -EEXIST);
	EXPECT(PTR_ERR(ioasid_set_alloc(NULL, 0, IOASID_SET_TYPE_MM)), -EINVAL);
	EXPECT(PTR_ERR(ioasid_set_alloc(current->mm, 0, IOASID_SET_TYPE_NULL)), -EINVAL);
	EXPECT(PTR_ERR(ioasid_set_alloc(NULL, 0, IOASID_SET_TYPE_NR)), -EINVAL);
	EXPECT(PTR_ERR(ioasid_set_alloc(NULL, 0, -1)), -EINVAL);
	found = ioasid_find_mm_set(current->mm);
	EXPECT(found, set);
	ioasid_set_put(found);
	found = ioasid_get_mm_set(current->mm);
	EXPECT(found, set);
	ioasid_set_put(found);
	ioasid_set_put(set);
	EXPECT(ioasid_find_mm_set(current->mm), NULL);
}

/* A set exists while it is referenced, with or without IOASIDs. */
static void set_life(void)
{
	struct ioasid_set *set = kernel_set();
	struct ioasid_system_row row;

	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(ioasid_set_free(set), -EBUSY);
	EXPECT(ioasid_free(set, 1), 0);
	/* The last IOASID is freed; the set remains. */
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(ioasid_get(NULL, 1), 0);
	ioasid_set_put(set);
	ioasid_read_system(&row);
	EXPECT(row.sets, 1);
	EXPECT(ioasid_free(NULL, 1), 0);
	ioasid_read_system(&row);
	EXPECT(row.sets, 1);
	EXPECT(ioasid_put(NULL, 1), true);
	ioasid_read_system(&row);
	EXPECT(row.sets, 0);
}

struct walk {
	int calls;
	int stop_at;
	ioasid_t last;
};

static int visit(struct ioasid_set *set, ioasid_t id, void *arg)
{
	struct walk *walk = arg;

	/* The callback may sleep, free this IOASID and others, and allocate. */
	usleep_range(10, 20);
	walk->calls++;
	EXPECT(ioasid_free(set, id), 0);
	if (walk->calls == 1)
		ioasid_free(set, walk->last);
	return walk->calls == walk->stop_at ? 77 : 0;
}

static void set_walk(void)
{
	struct ioasid_set *set = kernel_set();
	struct walk walk = { .last = 10 };

	EXPECT(ioasid_set_for_each_ioasid(set, visit, &walk), 0);
	EXPECT(walk.calls, 0);
	for (int i = 1; i <= 10; i++)
		EXPECT(ioasid_alloc(set, 1, 100, NULL), i);
	EXPECT(ioasid_set_for_each_ioasid(set, visit, &walk), 0);
	EXPECT(walk.calls, 9);
	for (int i = 1; i <= 10; i++)
		EXPECT(ioasid_alloc(set, 1, 100, NULL), i);
	walk = (struct walk){ .stop_at = 3, .last = 10 };
	EXPECT(ioasid_set_for_each_ioasid(set, visit, &walk), 77);
	EXPECT(walk.calls, 3);
	ioasid_free_all_in_set(set);
	EXPECT(ioasid_set_free(set), 0);
}

/*
 * Run with the parent in another cgroup: the parent's cgroup is charged, not
 * the caller's.
 */
static void on_behalf(void)
{
	struct task_struct *parent = rcu_access_pointer(current->real_parent);
	struct mm_struct *mm = get_task_mm(parent);
	struct ioasid_row row = {};
	struct ioasid_set *set;
	u64 cgroup;
	int id;

	EXPECT(!mm, false);
	if (!mm)
		return;
	rcu_read_lock();
	cgroup = cgroup_id(task_dfl_cgroup(parent));
	rcu_read_unlock();
	set = ioasid_get_mm_set(mm);
	EXPECT(PTR_ERR_OR_ZERO(set), 0);
	id = ioasid_alloc(set, 1, 100, NULL);
	EXPECT(ioasid_query(id, &row), 0);
	EXPECT(row.cgroup_id, cgroup);
	EXPECT(row.pid, task_tgid_nr(parent));
	EXPECT(ioasid_get_if_owned(id), -EPERM);
	EXPECT(ioasid_free(set, id), 0);
	ioasid_set_put(set);
	/* A set of the kernel has no holder. */
	set = kernel_set();
	id = ioasid_alloc(set, 1, 100, NULL);
	EXPECT(ioasid_query(id, &row), 0);
	EXPECT(row.cgroup_id, 0);
	EXPECT(row.pid, 0);
	EXPECT(ioasid_free(set, id), 0);
	ioasid_set_put(set);
	mmput(mm);
}

const struct selftest_case set_cases[] = {
	{ "capacity", capacity },
	{ "capacity_counts", capacity_counts },
	{ "quota", quota },
	{ "quota_adjust", quota_adjust },
	{ "quota_returned", quota_returned },
	{ "quota_zero", quota_zero },
	{ "tokens", tokens },
	{ "set_life", set_life },
	{ "set_walk", set_walk },
	{ "on_behalf", on_behalf },
	{ "capacity_install", capacity_install, .once = true },
	{}
};
