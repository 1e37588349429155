// SPDX-License-Identifier: GPL-2.0-only
/* Allocation failure injection; empty in a normal build, see fault.h. */
#ifdef IOASID_FAULT_INJECTION
#include <linux/atomic.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "fault.h"

/*
 * Write N: the N-th allocation from now on fails, in any task. Read: the number
 * of allocations left until then; 0: it failed, or none was requested.
 */
static atomic_t fail_nth = ATOMIC_INIT(0);
static struct task_struct *only;	/* only compared; NULL: any task */

bool ioasid_fault(void)
{
	if (!atomic_read(&fail_nth) || (READ_ONCE(only) && READ_ONCE(only) != current))
		return false;
	return atomic_dec_if_positive(&fail_nth) == 0;
}

void ioasid_fault_set(unsigned int nth)
{
	WRITE_ONCE(only, current);
	atomic_set(&fail_nth, nth);
}
EXPORT_SYMBOL_GPL(ioasid_fault_set);

unsigned int ioasid_fault_left(void)
{
	return atomic_read(&fail_nth);
}
EXPORT_SYMBOL_GPL(ioasid_fault_left);

static int set_param(const char *value, const struct kernel_param *param)
{
	int nth, ret = kstrtoint(value, 0, &nth);

	if (ret || nth < 0)
		return -EINVAL;
	WRITE_ONCE(only, NULL);
	atomic_set(&fail_nth, nth);
	return 0;
}

static int get_param(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%d\n", atomic_read(&fail_nth));
}

static const struct kernel_param_ops param_ops = { .set = set_param, .get = get_param };
module_param_cb(fail_nth, &param_ops, NULL, 0644);
MODULE_PARM_DESC(fail_nth, "fail the N-th allocation from now on");

#endif /* IOASID_FAULT_INJECTION */
