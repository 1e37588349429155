// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings of kernel-managed spaces and page tables of user-managed ones: change
 * them, and let the attached devices forget what they cached.
 *
 * The memory of a mapping is pinned without a lock, because that waits for user
 * memory. Meanwhile the area is entered in ioas->areas as IOASID_AREA_NEW, which
 * keeps its addresses.
 */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "fault.h"
#include "hw/hw.h"
#include "ioas.h"
#include "trace.h"

/* Values in ioas->areas. */
#define IOASID_AREA_NEW		xa_mk_value(1)	/* being made */
#define IOASID_AREA_MAPPED	xa_mk_value(2)

/* --- Flushing ------------------------------------------------------------- */

/*
 * The next attachment of the list that was not flushed in this round, with a
 * reference. @mark is its flush number for this list.
 */
static struct ioasid_binding *ioasid_flush_next(struct ioasid_ioas *ioas, struct list_head *list,
						bool nested)
{
	struct ioasid_binding *binding = NULL;
	struct list_head *first;
	u64 *mark;

	spin_lock(&ioas->list_lock);
	if (!list_empty(list)) {
		first = list->next;
		if (nested)
			binding = list_entry(first, struct ioasid_binding, nested_link);
		else
			binding = list_entry(first, struct ioasid_binding, ioas_link);
		mark = nested ? &binding->nested_flush : &binding->ioas_flush;
		if (*mark == ioas->flush) {
			binding = NULL;
		} else {
			*mark = ioas->flush;
			list_move_tail(first, list);
			/* It is removed from the list before it loses its last reference. */
			refcount_inc(&binding->refs);
		}
	}
	spin_unlock(&ioas->list_lock);
	return binding;
}

/*
 * Let the devices of the list forget what they cached of the range, and wait for
 * the accesses that use it. With ioas->lock held. Returns the first error; all
 * devices are flushed nevertheless.
 */
static int ioasid_flush_list(struct ioasid_ioas *ioas, struct list_head *list, bool nested,
			     u64 start, u64 last, bool must)
{
	struct ioasid_binding *binding;
	int ret = 0;

	while ((binding = ioasid_flush_next(ioas, list, nested))) {
		int err = binding->dev->ops->invalidate(binding->dev, binding, start, last);

		/* The device may still use the mapping: end the attachment. */
		if (err && must)
			ioasid_binding_end(binding);
		ret = ret ?: err;
		ioasid_binding_put(binding);
		cond_resched();
	}
	return ret;
}

/* What devices cached through the range, before its memory is unpinned. */
static void ioasid_flush_mappings(struct ioasid_ioas *ioas, u64 start, u64 last)
{
	ioas->flush++;
	ioasid_flush_list(ioas, &ioas->bindings, false, start, last, true);
	/* Translations of children: from which of their addresses is not known. */
	ioasid_flush_list(ioas, &ioas->nested, true, 0, U64_MAX, true);
}

/* --- Mappings ------------------------------------------------------------- */

/* Find the first area that ends at or after @start and begins at or before @last. */
static void *ioasid_area_find(struct ioasid_ioas *ioas, u64 *start, u64 *last)
{
	MA_STATE(mas, &ioas->areas, *start, *start);
	void *area;

	rcu_read_lock();
	area = mas_find(&mas, *last);
	rcu_read_unlock();
	if (area) {
		*start = mas.index;
		*last = mas.last;
	}
	return area;
}

static int ioasid_map_check(const struct ioasid_ioas *ioas, const struct ioasid_map *args)
{
	u64 last = args->iova + args->length - 1;

	if (!(args->flags & (IOASID_MAP_READ | IOASID_MAP_WRITE)))
		return -EINVAL;
	if (!args->length || !PAGE_ALIGNED(args->iova | args->length | args->address))
		return -EINVAL;
	if (last < args->iova || args->address + args->length - 1 < args->address)
		return -EINVAL;
	if (args->iova <= IOASID_MSI_LAST && last >= IOASID_MSI_START)
		return -EINVAL;
	return 0;
}

