// SPDX-License-Identifier: GPL-2.0-only
/*
 * IOASIDs in use, in a tree of three levels (256 x 64 x 64) that records which
 * subtrees are full. With an xarray in its place, the allocation and release of
 * a PASID took 1,956 instructions instead of 1,132; bench/core permits twice
 * what ida_alloc_range() and ida_free() take, which is 1,080.
 *
 * Look-ups take no lock. A node may be reused while a reader uses it, but only
 * as a node of the same level: the reader then finds some IOASID and must
 * compare its ID (see refs.c).
 */
#include <linux/bitops.h>
#include <linux/slab.h>

#include "fault.h"
#include "private.h"

#define BITS	6
#define SLOTS	(1u << BITS)
#define ROOTS	((IOASID_LIMIT + 1) >> (2 * BITS))

struct ioasid_leaf {
	u64 used;				/* one bit per slot */
	struct ioasid_data __rcu *slots[SLOTS];
};

struct ioasid_middle {
	u64 full;				/* leaves without a free slot */
	u32 leaves;				/* number of leaves */
	struct ioasid_leaf __rcu *slots[SLOTS];
};

static struct ioasid_middle __rcu *roots[ROOTS];
static u64 full_roots[ROOTS / 64];
DEFINE_SPINLOCK(ioasid_numbers_lock);	/* protects all changes */
static u32 used_numbers;
static u32 idle_leaf = INVALID_IOASID;	/* an ID in the empty leaf that is kept */
static struct kmem_cache *leaf_cache, *middle_cache;

#define ioasid_number_dereference(p)	\
	rcu_dereference_check(p, lockdep_is_held(&ioasid_numbers_lock))

static u32 ioasid_leaf_slot(u32 id)
{
	return id & (SLOTS - 1);
}

static u32 ioasid_middle_slot(u32 id)
{
	return (id >> BITS) & (SLOTS - 1);
}

static u32 ioasid_root_slot(u32 id)
{
	return id >> (2 * BITS);
}

/* Under RCU, or with the lock held. */
static struct ioasid_leaf *ioasid_leaf_of(u32 id)
{
	struct ioasid_middle *middle = ioasid_number_dereference(roots[ioasid_root_slot(id)]);

	return middle ? ioasid_number_dereference(middle->slots[ioasid_middle_slot(id)]) : NULL;
}

struct ioasid_data *ioasid_number_load(ioasid_t id)
{
	struct ioasid_leaf *leaf;

	if (unlikely(id > IOASID_LIMIT))
		return NULL;
	leaf = ioasid_leaf_of(id);
	return leaf ? ioasid_number_dereference(leaf->slots[ioasid_leaf_slot(id)]) : NULL;
}

struct ioasid_data *ioasid_number_next(unsigned long *id)
{
	struct ioasid_data *data;
	struct ioasid_leaf *leaf;
	u32 at = *id;
	u64 used;

	while (at <= IOASID_LIMIT) {
		if (!rcu_access_pointer(roots[ioasid_root_slot(at)])) {
			at = (at | (SLOTS * SLOTS - 1)) + 1;
			continue;
		}
		leaf = ioasid_leaf_of(at);
		used = leaf ? READ_ONCE(leaf->used) & (~0ull << ioasid_leaf_slot(at)) : 0;
		if (!used) {
			at = (at | (SLOTS - 1)) + 1;
			continue;
		}
		at = (at & ~(SLOTS - 1)) | __ffs64(used);
		data = ioasid_number_dereference(leaf->slots[ioasid_leaf_slot(at)]);
		if (data) {
			*id = at;
			return data;
		}
		at++;
	}
	return NULL;
}

u32 ioasid_numbers_used(void)
{
	return READ_ONCE(used_numbers);
}

/* --- With the lock held --------------------------------------------------- */

/* The first root from @root on that is not full, or ROOTS. */
static u32 ioasid_open_root(u32 root)
{
	u64 open;

	while (root < ROOTS) {
		open = ~full_roots[root / 64] & (~0ull << (root % 64));
		if (open)
			return (root & ~63u) | __ffs64(open);
		root = (root | 63) + 1;
	}
	return root;
}

