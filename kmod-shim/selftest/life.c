// SPDX-License-Identifier: GPL-2.0-only
/* One IOASID: states, references, private data, SPIDs, errors. */
#include <linux/fs.h>
#include <linux/namei.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "selftest.h"

static void life_cycle(void)
{
	struct ioasid_set *set = kernel_set();
	int id = ioasid_alloc(set, 10, 20, NULL);

	EXPECT(id, 10);
	EXPECT(refs_of(id), 1);
	EXPECT(state_of(id), IOASID_STATE_IDLE);
	EXPECT(ioasid_get(set, id), 0);
	EXPECT(state_of(id), IOASID_STATE_ACTIVE);
	EXPECT(ioasid_get(NULL, id), 0);
	EXPECT(refs_of(id), 3);
	EXPECT(ioasid_put(set, id), false);
	EXPECT(ioasid_put(NULL, id), false);
	EXPECT(state_of(id), IOASID_STATE_IDLE);
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(state_of(id), NO_STATE);
	EXPECT(ioasid_get(set, id), -ENOENT);
	EXPECT(ioasid_free(set, id), -ENOENT);
	/* Reclaimed immediately: the ID is free. */
	EXPECT(ioasid_alloc(set, 10, 10, NULL), 10);
	EXPECT(ioasid_free(NULL, 10), 0);
	ioasid_set_put(set);
}

static void free_pending(void)
{
	struct ioasid_set *set = kernel_set();
	int id = ioasid_alloc(set, 7, 7, &life_cycle);
	struct recorder all;

	recorder_init(&all, IOASID_PRIO_LAST);
	EXPECT(ioasid_register_notifier(NULL, &all.nb), 0);
	EXPECT(ioasid_attach_spid(set, id, 70), 0);
	EXPECT(ioasid_get(set, id), 0);
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(state_of(id), IOASID_STATE_FREE_PENDING);
	EXPECT(ioasid_get(set, id), -EBUSY);
	EXPECT(ioasid_attach_data(set, id, &all), -EBUSY);
	EXPECT(ioasid_attach_spid(set, id, 71), -EBUSY);
	EXPECT(PTR_ERR(ioasid_find(set, id, NULL)), -EBUSY);
	EXPECT(ioasid_find_by_spid(set, 70, true), INVALID_IOASID);
	EXPECT(ioasid_find_by_spid(set, 70, false), INVALID_IOASID);
	EXPECT(refs_of(id), 1);
	/* Freeing it again succeeds and has no effect. */
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(all.seen[IOASID_NOTIFY_FREE], 1);
	EXPECT(refs_of(id), 1);
	/* Only now can the ID be allocated again. */
	EXPECT(ioasid_alloc(set, 7, 7, NULL), -ENOSPC);
	EXPECT(ioasid_put(set, id), true);
	EXPECT(ioasid_alloc(set, 7, 7, NULL), 7);
	EXPECT(ioasid_free(set, 7), 0);
	EXPECT(ioasid_unregister_notifier(NULL, &all.nb), 0);
	ioasid_set_put(set);
}

static void ranges(void)
{
	struct ioasid_set *set = kernel_set();

	EXPECT(ioasid_alloc(set, 0, 0, NULL), -EINVAL);
	EXPECT(ioasid_alloc(set, 5, 4, NULL), -EINVAL);
	EXPECT(ioasid_alloc(set, 1, IOASID_LIMIT + 1, NULL), -EINVAL);
	EXPECT(ioasid_alloc(set, IOASID_LIMIT + 1, IOASID_LIMIT + 1, NULL), -EINVAL);
	EXPECT(ioasid_alloc(set, 1, INVALID_IOASID, NULL), -EINVAL);
	/* The range is inclusive, and 0 is never allocated. */
	EXPECT(ioasid_alloc(set, 0, 1, NULL), 1);
	EXPECT(ioasid_alloc(set, 0, 1, NULL), -ENOSPC);
	EXPECT(ioasid_alloc(set, IOASID_LIMIT, IOASID_LIMIT, NULL), IOASID_LIMIT);
	EXPECT(ioasid_alloc(set, IOASID_LIMIT, IOASID_LIMIT, NULL), -ENOSPC);
	EXPECT(ioasid_get(NULL, 0), -ENOENT);
	EXPECT(ioasid_get(NULL, INVALID_IOASID), -ENOENT);
	ioasid_free_all_in_set(set);
	ioasid_set_put(set);
}

