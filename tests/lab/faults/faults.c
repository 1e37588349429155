// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes one error that the debug kernel detects: `insmod faults.ko kind=leak`.
 * Loading always fails afterwards.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *kind = "";
module_param(kind, charp, 0);
MODULE_PARM_DESC(kind, "leak, use-after-free, atomic-sleep or deadlock");

static void make_leak(void)
{
	int i;

	/* A register or the stack may still contain one of the addresses. */
	for (i = 0; i < 10; i++)
		kmalloc(100, GFP_KERNEL);
}

static void make_use_after_free(void)
{
	char *memory = kmalloc(100, GFP_KERNEL);

	kfree(memory);
	WRITE_ONCE(memory[10], 1);
}

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);

static void make_atomic_sleep(void)
{
	spin_lock(&first);
	msleep(20);
	spin_unlock(&first);
}

static void make_deadlock(void)
{
	spin_lock(&first);
	spin_lock(&second);
	spin_unlock(&second);
	spin_unlock(&first);
	spin_lock(&second);
	spin_lock(&first);
	spin_unlock(&first);
	spin_unlock(&second);
}

static const struct {
	const char *name;
	void (*make)(void);
} faults[] = {
	{ "leak", make_leak },
	{ "use-after-free", make_use_after_free },
	{ "atomic-sleep", make_atomic_sleep },
	{ "deadlock", make_deadlock },
};

static int __init faults_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++)
		if (!strcmp(faults[i].name, kind))
			faults[i].make();
	return -ECANCELED;
}

module_init(faults_init);
MODULE_DESCRIPTION("Errors that the debug kernel detects");
MODULE_LICENSE("GPL");
