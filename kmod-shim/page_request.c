// SPDX-License-Identifier: GPL-2.0
/*
 * Page requests: a device came upon memory that is not there (yet, or any more)
 * and waits. Whichever backend hears of it, this is how it is served.
 */
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "private.h"

/* What the processor's own page fault would do, on behalf of the device. */
static vm_fault_t serve(struct mm_struct *mm, u64 iova, bool write)
{
	struct vm_area_struct *vma = vma_lookup(mm, iova);

	if (!vma || !(vma->vm_flags & (write ? VM_WRITE : VM_READ)))
		return VM_FAULT_SIGSEGV;
	return handle_mm_fault(vma, iova, FAULT_FLAG_REMOTE | (write ? FAULT_FLAG_WRITE : 0), NULL);
}

int ioasid_page_request(struct ioasid_binding *binding, u64 iova, bool write)
{
	struct mm_struct *mm = binding->set->mm;
	vm_fault_t ret;

	if (!mmget_not_zero(mm))
		return -EFAULT;
	mmap_read_lock(mm);
	ret = serve(mm, iova, write);
	mmap_read_unlock(mm);
	/* Were this the last user, tearing the mm down would want dev->lock. */
	mmput_async(mm);
	return ret & VM_FAULT_ERROR ? -EFAULT : 0;
}