static void wrong_owner(void)
{
	struct ioasid_set *set = kernel_set(), *other = kernel_set();
	int id = ioasid_alloc(set, 1, 100, &ranges);

	EXPECT(ioasid_get(other, id), -EACCES);
	EXPECT(ioasid_free(other, id), -EACCES);
	EXPECT(ioasid_attach_spid(other, id, 1), -EACCES);
	EXPECT(ioasid_detach_spid(other, id), -EACCES);
	EXPECT(ioasid_attach_data(other, id, set), -EACCES);
	EXPECT(ioasid_detach_data(other, id), -EACCES);
	EXPECT(PTR_ERR(ioasid_find(other, id, NULL)), -EACCES);
	EXPECT(ioasid_get_if_owned(id), -EPERM);
	EXPECT(state_of(id), IOASID_STATE_IDLE);
	EXPECT(ioasid_free(set, id), 0);
	ioasid_set_put(other);
	ioasid_set_put(set);
}

static void get_if_owned(void)
{
	struct ioasid_set *set = ioasid_get_mm_set(current->mm);
	int id = ioasid_alloc(set, 1, 100, NULL);

	EXPECT(ioasid_get_if_owned(id), 0);
	EXPECT(refs_of(id), 2);
	EXPECT(ioasid_get_if_owned(id + 1), -ENOENT);
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(ioasid_get_if_owned(id), -EBUSY);
	EXPECT(ioasid_put(set, id), true);
	ioasid_set_put(set);
	EXPECT(ioasid_get_if_owned(id), -EPERM);
}

static bool got;

static bool getter(void *private)
{
	got = true;
	return private != &getter;
}

static void private_data(void)
{
	struct ioasid_set *set = kernel_set();
	int id = ioasid_alloc(set, 1, 100, NULL);

	EXPECT(ioasid_find(set, id, getter), NULL);
	EXPECT(ioasid_detach_data(set, id), -ENOENT);
	EXPECT(ioasid_attach_data(set, id, NULL), -EINVAL);
	EXPECT(ioasid_attach_data(set, id, set), 0);
	EXPECT(ioasid_attach_data(set, id, &got), -EBUSY);
	got = false;
	EXPECT(ioasid_find(set, id, getter), set);
	EXPECT(got, true);
	EXPECT(ioasid_find(NULL, id, NULL), set);
	/*
	 * Detaching is part of cleaning up: FREE_PENDING does not prevent it.
	 */
	EXPECT(ioasid_get(set, id), 0);
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(ioasid_detach_data(set, id), 0);
	EXPECT(ioasid_detach_data_locked(set, id), -ENOENT);
	EXPECT(ioasid_put(set, id), true);
	EXPECT(PTR_ERR(ioasid_find(set, id, NULL)), -ENOENT);
	EXPECT(ioasid_attach_data(set, id, set), -ENOENT);
	/* Data that the getter rejects is not returned. */
	id = ioasid_alloc(set, 1, 100, &getter);
	EXPECT(ioasid_find(set, id, getter), NULL);
	EXPECT(ioasid_find(set, id, NULL), &getter);
	EXPECT(ioasid_free(set, id), 0);
	ioasid_set_put(set);
}