/* Keep the addresses of a new mapping. */
static int ioasid_area_reserve(struct ioasid_ioas *ioas, u64 iova, u64 last)
{
	int ret;

	if (mutex_lock_killable(&ioas->lock))
		return -EINTR;
	if (iova < ioas->base || last > ioas->highest)
		ret = -EINVAL;
	else
		ret = may_fail(-ENOMEM, mtree_insert_range(&ioas->areas, iova, last, IOASID_AREA_NEW,
							   GFP_KERNEL_ACCOUNT));
	mutex_unlock(&ioas->lock);
	return ret;
}

/* Enter @nr pinned pages at @iova. Returns the pages entered; fewer: no memory. */
static long ioasid_map_pages(struct ioasid_ioas *ioas, u64 iova, struct page **pages, long nr,
			     u64 prot)
{
	bool large = nr == IOASID_LARGE_SIZE >> PAGE_SHIFT;
	long done = 0;

	for (long i = 1; large && i < nr; i++)
		large = page_to_pfn(pages[i]) == page_to_pfn(pages[0]) + i;
	large &= IS_ALIGNED(iova | page_to_phys(pages[0]), IOASID_LARGE_SIZE);
	mutex_lock(&ioas->lock);
	if (large && !ioasid_pgtable_map(&ioas->table, iova, page_to_phys(pages[0]),
					 IOASID_LARGE_SIZE, prot))
		done = nr;
	while (done < nr && !ioasid_pgtable_map(&ioas->table, iova + done * PAGE_SIZE,
						page_to_phys(pages[done]), PAGE_SIZE, prot))
		done++;
	mutex_unlock(&ioas->lock);
	return done;
}

/*
 * Pin and map at most @wanted pages of @args->address, which are accounted. Returns
 * the pages that were mapped.
 */
static long ioasid_map_part(struct ioasid_ioas *ioas, const struct ioasid_map *args, u64 done,
			    long wanted, struct page **pages)
{
	unsigned int flags = FOLL_LONGTERM | FOLL_INTERRUPTIBLE;
	long nr, mapped;
	u64 prot = 0;

	if (args->flags & IOASID_MAP_READ)
		prot |= IOASID_PTE_READ;
	if (args->flags & IOASID_MAP_WRITE) {
		prot |= IOASID_PTE_WRITE;
		flags |= FOLL_WRITE;
	}
	nr = pin_user_pages_unlocked(args->address + done, wanted, pages, flags);
	if (nr <= 0)
		return signal_pending(current) ? -EINTR : nr ?: -EFAULT;
	mapped = ioasid_map_pages(ioas, args->iova + done, pages, nr, prot);
	if (mapped < nr)
		unpin_user_pages(pages + mapped, nr - mapped);
	return mapped == nr ? nr : -ENOMEM;
}

/* Account, pin and map the next part, up to the next 2 MiB of addresses. */
static long ioasid_map_next(struct ioasid_ioas *ioas, const struct ioasid_map *args, u64 done,
			    struct page **pages, u64 *accounted)
{
	u64 room = IOASID_LARGE_SIZE - (args->iova + done) % IOASID_LARGE_SIZE;
	long wanted = min(args->length - done, room) >> PAGE_SHIFT;
	long mapped;

	if (signal_pending(current))
		return -EINTR;
	mapped = ioasid_ioas_account(ioas, wanted);
	if (mapped)
		return mapped;
	mapped = ioasid_map_part(ioas, args, done, wanted, pages);
	*accounted += wanted;
	if (mapped >= 0 && mapped < wanted) {
		ioasid_ioas_unaccount(ioas, wanted - mapped);
		*accounted -= wanted - mapped;
	}
	return mapped;
}

/* Also on an error, @accounted pages are accounted. */
static long ioasid_map_memory(struct ioasid_ioas *ioas, const struct ioasid_map *args,
			      u64 *accounted)
{
	struct page **pages;
	long part = 0;
	u64 done = 0;

	pages = may_fail(NULL, kmalloc_array(IOASID_LARGE_SIZE >> PAGE_SHIFT, sizeof(*pages),
					     GFP_KERNEL_ACCOUNT));
	if (!pages)
		return -ENOMEM;
	while (part >= 0 && done < args->length) {
		part = ioasid_map_next(ioas, args, done, pages, accounted);
		if (part > 0)
			done += part * PAGE_SIZE;
		cond_resched();
	}
	kfree(pages);
	return part < 0 ? part : 0;
}