/* The first free ID from @id on; above @max: none. */
static u32 ioasid_first_free(u32 id, u32 max)
{
	struct ioasid_middle *middle;
	struct ioasid_leaf *leaf;
	u32 slot;
	u64 open;

	while (id <= max) {
		slot = ioasid_open_root(ioasid_root_slot(id));
		if (slot != ioasid_root_slot(id)) {
			id = slot << (2 * BITS);
			continue;
		}
		middle = ioasid_number_dereference(roots[slot]);
		if (!middle)
			return id;
		open = ~middle->full & (~0ull << ioasid_middle_slot(id));
		if (!open) {
			id = (id | (SLOTS * SLOTS - 1)) + 1;
			continue;
		}
		slot = __ffs64(open);
		if (slot != ioasid_middle_slot(id))
			id = (id & ~(SLOTS * SLOTS - 1)) | slot << BITS;
		leaf = ioasid_number_dereference(middle->slots[slot]);
		if (!leaf)
			return id;
		open = ~leaf->used & (~0ull << ioasid_leaf_slot(id));
		if (open)
			return (id & ~(SLOTS - 1)) | __ffs64(open);
		id = (id | (SLOTS - 1)) + 1;
	}
	return id;
}

/* The leaf for @id; NULL: @spare lacks a required node. */
static struct ioasid_leaf *ioasid_grow(u32 id, struct ioasid_spare *spare)
{
	struct ioasid_middle *middle = ioasid_number_dereference(roots[ioasid_root_slot(id)]);
	struct ioasid_leaf *leaf;

	if (!middle) {
		middle = spare->middle;
		if (!middle || !spare->leaf)
			return NULL;
		spare->middle = NULL;
		rcu_assign_pointer(roots[ioasid_root_slot(id)], middle);
	}
	leaf = ioasid_number_dereference(middle->slots[ioasid_middle_slot(id)]);
	if (!leaf && spare->leaf) {
		leaf = spare->leaf;
		spare->leaf = NULL;
		middle->leaves++;
		rcu_assign_pointer(middle->slots[ioasid_middle_slot(id)], leaf);
	}
	return leaf;
}

/* -EAGAIN: @spare lacks a required node. */
static int ioasid_number_enter(struct ioasid_data *data, u32 id, struct ioasid_spare *spare)
{
	struct ioasid_leaf *leaf = ioasid_grow(id, spare);
	struct ioasid_middle *middle;

	if (!leaf)
		return -EAGAIN;
	WRITE_ONCE(data->id, id);
	rcu_assign_pointer(leaf->slots[ioasid_leaf_slot(id)], data);
	WRITE_ONCE(leaf->used, leaf->used | 1ull << ioasid_leaf_slot(id));
	WRITE_ONCE(used_numbers, used_numbers + 1);
	/* ID 0 is never allocated: count it as used. */
	if (likely(~(leaf->used | (id < SLOTS))))
		return 0;
	middle = ioasid_number_dereference(roots[ioasid_root_slot(id)]);
	middle->full |= 1ull << ioasid_middle_slot(id);
	if (!~middle->full)
		full_roots[ioasid_root_slot(id) / 64] |= 1ull << ioasid_root_slot(id) % 64;
	return 0;
}

/* Remove the leaf of @id if it is empty. */
static void ioasid_prune(u32 id)
{
	struct ioasid_middle *middle = ioasid_number_dereference(roots[ioasid_root_slot(id)]);
	struct ioasid_leaf *leaf = ioasid_leaf_of(id);

	if (!leaf || leaf->used)
		return;
	RCU_INIT_POINTER(middle->slots[ioasid_middle_slot(id)], NULL);
	kmem_cache_free(leaf_cache, leaf);
	if (--middle->leaves)
		return;
	RCU_INIT_POINTER(roots[ioasid_root_slot(id)], NULL);
	kmem_cache_free(middle_cache, middle);
}

/* --- Changes -------------------------------------------------------------- */

static int ioasid_prepare(struct ioasid_spare *spare, gfp_t gfp)
{
	if (!spare->leaf)
		spare->leaf = may_fail(NULL, kmem_cache_alloc(leaf_cache, gfp));
	if (!spare->middle)
		spare->middle = may_fail(NULL, kmem_cache_alloc(middle_cache, gfp));
	return spare->leaf && spare->middle ? 0 : -ENOMEM;
}

int ioasid_spare_fill(struct ioasid_spare *spare)
{
	return ioasid_prepare(spare, GFP_KERNEL);
}

static int ioasid_prepare_nowait(struct ioasid_spare *spare)
{
	return nowait(-ENOMEM, ioasid_prepare(spare, GFP_NOWAIT));
}

