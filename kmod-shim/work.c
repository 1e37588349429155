// SPDX-License-Identifier: GPL-2.0-only
/* The ordered work queue, for work that notifiers cannot do themselves. */
#include <linux/workqueue.h>

#include "fault.h"
#include "private.h"

static struct workqueue_struct *ordered_wq;

bool ioasid_queue_work(struct work_struct *work)
{
	return queue_work(ordered_wq, work);
}
EXPORT_SYMBOL_GPL(ioasid_queue_work);

void ioasid_flush(void)
{
	flush_workqueue(ordered_wq);
}

int ioasid_work_init(void)
{
	ordered_wq = may_fail(NULL, alloc_ordered_workqueue("ioasid", WQ_MEM_RECLAIM));
	return ordered_wq ? 0 : -ENOMEM;
}

void ioasid_work_exit(void)
{
	destroy_workqueue(ordered_wq);
}