/* Must not fail. With ioas->lock held. */
static void ioasid_area_forget(struct ioasid_ioas *ioas, u64 start, u64 last)
{
	while (mtree_store_range(&ioas->areas, start, last, NULL, GFP_KERNEL))
		schedule_timeout_uninterruptible(1);
}

/* With ioas->lock held. */
static void ioasid_remove_pages(struct ioasid_ioas *ioas, u64 start, u64 last)
{
	ioasid_pgtable_block(&ioas->table, start, last);
	ioasid_flush_mappings(ioas, start, last);
	ioasid_pgtable_reap(&ioas->table, start, last, ioasid_ioas_unpin);
}

int ioasid_map(struct ioasid_ioas *ioas, const struct ioasid_map *args)
{
	u64 last = args->iova + args->length - 1, accounted = 0;
	int ret = ioasid_map_check(ioas, args);

	if (ret)
		return ret;
	ret = ioasid_area_reserve(ioas, args->iova, last);
	if (ret)
		return ret;
	ret = ioasid_map_memory(ioas, args, &accounted);
	mutex_lock(&ioas->lock);
	if (!ret)
		ret = may_fail(-ENOMEM, mtree_store_range(&ioas->areas, args->iova, last,
							  IOASID_AREA_MAPPED, GFP_KERNEL_ACCOUNT));
	if (ret) {
		ioasid_remove_pages(ioas, args->iova, last);
		ioasid_area_forget(ioas, args->iova, last);
		ioasid_ioas_unaccount(ioas, accounted);
	} else {
		atomic64_add(args->length, &ioas->mapped);
		ioasid_emit(map, ioas, args->iova, args->length);
	}
	mutex_unlock(&ioas->lock);
	return ret;
}

/* Is each mapping in the range whole, and complete? -ENOENT: none, or a part. */
static int ioasid_unmap_check(struct ioasid_ioas *ioas, u64 start, u64 last)
{
	u64 at = start, end = last;
	int ret = -ENOENT;
	void *area;

	while ((area = ioasid_area_find(ioas, &at, &end))) {
		if (at < start || end > last)
			return -ENOENT;
		if (area == IOASID_AREA_NEW)
			return -EBUSY;
		ret = 0;
		if (end == last)
			break;
		at = end + 1;
		end = last;
		cond_resched();
	}
	return ret;
}

/* With ioas->lock held; the range was checked. */
static u64 ioasid_unmap_range(struct ioasid_ioas *ioas, u64 start, u64 last)
{
	u64 at = start, end = last, bytes = 0;

	ioasid_remove_pages(ioas, start, last);
	while (ioasid_area_find(ioas, &at, &end)) {
		bytes += end - at + 1;
		ioasid_area_forget(ioas, at, end);
		at = start;
		end = last;
		cond_resched();
	}
	atomic64_sub(bytes, &ioas->mapped);
	ioasid_emit(unmap, ioas, start, bytes);
	return bytes;
}

int ioasid_unmap(struct ioasid_ioas *ioas, u64 iova, u64 length, u64 *unmapped)
{
	bool all = !iova && length == U64_MAX;
	u64 last = iova + length - 1;
	int ret;

	if (!length || last < iova)
		return -EINVAL;
	if (mutex_lock_killable(&ioas->lock))
		return -EINTR;
	*unmapped = 0;
	ret = ioasid_unmap_check(ioas, iova, last);
	if (!ret)
		*unmapped = ioasid_unmap_range(ioas, iova, min(last, GENMASK_ULL(IOASID_IOVA_BITS - 1, 0)));
	else if (all && ret == -ENOENT)
		ret = 0;
	mutex_unlock(&ioas->lock);
	ioasid_ioas_unaccount(ioas, *unmapped >> PAGE_SHIFT);
	return ret;
}