void ioasid_spare_drop(struct ioasid_spare *spare)
{
	if (spare->leaf)
		kmem_cache_free(leaf_cache, spare->leaf);
	if (spare->middle)
		kmem_cache_free(middle_cache, spare->middle);
}

int ioasid_number_alloc(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			struct ioasid_spare *spare)
{
	unsigned long irq;
	u32 id;
	int ret;

	do {
		spin_lock_irqsave(&ioasid_numbers_lock, irq);
		id = ioasid_first_free(min, max);
		ret = id > max ? -ENOSPC : ioasid_number_enter(data, id, spare);
		spin_unlock_irqrestore(&ioasid_numbers_lock, irq);
		if (likely(!ret))
			break;
	} while (ret == -EAGAIN && !(ret = ioasid_prepare_nowait(spare)));
	return ret;
}

int ioasid_number_insert(struct ioasid_data *data, ioasid_t id, struct ioasid_spare *spare)
{
	unsigned long irq;
	int ret;

	do {
		spin_lock_irqsave(&ioasid_numbers_lock, irq);
		ret = ioasid_number_load(id) ? -EBUSY : ioasid_number_enter(data, id, spare);
		spin_unlock_irqrestore(&ioasid_numbers_lock, irq);
	} while (ret == -EAGAIN && !(ret = ioasid_prepare_nowait(spare)));
	return ret;
}

void ioasid_number_erase(ioasid_t id)
{
	struct ioasid_middle *middle;
	struct ioasid_leaf *leaf;
	unsigned long irq;
	u32 idle;

	spin_lock_irqsave(&ioasid_numbers_lock, irq);
	middle = ioasid_number_dereference(roots[ioasid_root_slot(id)]);
	leaf = ioasid_number_dereference(middle->slots[ioasid_middle_slot(id)]);
	RCU_INIT_POINTER(leaf->slots[ioasid_leaf_slot(id)], NULL);
	WRITE_ONCE(leaf->used, leaf->used & ~(1ull << ioasid_leaf_slot(id)));
	middle->full &= ~(1ull << ioasid_middle_slot(id));
	full_roots[ioasid_root_slot(id) / 64] &= ~(1ull << ioasid_root_slot(id) % 64);
	WRITE_ONCE(used_numbers, used_numbers - 1);
	if (unlikely(!leaf->used) && ioasid_middle_slot(id) + ioasid_root_slot(id) * SLOTS != idle_leaf >> BITS) {
		/*
		 * Keep the last leaf that became empty: the next ID is often in
		 * it.
		 */
		idle = idle_leaf;
		idle_leaf = id;
		if (idle != INVALID_IOASID)
			ioasid_prune(idle);
	}
	spin_unlock_irqrestore(&ioasid_numbers_lock, irq);
}

/* --- Init and exit -------------------------------------------------------- */

static void ioasid_leaf_ctor(void *object)
{
	memset(object, 0, sizeof(struct ioasid_leaf));
}

static void ioasid_middle_ctor(void *object)
{
	memset(object, 0, sizeof(struct ioasid_middle));
}

int ioasid_numbers_init(void)
{
	leaf_cache = may_fail(NULL, kmem_cache_create("ioasid_leaf", sizeof(struct ioasid_leaf), 0,
						      SLAB_TYPESAFE_BY_RCU | SLAB_ACCOUNT,
						      ioasid_leaf_ctor));
	if (!leaf_cache)
		return -ENOMEM;
	middle_cache = may_fail(NULL, kmem_cache_create("ioasid_middle", sizeof(struct ioasid_middle), 0,
							SLAB_TYPESAFE_BY_RCU | SLAB_ACCOUNT,
							ioasid_middle_ctor));
	if (middle_cache)
		return 0;
	kmem_cache_destroy(leaf_cache);
	return -ENOMEM;
}

void ioasid_numbers_exit(void)
{
	unsigned long irq;

	WARN_ON(used_numbers);
	spin_lock_irqsave(&ioasid_numbers_lock, irq);
	if (idle_leaf != INVALID_IOASID)
		ioasid_prune(idle_leaf);
	idle_leaf = INVALID_IOASID;
	spin_unlock_irqrestore(&ioasid_numbers_lock, irq);
	kmem_cache_destroy(leaf_cache);
	kmem_cache_destroy(middle_cache);
}
