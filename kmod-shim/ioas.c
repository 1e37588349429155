// SPDX-License-Identifier: GPL-2.0-only
/*
 * I/O address spaces: creating and releasing them, their attachments and
 * children, and the accounting of pinned memory.
 */
#include <linux/capability.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "fault.h"
#include "ioas.h"

DEFINE_XARRAY_FLAGS(ioasid_spaces, XA_FLAGS_ACCOUNT);
static atomic64_t last_number = ATOMIC64_INIT(0);

static struct ioasid_ioas *ioasid_ioas_create(struct ioasid_set *set, u32 kind)
{
	struct ioasid_ioas *ioas = may_fail(NULL, kzalloc(sizeof(*ioas), GFP_KERNEL_ACCOUNT));

	if (!ioas)
		return NULL;
	refcount_set(&ioas->refs, 1);
	ioas->kind = kind;
	ioas->set = set;
	ioas->alloc_ns = ktime_get_ns();
	ioas->root = IOASID_NO_TABLE;
	mutex_init(&ioas->lock);
	spin_lock_init(&ioas->list_lock);
	INIT_LIST_HEAD(&ioas->bindings);
	INIT_LIST_HEAD(&ioas->nested);
	mt_init(&ioas->areas);
	return ioas;
}

/* Enter a child in @parent. -ENOENT: the parent was freed. */
static int ioasid_ioas_adopt(struct ioasid_ioas *parent)
{
	int ret = -ENOENT;

	spin_lock(&parent->list_lock);
	if (!parent->dead) {
		parent->children++;
		ret = 0;
	}
	spin_unlock(&parent->list_lock);
	return ret;
}

static void ioasid_ioas_leave(struct ioasid_ioas *parent)
{
	spin_lock(&parent->list_lock);
	parent->children--;
	spin_unlock(&parent->list_lock);
}

static int ioasid_ioas_init_kernel(struct ioasid_ioas *ioas, const struct ioasid_ioas_alloc *args)
{
	u64 highest = GENMASK_ULL(IOASID_IOVA_BITS - 1, 0);
	u64 end = ALIGN_DOWN((args->highest_iova ?: highest) + 1, PAGE_SIZE);

	if (args->highest_iova > highest || args->base_iova > highest)
		return -EINVAL;
	/* Whole pages between the two. */
	ioas->base = PAGE_ALIGN(args->base_iova);
	ioas->highest = end - 1;
	if (ioas->base >= end)
		return -EINVAL;
	ioas->user = get_uid(current_user());
	return ioasid_pgtable_init(&ioas->table);
}

static int ioasid_ioas_init_user(struct ioasid_ioas *ioas, const struct ioasid_ioas_alloc *args,
				 struct ioasid_ioas *parent)
{
	int ret;

	if (!parent || parent->kind != IOASID_KIND_KERNEL ||
	    args->format != IOASID_FORMAT_X86_64)
		return -EINVAL;
	ret = ioasid_ioas_adopt(parent);
	if (ret)
		return ret;
	ioas->parent = ioasid_ioas_get(parent);
	ioas->format = args->format;
	return 0;
}

static int ioasid_ioas_init(struct ioasid_ioas *ioas, const struct ioasid_ioas_alloc *args,
			    struct ioasid_ioas *parent)
{
	int ret;

	if (ioas->kind != IOASID_KIND_USER && (args->format || parent))
		return -EINVAL;
	if (ioas->kind != IOASID_KIND_KERNEL && (args->base_iova || args->highest_iova))
		return -EINVAL;
	/* Its place in the list, so that publishing cannot fail. */
	ioas->number = atomic64_inc_return(&last_number);
	ret = may_fail(-ENOMEM, xa_reserve(&ioasid_spaces, ioas->number, GFP_KERNEL));
	if (ret)
		return ret;
	switch (ioas->kind) {
	case IOASID_KIND_KERNEL:
		return ioasid_ioas_init_kernel(ioas, args);
	case IOASID_KIND_USER:
		return ioasid_ioas_init_user(ioas, args, parent);
	case IOASID_KIND_PROCESS:
		return 0;
	case IOASID_KIND_KVM:
		return -EOPNOTSUPP;
	default:
		return -EINVAL;
	}
}

struct ioasid_ioas *ioasid_ioas_new(struct ioasid_set *set, const struct ioasid_ioas_alloc *args,
				    struct ioasid_ioas *parent, struct ioasid_fault_queue *faults)
{
	struct ioasid_ioas *ioas = ioasid_ioas_create(set, args->kind);
	int ret;

	if (!ioas)
		return ERR_PTR(-ENOMEM);
	ioasid_set_get(set);
	ioas->id = args->ioas_id;
	ioas->flags = args->flags;
	if (faults) {
		refcount_inc(&faults->refs);
		ioas->faults = faults;
	}
	ret = ioasid_ioas_init(ioas, args, parent);
	if (ret) {
		ioasid_ioas_put(ioas);
		return ERR_PTR(ret);
	}
	return ioas;
}