int ioasid_map_attach(struct ioasid_device *dev, struct ioasid_ioas *ioas,
		      struct ioasid_data *data, bool replace)
{
	struct ioasid_ioas *mapped = ioas->kind == IOASID_KIND_USER ? ioas->parent : ioas;
	u64 highest = GENMASK_ULL(dev->caps->iova_bits - 1, 0);
	u64 start = highest + 1, last = U64_MAX;
	int ret;

	if (mapped->kind != IOASID_KIND_KERNEL || dev->caps->iova_bits >= IOASID_IOVA_BITS)
		return ioasid_attach(dev, ioas, data, replace);
	/* Wait for the process's memory before the lock is taken. */
	ret = ioasid_memory_watch(ioas->set);
	if (ret)
		return ret;
	if (mutex_lock_killable(&mapped->lock))
		return -EINTR;
	if (mapped->base > highest || ioasid_area_find(mapped, &start, &last))
		ret = -EINVAL;
	else
		ret = ioasid_attach(dev, ioas, data, replace);
	if (!ret)
		mapped->highest = min(mapped->highest, highest);
	mutex_unlock(&mapped->lock);
	return ret;
}

u32 ioasid_usable_ranges(struct ioasid_ioas *ioas, struct ioasid_iova_range *ranges)
{
	u64 first = ioas->base, last = READ_ONCE(ioas->highest);
	u32 count = 0;

	if (ioas->kind != IOASID_KIND_KERNEL)
		last = ioas->kind == IOASID_KIND_PROCESS ? TASK_SIZE_MAX - 1 :
							   GENMASK_ULL(IOASID_IOVA_BITS - 1, 0);
	if (ioas->kind != IOASID_KIND_KERNEL || last < IOASID_MSI_START || first > IOASID_MSI_LAST) {
		ranges[count++] = (struct ioasid_iova_range){ first, last };
		return count;
	}
	if (first < IOASID_MSI_START)
		ranges[count++] = (struct ioasid_iova_range){ first, IOASID_MSI_START - 1 };
	if (last > IOASID_MSI_LAST)
		ranges[count++] = (struct ioasid_iova_range){ IOASID_MSI_LAST + 1, last };
	return count;
}

/* --- User page tables ----------------------------------------------------- */

/* The devices forget all of the user's table. With ioas->lock held. */
static int ioasid_flush_table(struct ioasid_ioas *ioas, u64 start, u64 last, bool must)
{
	ioas->flush++;
	return ioasid_flush_list(ioas, &ioas->bindings, false, start, last, must);
}

int ioasid_table_bind(struct ioasid_ioas *ioas, u64 root)
{
	int ret = 0;

	if (!PAGE_ALIGNED(root) || root >> IOASID_IOVA_BITS)
		return -EINVAL;
	if (mutex_lock_killable(&ioas->lock))
		return -EINTR;
	if (ioas->root != IOASID_NO_TABLE)
		ret = -EBUSY;
	else
		WRITE_ONCE(ioas->root, root);
	mutex_unlock(&ioas->lock);
	return ret;
}

int ioasid_table_unbind(struct ioasid_ioas *ioas)
{
	int ret = 0;

	if (mutex_lock_killable(&ioas->lock))
		return -EINTR;
	if (ioas->root == IOASID_NO_TABLE) {
		ret = -ENOENT;
	} else {
		WRITE_ONCE(ioas->root, IOASID_NO_TABLE);
		ioasid_flush_table(ioas, 0, U64_MAX, true);
	}
	mutex_unlock(&ioas->lock);
	return ret;
}

int ioasid_invalidate(struct ioasid_ioas *ioas, u64 iova, u64 length)
{
	u64 last = iova + length - 1;
	int ret;

	if (!length || last < iova)
		return -EINVAL;
	if (mutex_lock_killable(&ioas->lock))
		return -EINTR;
	ret = ioasid_flush_table(ioas, iova, last, false);
	mutex_unlock(&ioas->lock);
	if (!ret)
		ioasid_emit(invalidate, ioas, iova, length);
	return ret;
}
