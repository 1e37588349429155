// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run test cases: write a name or "all" to debugfs ioasid_selftest/run and read
 * ioasid_selftest/result. Or load the module with case=NAME: loading fails if
 * the case fails, with the result in the kernel log.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "selftest.h"

static char *case_name;
module_param_named(case, case_name, charp, 0444);
MODULE_PARM_DESC(case, "test case to run on load, or all");

static const struct selftest_case *const lists[] = {
	life_cases,
	set_cases,
	notify_cases,
	allocator_cases,
#ifdef IOASID_FAULT_INJECTION
	fault_cases,
#endif
};

static DEFINE_MUTEX(lock);		/* one case at a time; protects the rest */
static char results[8192];
static size_t used;
static char failure[256];
static atomic_t stamps = ATOMIC_INIT(0);
static struct dentry *folder;

void selftest_compare(s64 saw, s64 expected, const char *what, const char *file, int line)
{
	if (saw == expected || failure[0])
		return;
	file = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	snprintf(failure, sizeof(failure), "expected %s = %lld saw %lld (%s:%d)", what, expected,
		 saw, file, line);
}

void selftest_expect_nothing(void)
{
	struct ioasid_system_row row;

	ioasid_read_system(&row);
	EXPECT(row.live, 0);
	EXPECT(row.sets, 0);
	/* The complete capacity is available, and no more. */
	EXPECT(ioasid_reserve_capacity(row.capacity + (row.capacity == IOASID_LIMIT)), 0);
	EXPECT(ioasid_reserve_capacity(1), -ENOSPC);
	EXPECT(ioasid_cancel_capacity(row.capacity + (row.capacity == IOASID_LIMIT)), 0);
	EXPECT(ioasid_cancel_capacity(1), -EINVAL);
}

u32 refs_of(ioasid_t id)
{
	struct ioasid_row row;

	return ioasid_query(id, &row) ? 0 : row.refs;
}

int state_of(ioasid_t id)
{
	struct ioasid_row row;

	return ioasid_query(id, &row) ? NO_STATE : row.state;
}

struct ioasid_set *kernel_set(void)
{
	struct ioasid_set *set = ioasid_set_alloc(NULL, 0, IOASID_SET_TYPE_NULL);

	EXPECT(PTR_ERR_OR_ZERO(set), 0);
	return set;
}

static int record(struct notifier_block *nb, unsigned long val, void *args)
{
	struct recorder *recorder = container_of(nb, struct recorder, nb);

	if (val < ARRAY_SIZE(recorder->seen))
		recorder->seen[val]++;
	recorder->last = *(struct ioasid_nb_args *)args;
	recorder->stamp = atomic_inc_return(&stamps);
	if (recorder->act)
		recorder->act(recorder, val, args);
	return NOTIFY_OK;
}

void recorder_init(struct recorder *recorder, int priority)
{
	*recorder = (struct recorder){
		.nb = { .notifier_call = record, .priority = priority },
	};
}

static bool run_case(const struct selftest_case *test)
{
	failure[0] = 0;
	selftest_expect_nothing();
	test->run();
	selftest_expect_nothing();
	used += scnprintf(results + used, sizeof(results) - used, failure[0] ? "FAIL %s: %s\n" :
			  "ok %s\n", test->name, failure);
	if (failure[0])
		pr_notice("ioasid_selftest: FAIL %s: %s\n", test->name, failure);
	return !failure[0];
}

/* Returns 0, -EIO if a case failed, -ENOENT if there is no such case. */
static int run(const char *name)
{
	const struct selftest_case *test;
	int ret = -ENOENT;

	mutex_lock(&lock);
	used = 0;
	results[0] = 0;
	for (int i = 0; i < ARRAY_SIZE(lists); i++) {
		for (test = lists[i]; test->name; test++) {
			if (strcmp(name, test->name) && (strcmp(name, "all") || test->once))
				continue;
			if (!run_case(test))
				ret = -EIO;
			else if (ret == -ENOENT)
				ret = 0;
		}
	}
	mutex_unlock(&lock);
	return ret;
}

static ssize_t hold_write(struct file *file, const char __user *user, size_t size, loff_t *pos)
{
	int ret;

	mutex_lock(&lock);
	ret = consumer_hold();
	mutex_unlock(&lock);
	return ret ?: size;
}

static const struct file_operations hold_fops = { .owner = THIS_MODULE, .write = hold_write };

static ssize_t cost_write(struct file *file, const char __user *user, size_t size, loff_t *pos)
{
	u32 live;
	int ret = kstrtou32_from_user(user, size, 0, &live);

	if (ret)
		return ret;
	mutex_lock(&lock);
	ret = cost_run(live, results, sizeof(results));
	mutex_unlock(&lock);
	return ret ?: size;
}

static const struct file_operations cost_fops = { .owner = THIS_MODULE, .write = cost_write };

static ssize_t run_write(struct file *file, const char __user *user, size_t size, loff_t *pos)
{
	char *name = memdup_user_nul(user, min(size, 64));
	int ret;

	if (IS_ERR(name))
		return PTR_ERR(name);
	ret = run(strim(name));
	kfree(name);
	return ret ?: size;
}

static const struct file_operations run_fops = { .owner = THIS_MODULE, .write = run_write };

static int result_show(struct seq_file *file, void *unused)
{
	mutex_lock(&lock);
	seq_puts(file, results);
	mutex_unlock(&lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

static int cases_show(struct seq_file *file, void *unused)
{
	const struct selftest_case *test;

	for (int i = 0; i < ARRAY_SIZE(lists); i++)
		for (test = lists[i]; test->name; test++)
			seq_printf(file, "%s\n", test->name);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(cases);

static int __init selftest_init(void)
{
	int ret;

	if (case_name) {
		ret = run(case_name);
		if (ret)
			return ret;
	}
	folder = debugfs_create_dir("ioasid_selftest", NULL);
	debugfs_create_file("run", 0200, folder, NULL, &run_fops);
	debugfs_create_file("result", 0400, folder, NULL, &result_fops);
	debugfs_create_file("cases", 0400, folder, NULL, &cases_fops);
	debugfs_create_file("cost", 0200, folder, NULL, &cost_fops);
	debugfs_create_file("hold", 0200, folder, NULL, &hold_fops);
	return 0;
}

static void __exit selftest_exit(void)
{
	debugfs_remove(folder);
	consumer_exit();
}

module_init(selftest_init);
module_exit(selftest_exit);
MODULE_DESCRIPTION("Self-tests of the in-kernel IOASID API");
MODULE_LICENSE("GPL");
