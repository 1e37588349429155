// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a process that its devices share: its end, and the changes after
 * which no device may use an old translation (munmap, mprotect, fork, reclaim,
 * migration). Translations hold no reference to a page; the kernel announces
 * each change of a page table entry before it makes it.
 */
#include <linux/mmu_notifier.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include "fault.h"
#include "ioas.h"

static struct workqueue_struct *unbind_wq;
static work_func_t unbind_work;

static struct ioasid_set *ioasid_set_of(struct mmu_notifier *mn)
{
	return container_of(mn, struct ioasid_set, mn);
}

static bool ioasid_overlaps(const struct ioasid_change *change, u64 address)
{
	return address < change->end && (address | ~PAGE_MASK) >= change->start;
}

/* With memory_lock held. */
static void ioasid_memory_record(struct ioasid_set *set, u64 start, u64 end)
{
	set->recent[set->changes++ % IOASID_RECENT_CHANGES] = (struct ioasid_change){ start, end };
}

/*
 * Constant time, however many attachments the process has, because memory reclaim
 * for other processes waits for this. The lock waits for an access in progress.
 */
static int ioasid_on_change_start(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	struct ioasid_set *set = ioasid_set_of(mn);
	struct ioasid_change *all = &set->in_progress;

	raw_spin_lock(&set->memory_lock);
	ioasid_memory_record(set, range->start, range->end);
	if (!set->changing++)
		*all = (struct ioasid_change){ range->start, range->end };
	all->start = min_t(u64, all->start, range->start);
	all->end = max_t(u64, all->end, range->end);
	raw_spin_unlock(&set->memory_lock);
	return 0;
}

static void ioasid_on_change_end(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	struct ioasid_set *set = ioasid_set_of(mn);
	bool last;

	raw_spin_lock(&set->memory_lock);
	last = !--set->changing;
	raw_spin_unlock(&set->memory_lock);
	if (last) {
		smp_mb();	/* order the change of the counter before the check for waiters */
		wake_up_var(&set->changing);
	}
}

/*
 * The address space ends (exit, exec): mm_users is 0. The attachments are ended
 * by a work item. The release of an mm waits for all notifiers that are running,
 * including those of other processes (KVM), so this callback must not loop.
 */
static void ioasid_on_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	struct ioasid_set *set = ioasid_set_of(mn);

	raw_spin_lock(&set->memory_lock);
	ioasid_memory_record(set, 0, U64_MAX);
	raw_spin_unlock(&set->memory_lock);
	if (list_empty(&set->bound_to) || !refcount_inc_not_zero(&set->refs))
		return;
	if (!queue_work(unbind_wq, &set->unbind))
		ioasid_set_put(set);
}

static const struct mmu_notifier_ops mm_ops = {
	.invalidate_range_start = ioasid_on_change_start,
	.invalidate_range_end = ioasid_on_change_end,
	.release = ioasid_on_release,
	.free_notifier = ioasid_set_forgotten,
};

/* Done at the first attachment, for the lifetime of the set. */
int ioasid_memory_watch(struct ioasid_set *set)
{
	struct ioasid_ioas *memory;
	int ret = 0;

	if (test_bit_acquire(IOASID_SET_MN_REGISTERED, &set->flags))
		return 0;
	memory = ioasid_ioas_new_memory(set);
	if (!memory)
		return -ENOMEM;
	if (mmap_write_lock_killable(set->mm)) {
		kfree(memory);
		return -EINTR;
	}
	if (!test_bit(IOASID_SET_MN_REGISTERED, &set->flags)) {
		INIT_WORK(&set->unbind, unbind_work);
		set->mn.ops = &mm_ops;
		ret = may_fail(-ENOMEM, __mmu_notifier_register(&set->mn, set->mm));
		if (!ret) {
			set->memory = memory;
			memory = NULL;
			smp_mb__before_atomic();	/* pairs with test_bit_acquire() */
			set_bit(IOASID_SET_MN_REGISTERED, &set->flags);
		}
	}
	mmap_write_unlock(set->mm);
	kfree(memory);
	return ret;
}

static bool ioasid_memory_settled(struct ioasid_set *set, u64 address, u64 *changes)
{
	bool settled;

	raw_spin_lock(&set->memory_lock);
	*changes = set->changes;
	settled = !set->changing || !ioasid_overlaps(&set->in_progress, address);
	raw_spin_unlock(&set->memory_lock);
	return settled;
}

int ioasid_memory_settle(struct ioasid_set *set, u64 address, u64 *changes)
{
	while (!ioasid_memory_settled(set, address, changes))
		if (wait_var_event_interruptible(&set->changing, !READ_ONCE(set->changing)))
			return -EINTR;
	return 0;
}

void ioasid_memory_enter(struct ioasid_set *set)
{
	raw_spin_lock(&set->memory_lock);
}

bool ioasid_memory_same(const struct ioasid_set *set, u64 address, u64 *changes)
{
	if (set->changes - *changes > IOASID_RECENT_CHANGES)
		return false;
	for (u64 i = *changes; i < set->changes; i++)
		if (ioasid_overlaps(&set->recent[i % IOASID_RECENT_CHANGES], address))
			return false;
	*changes = set->changes;
	return true;
}

void ioasid_memory_leave(struct ioasid_set *set)
{
	raw_spin_unlock(&set->memory_lock);
}

int ioasid_memory_init(void (*unbind)(struct work_struct *work))
{
	unbind_work = unbind;
	unbind_wq = may_fail(NULL, alloc_workqueue("ioasid_unbind", WQ_UNBOUND, 0));
	return unbind_wq ? 0 : -ENOMEM;
}

void ioasid_memory_exit(void)
{
	mmu_notifier_synchronize();	/* no release call is about to queue work */
	destroy_workqueue(unbind_wq);
}
