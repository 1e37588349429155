// SPDX-License-Identifier: GPL-2.0-only
/*
 * Custom allocators: IOASIDs chosen by a hypervisor, or by the owner of a pool
 * that the IOMMU is programmed from.
 *
 * Only one ID space has IOASIDs in use at any time. A custom allocator becomes
 * active when the default allocator has none in use, and an allocator with
 * different functions takes over only when the active one has none in use. The
 * active allocator is therefore always the one to return a custom IOASID to.
 */
#include <linux/mutex.h>

#include "private.h"

static LIST_HEAD(allocators);		/* in order of registration */
static DEFINE_MUTEX(allocators_lock);
struct ioasid_allocator_ops __rcu *ioasid_allocator;	/* NULL: the default */
static atomic_t numbers_out = ATOMIC_INIT(0);	/* of custom allocators */

static void ioasid_custom_give_back(ioasid_t id)
{
	struct ioasid_allocator_ops *ops;

	rcu_read_lock();
	ops = rcu_dereference(ioasid_allocator);
	ops->free(id, ops->pdata);
	rcu_read_unlock();
}

/* Check the allocator's result: in the requested range and not in use. */
static int ioasid_custom_insert(struct ioasid_data *data, ioasid_t id, ioasid_t min, ioasid_t max,
				struct ioasid_spare *spare)
{
	int ret = -ERANGE;

	WRITE_ONCE(data->id, id);
	if (id >= min && id <= max)
		ret = ioasid_number_insert(data, id, spare);
	if (!ret)
		return 0;
	if (ret == -ENOMEM) {
		ioasid_custom_give_back(id);
		return ret;
	}
	pr_warn_once("ioasid: the allocator returned %u for %u to %u, %s\n", id, min, max,
		     ret == -EBUSY ? "which is in use" : "which is out of range");
	/* An IOASID in use must not be returned twice. */
	if (ret == -ERANGE)
		ioasid_custom_give_back(id);
	return -ENOSPC;
}

int ioasid_custom_alloc(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			struct ioasid_spare *spare)
{
	struct ioasid_allocator_ops *ops;
	ioasid_t id;
	int ret;

	/* Inside the gate the active allocator cannot change. */
	ops = rcu_dereference_protected(ioasid_allocator, percpu_rwsem_is_held(&ioasid_gate));
	id = ops->alloc(min, max, ops->pdata);
	if (id == INVALID_IOASID)
		return -ENOSPC;
	atomic_inc(&numbers_out);
	ret = ioasid_custom_insert(data, id, min, max, spare);
	if (ret)
		atomic_dec(&numbers_out);
	return ret;
}

void ioasid_custom_free(ioasid_t id)
{
	/*
	 * When numbers_out drops to 0 the allocator may be unregistered, which
	 * waits for RCU readers only.
	 */
	rcu_read_lock();
	ioasid_custom_give_back(id);
	atomic_dec(&numbers_out);
	rcu_read_unlock();
}

static bool ioasid_same_space(const struct ioasid_allocator_ops *a, const struct ioasid_allocator_ops *b)
{
	return a->alloc == b->alloc && a->free == b->free;
}

static bool ioasid_allocator_registered(const struct ioasid_allocator_ops *ops)
{
	struct ioasid_allocator_ops *other;

	list_for_each_entry(other, &allocators, list)
		if (other == ops)
			return true;
	return false;
}

int ioasid_register_allocator(struct ioasid_allocator_ops *ops)
{
	int ret = 0;

	if (!ops || !ops->alloc || !ops->free)
		return -EINVAL;
	mutex_lock(&allocators_lock);
	ioasid_gate_close();
	if (ioasid_allocator_registered(ops)) {
		ret = -EEXIST;
	} else if (!rcu_access_pointer(ioasid_allocator) && ioasid_numbers_used()) {
		ret = -EAGAIN;
	} else {
		list_add_tail(&ops->list, &allocators);
		if (!rcu_access_pointer(ioasid_allocator))
			rcu_assign_pointer(ioasid_allocator, ops);
	}
	ioasid_gate_open();
	mutex_unlock(&allocators_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_register_allocator);

/* The allocator that replaces @ops. */
static struct ioasid_allocator_ops *ioasid_allocator_successor(const struct ioasid_allocator_ops *ops)
{
	struct ioasid_allocator_ops *other, *next = NULL;

	list_for_each_entry(other, &allocators, list) {
		if (other == ops)
			continue;
		if (ioasid_same_space(ops, other))
			return other;
		if (!next)
			next = other;
	}
	return next;
}

static int ioasid_allocator_hand_over(struct ioasid_allocator_ops *ops)
{
	struct ioasid_allocator_ops *next;

	if (rcu_access_pointer(ioasid_allocator) == ops) {
		next = ioasid_allocator_successor(ops);
		if (atomic_read(&numbers_out) && !(next && ioasid_same_space(ops, next)))
			return -EBUSY;
		rcu_assign_pointer(ioasid_allocator, next);
	}
	list_del(&ops->list);
	return 0;
}

int ioasid_unregister_allocator(struct ioasid_allocator_ops *ops)
{
	int ret = -ENOENT;

	mutex_lock(&allocators_lock);
	ioasid_gate_close();
	if (ioasid_allocator_registered(ops))
		ret = ioasid_allocator_hand_over(ops);
	ioasid_gate_open();
	mutex_unlock(&allocators_lock);
	if (!ret)
		synchronize_rcu();	/* wait for running calls of ops->free() */
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_unregister_allocator);