struct ioasid_ioas *ioasid_ioas_new_memory(struct ioasid_set *set)
{
	return ioasid_ioas_create(set, IOASID_KIND_PROCESS);
}

void ioasid_ioas_publish(struct ioasid_ioas *ioas)
{
	xa_store(&ioasid_spaces, ioas->number, ioas, GFP_KERNEL);
}

struct ioasid_ioas *ioasid_ioas_get(struct ioasid_ioas *ioas)
{
	refcount_inc(&ioas->refs);
	return ioas;
}

void ioasid_ioas_unpin(u64 phys, u64 size, bool writable)
{
	unpin_user_page_range_dirty_lock(pfn_to_page(PHYS_PFN(phys)), PHYS_PFN(size), writable);
}

int ioasid_ioas_account(struct ioasid_ioas *ioas, u64 pages)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	long locked = atomic_long_read(&ioas->user->locked_vm);

	do {
		if (locked + pages > limit && !capable(CAP_IPC_LOCK))
			return -ENOMEM;
	} while (!atomic_long_try_cmpxchg(&ioas->user->locked_vm, &locked, locked + pages));
	atomic64_add(pages, &ioas->set->mm->pinned_vm);
	return 0;
}

void ioasid_ioas_unaccount(struct ioasid_ioas *ioas, u64 pages)
{
	atomic_long_sub(pages, &ioas->user->locked_vm);
	atomic64_sub(pages, &ioas->set->mm->pinned_vm);
}

/* Nothing is attached, so that no device can reach the mappings. */
static void ioasid_ioas_exit_kernel(struct ioasid_ioas *ioas)
{
	if (ioas->table.root) {
		ioasid_pgtable_block(&ioas->table, 0, GENMASK_ULL(IOASID_IOVA_BITS - 1, 0));
		ioasid_pgtable_reap(&ioas->table, 0, GENMASK_ULL(IOASID_IOVA_BITS - 1, 0),
				    ioasid_ioas_unpin);
		ioasid_ioas_unaccount(ioas, atomic64_read(&ioas->mapped) >> PAGE_SHIFT);
	}
	ioasid_pgtable_exit(&ioas->table);
	if (ioas->user)
		free_uid(ioas->user);
}

void ioasid_ioas_put(struct ioasid_ioas *ioas)
{
	struct ioasid_ioas *parent = ioas->parent;

	if (!refcount_dec_and_test(&ioas->refs))
		return;
	if (ioas->number)
		xa_erase(&ioasid_spaces, ioas->number);
	ioasid_ioas_exit_kernel(ioas);
	mtree_destroy(&ioas->areas);
	ioasid_fault_queue_put(ioas->faults);
	if (parent) {
		if (!ioas->dead)
			ioasid_ioas_leave(parent);
		ioasid_ioas_put(parent);	/* a kernel-managed space: has no parent */
	}
	if (ioas->id)
		ioasid_set_put(ioas->set);
	kfree_rcu(ioas, rcu);
}

int ioasid_ioas_kill(struct ioasid_ioas *ioas)
{
	int ret = 0;

	spin_lock(&ioas->list_lock);
	if (ioas->dead)
		ret = -ENOENT;
	else if (ioas->attachments || ioas->children)
		ret = -EBUSY;
	else
		ioas->dead = true;
	spin_unlock(&ioas->list_lock);
	/* A call in progress may keep it, but the parent has one child less. */
	if (!ret && ioas->parent)
		ioasid_ioas_leave(ioas->parent);
	return ret;
}

int ioasid_ioas_add(struct ioasid_ioas *ioas, struct ioasid_binding *binding)
{
	struct ioasid_ioas *parent = ioas->parent;
	int ret = -ENOENT;

	spin_lock(&ioas->list_lock);
	if (!ioas->dead) {
		list_add_tail(&binding->ioas_link, &ioas->bindings);
		ioas->attachments++;
		ret = 0;
	}
	spin_unlock(&ioas->list_lock);
	if (!ret && parent) {
		spin_lock(&parent->list_lock);
		list_add_tail(&binding->nested_link, &parent->nested);
		spin_unlock(&parent->list_lock);
	}
	return ret;
}

void ioasid_ioas_remove(struct ioasid_ioas *ioas, struct ioasid_binding *binding)
{
	struct ioasid_ioas *parent = ioas->parent;

	spin_lock(&ioas->list_lock);
	list_del(&binding->ioas_link);
	ioas->attachments--;
	spin_unlock(&ioas->list_lock);
	if (parent) {
		spin_lock(&parent->list_lock);
		list_del(&binding->nested_link);
		spin_unlock(&parent->list_lock);
	}
}
