// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that takes one of every kind of reference (write 1 to debugfs
 * ioasid_selftest/hold) and releases them when it is unloaded.
 */
#include <linux/delay.h>
#include <linux/sched/mm.h>
#include <linux/workqueue.h>

#include "selftest.h"

static struct ioasid_set *own_set, *process_set;
static struct mm_struct *process;
static struct recorder of_all, of_set, of_process;
static int own_id, process_id;
static bool held;

static void slow(struct work_struct *work)
{
	msleep(200);
}
static DECLARE_WORK(slow_work, slow);

int consumer_hold(void)
{
	if (held)
		return -EBUSY;
	own_set = ioasid_set_alloc(NULL, 100, IOASID_SET_TYPE_NULL);
	if (IS_ERR(own_set))
		return PTR_ERR(own_set);
	process = current->mm;
	mmgrab(process);
	process_set = ioasid_get_mm_set(process);
	if (IS_ERR(process_set)) {
		ioasid_set_put(own_set);
		mmdrop(process);
		return PTR_ERR(process_set);
	}
	held = true;
	recorder_init(&of_all, IOASID_PRIO_CPU);
	recorder_init(&of_set, IOASID_PRIO_DEVICE);
	recorder_init(&of_process, IOASID_PRIO_LAST);
	ioasid_register_notifier(NULL, &of_all.nb);
	ioasid_register_notifier(own_set, &of_set.nb);
	ioasid_register_notifier_mm(process, &of_process.nb);
	own_id = ioasid_alloc(own_set, 1, IOASID_LIMIT, &of_set);
	process_id = ioasid_alloc(process_set, 1, IOASID_LIMIT, NULL);
	ioasid_get(own_set, own_id);
	ioasid_get(process_set, process_id);
	ioasid_attach_spid(process_set, process_id, 1);
	ioasid_free(own_set, own_id);
	ioasid_reserve_capacity(1000);
	ioasid_queue_work(&slow_work);
	return 0;
}

void consumer_exit(void)
{
	if (!held)
		return;
	flush_work(&slow_work);
	ioasid_unregister_notifier(NULL, &of_all.nb);
	ioasid_unregister_notifier(own_set, &of_set.nb);
	ioasid_put(own_set, own_id);
	ioasid_put(process_set, process_id);
	ioasid_free_all_in_set(process_set);
	ioasid_cancel_capacity(1000);
	ioasid_set_put(process_set);
	ioasid_set_put(own_set);
	ioasid_unregister_notifier_mm(process, &of_process.nb);
	mmdrop(process);
	held = false;
}