static void spid(void)
{
	struct ioasid_set *set = kernel_set(), *other = kernel_set();
	int a = ioasid_alloc(set, 1, 100, NULL), b = ioasid_alloc(set, 1, 100, NULL);
	int c = ioasid_alloc(other, 1, 100, NULL);
	struct ioasid_row row;

	EXPECT(ioasid_attach_spid(set, a, 5), 0);
	/*
	 * An SPID is not replaced, and is unique in its set; other sets have
	 * their own.
	 */
	EXPECT(ioasid_attach_spid(set, a, 6), -EBUSY);
	EXPECT(ioasid_attach_spid(set, b, 5), -EEXIST);
	EXPECT(ioasid_attach_spid(other, c, 5), 0);
	EXPECT(ioasid_attach_spid(set, b, INVALID_IOASID), -EINVAL);
	EXPECT(ioasid_find_by_spid(set, 5, false), a);
	EXPECT(ioasid_find_by_spid(other, 5, false), c);
	EXPECT(ioasid_find_by_spid(set, 6, false), INVALID_IOASID);
	EXPECT(refs_of(a), 1);
	EXPECT(ioasid_find_by_spid(set, 5, true), a);
	EXPECT(refs_of(a), 2);
	EXPECT(ioasid_query(a, &row), 0);
	EXPECT(row.spid, 5);
	EXPECT(ioasid_detach_spid(set, a), 0);
	EXPECT(ioasid_detach_spid(set, a), -ENOENT);
	EXPECT(ioasid_find_by_spid(set, 5, false), INVALID_IOASID);
	EXPECT(ioasid_attach_spid(set, b, 5), 0);
	EXPECT(ioasid_find_by_spid(set, 5, false), b);
	/* It is removed with the IOASID and can then be attached again. */
	EXPECT(ioasid_free(set, b), 0);
	EXPECT(ioasid_find_by_spid(set, 5, false), INVALID_IOASID);
	EXPECT(ioasid_attach_spid(set, a, 5), 0);
	EXPECT(ioasid_put(set, a), false);
	EXPECT(ioasid_attach_spid(set, 99, 7), -ENOENT);
	ioasid_free_all_in_set(set);
	ioasid_free_all_in_set(other);
	ioasid_set_put(other);
	ioasid_set_put(set);
}

/* An SPID may have any value except INVALID_IOASID. */
static void spid_wide(void)
{
	struct ioasid_set *set = kernel_set();
	int a = ioasid_alloc(set, 1, 100, NULL), b = ioasid_alloc(set, 1, 100, NULL);

	EXPECT(ioasid_attach_spid(set, a, 0), 0);
	EXPECT(ioasid_attach_spid(set, b, INVALID_IOASID - 1), 0);
	EXPECT(ioasid_find_by_spid(set, 0, false), a);
	EXPECT(ioasid_find_by_spid(set, INVALID_IOASID - 1, false), b);
	ioasid_free_all_in_set(set);
	ioasid_set_put(set);
}

/*
 * The device, looked up by a task with a root directory: since 7.1 kernel
 * threads have none.
 */
static struct path device;

/* Opened by a task without an mm: fails with an error only. */
static void ask_without_mm(struct work_struct *work)
{
	struct ioasid_set *set = kernel_set();
	struct file *file;

	EXPECT(!current->mm, true);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(ioasid_get_if_owned(1), -EPERM);
	EXPECT(ioasid_free(set, 1), 0);
	EXPECT(ioasid_find_mm_set(NULL), NULL);
	EXPECT(PTR_ERR(ioasid_get_mm_set(NULL)), -EINVAL);
	file = dentry_open(&device, O_RDWR, current_cred());
	EXPECT(PTR_ERR(file), -EINVAL);
	if (!IS_ERR(file))
		filp_close(file, NULL);
	EXPECT(ioasid_set_free(set), 0);
}
static DECLARE_WORK(without_mm, ask_without_mm);

static void no_mm(void)
{
	int ret = kern_path("/dev/ioasid", 0, &device);

	EXPECT(ret, 0);
	if (ret)
		return;
	EXPECT(ioasid_queue_work(&without_mm), true);
	flush_work(&without_mm);
	path_put(&device);
}

const struct selftest_case life_cases[] = {
	{ "life_cycle", life_cycle },
	{ "free_pending", free_pending },
	{ "ranges", ranges },
	{ "wrong_owner", wrong_owner },
	{ "get_if_owned", get_if_owned },
	{ "private_data", private_data },
	{ "spid", spid },
	{ "spid_wide", spid_wide },
	{ "no_mm", no_mm },
	{}
};
