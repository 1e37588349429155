// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page requests: a device needs memory that is not present and waits for it.
 * All backends handle them with these functions.
 */
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>

#include "private.h"

/*
 * Nothing is mapped at @iova, but a stack may grow to it. A module can expand a
 * stack only by accessing the memory.
 */
static bool ioasid_stack_grows_to(struct mm_struct *mm, u64 iova)
{
	struct task_struct *owner;
	bool grown = false;
	char byte;

	if (mm == current->mm)
		return !get_user(byte, (char __user *)iova);
	rcu_read_lock();
	owner = rcu_dereference(mm->owner);
	if (owner)
		get_task_struct(owner);
	rcu_read_unlock();
	if (owner) {
		grown = access_process_vm(owner, iova, &byte, 1, 0) == 1;
		put_task_struct(owner);
	}
	return grown;
}

/* Take mmap_lock for reading, with a mapping at @iova. */
static int ioasid_lock_mapped(struct mm_struct *mm, u64 iova)
{
	for (int tries = 0; tries < 2; tries++) {
		if (mmap_read_lock_killable(mm))
			return -EINTR;
		if (vma_lookup(mm, iova))
			return 0;
		mmap_read_unlock(mm);
		if (!ioasid_stack_grows_to(mm, iova))
			break;
	}
	return fatal_signal_pending(current) ? -EINTR : -EFAULT;
}

/*
 * A page to be written must belong to the process and stay its own: pin it. A
 * page to be read may be shared.
 */
static long ioasid_page_take(struct mm_struct *mm, u64 iova, bool write, unsigned int flags,
			     struct page **page, int *locked)
{
	u64 start = iova & PAGE_MASK;

	if (write)
		return pin_user_pages_remote(mm, start, 1, flags | FOLL_WRITE, page, locked);
	return get_user_pages_remote(mm, start, 1, flags, page, locked);
}

noinline int ioasid_page_request(struct mm_struct *mm, u64 iova, bool write, struct page **page)
{
	int locked = 1;
	long got;
	int ret;

	ret = ioasid_lock_mapped(mm, iova);
	if (ret)
		return ret;
	got = ioasid_page_take(mm, iova, write, FOLL_INTERRUPTIBLE, page, &locked);
	if (locked)
		mmap_read_unlock(mm);
	if (got == 1)
		return 0;
	return got == -EINTR || fatal_signal_pending(current) ? -EINTR : -EFAULT;
}

int ioasid_page_get(struct mm_struct *mm, u64 iova, bool write, struct page **page)
{
	long got = 0;

	if (mmap_read_lock_killable(mm))
		return -EINTR;
	/* get_user_pages() logs a warning for an address just below a stack. */
	if (vma_lookup(mm, iova))
		got = ioasid_page_take(mm, iova, write, FOLL_NOFAULT, page, NULL);
	mmap_read_unlock(mm);
	return got == 1 ? 0 : ioasid_page_request(mm, iova, write, page);
}

/* Taking a page for writing has marked it as dirty. */
void ioasid_page_put(struct page *page, bool written)
{
	if (written)
		unpin_user_page(page);
	else
		put_page(page);
}
