// SPDX-License-Identifier: GPL-2.0-only
/*
 * Life cycle of an IOASID: allocate, use, free, reclaim. The ID, the set
 * membership, the charge and the SPID are acquired and released here; refs.c
 * determines when.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "fault.h"
#include "private.h"
#include "trace.h"

static struct kmem_cache *data_cache;

/* With set->lock held. */
static int ioasid_data_add(struct ioasid_set *set, struct ioasid_data *data, ioasid_t *min,
			    ioasid_t *max)
{
	int ret;

	if (set->quota ? set->count >= set->quota : !ioasid_capacity_take(1))
		return -ENOSPC;
	if (set->type == IOASID_SET_TYPE_MM) {
		ret = ioasid_policy_charge(set, min, max);
		if (ret) {
			if (!set->quota)
				ioasid_capacity_give(1);
			return ret;
		}
	}
	/* The IOASIDs of a set share one reference to it. */
	if (!set->count++)
		ioasid_set_get(set);
	list_add_tail(&data->set_link, &set->ioasids);
	/* No subscriber can be added from now on. */
	if (unlikely(rcu_access_pointer(set->subscribers)))
		data->flags |= IOASID_DATA_ANNOUNCED;
	return 0;
}

static void ioasid_data_remove(struct ioasid_set *set, struct ioasid_data *data)
{
	unsigned long irq;
	bool last;

	spin_lock_irqsave(&set->lock, irq);
	ioasid_spid_erase(data);
	list_del(&data->set_link);
	if (data->flags & IOASID_DATA_PENDING)
		atomic_dec(&set->pending);
	last = !--set->count;
	if (!set->quota)
		ioasid_capacity_give(1);
	if (set->type == IOASID_SET_TYPE_MM)
		ioasid_policy_uncharge(set);
	spin_unlock_irqrestore(&set->lock, irq);
	if (last)
		ioasid_set_put(set);
}

static void ioasid_data_reclaim(struct ioasid_data *data)
{
	if (data->flags & IOASID_DATA_PENDING)
		ioasid_emit(reclaim, data);
	ioasid_number_erase(data->id);
	if (unlikely(data->flags & IOASID_DATA_CUSTOM))
		ioasid_custom_free(data->id);
	ioasid_data_remove(data->set, data);
	kmem_cache_free(data_cache, data);
}

/* @refs: value before it was marked. Drops the core's reference. */
static void ioasid_data_notify_freed(struct ioasid_data *data, u64 refs)
{
	if (IOASID_USERS(refs) == 1) {
		ioasid_emit(free, data);
	} else {
		WRITE_ONCE(data->flags, data->flags | IOASID_DATA_PENDING);
		atomic_dec(&data->set->active);
		atomic_inc(&data->set->pending);
		ioasid_emit(free_pending, data);
	}
	ioasid_announce_free(data);
}

void ioasid_data_free(struct ioasid_data *data)
{
	u64 refs = ioasid_data_mark_freed(data);

	if (refs && !(refs & IOASID_FREED))
		ioasid_data_notify_freed(data, refs);
}

int ioasid_free(struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_data *data;
	unsigned long irq;
	u64 refs = 0;

	/*
	 * An IOASID found under this lock is not reclaimed until it is dropped.
	 */
	spin_lock_irqsave(&ioasid_numbers_lock, irq);
	data = ioasid_number_load(id);
	if (data && set && data->set != set) {
		spin_unlock_irqrestore(&ioasid_numbers_lock, irq);
		return -EACCES;
	}
	if (data)
		refs = ioasid_data_mark_freed(data);
	spin_unlock_irqrestore(&ioasid_numbers_lock, irq);

	if (!refs)
		return -ENOENT;
	if (!(refs & IOASID_FREED))
		ioasid_data_notify_freed(data, refs);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_free);

void ioasid_free_all_in_set(struct ioasid_set *set)
{
	struct ioasid_data *data = NULL;

	while ((data = ioasid_set_next(set, data)))
		ioasid_free(set, data->id);
}
EXPORT_SYMBOL_GPL(ioasid_free_all_in_set);

static int ioasid_data_number(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			      struct ioasid_spare *spare)
{
	int ret;

	if (likely(!rcu_access_pointer(ioasid_allocator)))
		return ioasid_number_alloc(data, min, max, spare);
	ret = ioasid_custom_alloc(data, min, max, spare);
	if (!ret)
		data->flags |= IOASID_DATA_CUSTOM;
	return ret;
}

/* Acquire membership, charge and ID, or nothing. Inside the gate. */
static int ioasid_data_publish(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			       struct ioasid_spare *spare)
{
	struct ioasid_set *set = data->set;
	unsigned long irq;
	int ret;

	if (max >= ioasid_capacity())
		return -EINVAL;
	spin_lock_irqsave(&set->lock, irq);
	ret = ioasid_data_add(set, data, &min, &max);
	spin_unlock_irqrestore(&set->lock, irq);
	if (ret)
		return ret;

	ret = ioasid_data_number(data, min, max, spare);
	if (!ret)
		return 0;

	ioasid_data_remove(set, data);
	return ret;
}

static int ioasid_data_insert(struct ioasid_data *data, ioasid_t min, ioasid_t max)
{
	struct ioasid_spare spare = {};
	int ret;

	ioasid_gate_enter();
	ret = ioasid_data_publish(data, min, max, &spare);
	ioasid_gate_leave();
	/*
	 * Wait for memory outside the gate, because closing the gate waits for
	 * us.
	 */
	if (unlikely(ret == -ENOMEM) && !ioasid_spare_fill(&spare)) {
		ioasid_gate_enter();
		ret = ioasid_data_publish(data, min, max, &spare);
		ioasid_gate_leave();
	}
	ioasid_spare_drop(&spare);
	return ret;
}

static struct ioasid_data *ioasid_data_new(struct ioasid_set *set, void *private, u32 flags)
{
	struct ioasid_data *data = may_fail(NULL, kmem_cache_alloc(data_cache, GFP_KERNEL));

	if (!data)
		return NULL;
	/*
	 * Lets readers of the previous IOASID in this object detect the reuse.
	 */
	WRITE_ONCE(data->serial, data->serial + 1);
	/*
	 * Pairs with smp_rmb() in ioasid_data_begin() and ioasid_data_same().
	 */
	smp_wmb();
	WRITE_ONCE(data->id, INVALID_IOASID);
	WRITE_ONCE(data->spid, INVALID_IOASID);
	WRITE_ONCE(data->unbinding, false);
	WRITE_ONCE(data->set, set);
	rcu_assign_pointer(data->private, private);
	data->announcing = false;
	WRITE_ONCE(data->unbinds, false);
	data->nr_events = 0;
	atomic_set(&data->bindings, 0);
	data->flags = flags;
	WRITE_ONCE(data->alloc_ns, ktime_get_ns());
	WRITE_ONCE(data->used_ns, data->alloc_ns);
	return data;
}

int ioasid_alloc_flags(struct ioasid_set *set, ioasid_t min, ioasid_t max, void *private,
		       u32 flags)
{
	struct ioasid_data *data;
	ioasid_t id;
	int ret;

	if (!min)
		min = 1;
	if (min > max)
		return -EINVAL;
	data = ioasid_data_new(set, private, flags);
	if (!data)
		return -ENOMEM;

	ret = ioasid_data_insert(data, min, max);
	if (ret) {
		kmem_cache_free(data_cache, data);
		return ret;
	}
	/*
	 * The IOASID can be found only after refs is set, so that the
	 * allocation event is the first one.
	 */
	id = data->id;
	ioasid_emit(alloc, data);
	if (likely(!(data->flags & IOASID_DATA_ANNOUNCED))) {
		atomic64_set_release(&data->refs, 1);
		return id;
	}
	data->announcing = true;
	atomic64_set_release(&data->refs, 1);
	ioasid_event_announce(data, IOASID_NOTIFY_ALLOC);
	return id;
}

int ioasid_alloc(struct ioasid_set *set, ioasid_t min, ioasid_t max, void *private)
{
	return ioasid_alloc_flags(set, min, max, private, 0);
}
EXPORT_SYMBOL_GPL(ioasid_alloc);

int ioasid_get(struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_data *data = ioasid_data_get(id);

	if (IS_ERR(data))
		return PTR_ERR(data);
	if (set && data->set != set) {
		ioasid_data_put(data);
		return -EACCES;
	}
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_get);

bool ioasid_put(struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_data *data;
	bool freed = false;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data && (!set || data->set == set))
		freed = ioasid_data_put(data);
	rcu_read_unlock();
	return freed;
}
EXPORT_SYMBOL_GPL(ioasid_put);

int ioasid_get_if_owned(ioasid_t id)
{
	struct ioasid_set *set = current->mm ? ioasid_find_mm_set(current->mm) : NULL;
	int ret;

	if (!set)
		return -EPERM;
	ret = ioasid_get(set, id);
	ioasid_set_put(set);
	return ret == -EACCES ? -EPERM : ret;
}
EXPORT_SYMBOL_GPL(ioasid_get_if_owned);

void *ioasid_find(struct ioasid_set *set, ioasid_t id, bool (*getter)(void *private))
{
	void *private = ERR_PTR(-ENOENT);
	struct ioasid_data *data;
	struct ioasid_view view;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data && ioasid_data_view(data, &view) && view.id == id) {
		if (set && view.set != set)
			private = ERR_PTR(-EACCES);
		else if (view.refs & IOASID_FREED)
			private = ERR_PTR(-EBUSY);
		else if (view.private && getter && !getter(view.private))
			private = NULL;
		else
			private = view.private;
	}
	rcu_read_unlock();
	return private;
}
EXPORT_SYMBOL_GPL(ioasid_find);

int ioasid_attach_data(struct ioasid_set *set, ioasid_t id, void *private)
{
	struct ioasid_data *data;
	int ret = 0;

	if (!private)
		return -EINVAL;
	data = ioasid_data_get(id);
	if (IS_ERR(data))
		return PTR_ERR(data);
	if (set && data->set != set)
		ret = -EACCES;
	else if (cmpxchg((__force void **)&data->private, NULL, private))
		ret = -EBUSY;
	ioasid_data_put(data);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_attach_data);

int ioasid_detach_data_locked(struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_data *data = ioasid_data_find(id);
	int ret = 0;

	if (!data)
		return -ENOENT;
	if (set && data->set != set)
		ret = -EACCES;
	else if (!xchg((__force void **)&data->private, NULL))
		ret = -ENOENT;
	ioasid_data_put_walker(data);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_detach_data_locked);

int ioasid_detach_data(struct ioasid_set *set, ioasid_t id)
{
	int ret = ioasid_detach_data_locked(set, id);

	if (!ret)
		synchronize_rcu();
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_detach_data);

/*
 * With set->lock held. If @announce is set to true, the caller must send BIND.
 */
static int ioasid_attach_spid_locked(struct ioasid_data *data, ioasid_t spid, bool *announce)
{
	int ret = ioasid_spid_enter(data, spid);

	if (ret)
		return ret;
	ioasid_emit(spid_attach, data);
	if (READ_ONCE(data->flags) & IOASID_DATA_ANNOUNCED)
		*announce = ioasid_event_claim(data, IOASID_NOTIFY_BIND);
	return 0;
}

int ioasid_data_attach_spid(struct ioasid_data *data, ioasid_t spid)
{
	struct ioasid_set *set = data->set;
	bool announce = false;
	unsigned long irq;
	int ret;

	if (spid == INVALID_IOASID)
		return -EINVAL;
	spin_lock_irqsave(&set->lock, irq);
	ret = ioasid_attach_spid_locked(data, spid, &announce);
	spin_unlock_irqrestore(&set->lock, irq);
	if (announce)
		ioasid_event_announce(data, IOASID_NOTIFY_BIND);
	return ret;
}

int ioasid_attach_spid(struct ioasid_set *set, ioasid_t id, ioasid_t spid)
{
	struct ioasid_data *data;
	int ret;

	if (spid == INVALID_IOASID)
		return -EINVAL;
	data = ioasid_data_find(id);
	if (!data)
		return -ENOENT;
	if (ioasid_data_freed(data))
		ret = -EBUSY;
	else
		ret = data->set == set ? ioasid_data_attach_spid(data, spid) : -EACCES;
	ioasid_data_put_walker(data);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_attach_spid);

/*
 * With set->lock held. If @announce is set to true, the caller must send
 * UNBIND.
 */
static int ioasid_detach_spid_locked(struct ioasid_data *data, bool *announce)
{
	if (data->spid == INVALID_IOASID || data->unbinding)
		return -ENOENT;
	ioasid_emit(spid_detach, data);
	if (READ_ONCE(data->flags) & IOASID_DATA_ANNOUNCED) {
		WRITE_ONCE(data->unbinding, true);
		*announce = ioasid_event_claim(data, IOASID_NOTIFY_UNBIND);
	} else {
		ioasid_spid_erase(data);
	}
	return 0;
}

int ioasid_data_detach_spid(struct ioasid_data *data)
{
	struct ioasid_set *set = data->set;
	bool announce = false;
	unsigned long irq;
	int ret;

	spin_lock_irqsave(&set->lock, irq);
	ret = ioasid_detach_spid_locked(data, &announce);
	spin_unlock_irqrestore(&set->lock, irq);
	if (announce)
		ioasid_event_announce(data, IOASID_NOTIFY_UNBIND);
	return ret;
}

int ioasid_detach_spid(struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_data *data = ioasid_data_find(id);
	int ret;

	if (!data)
		return -ENOENT;
	ret = data->set == set ? ioasid_data_detach_spid(data) : -EACCES;
	ioasid_data_put_walker(data);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_detach_spid);

/* Initialise objects of a new slab page: with refs 0 they cannot be found. */
static void ioasid_data_ctor(void *object)
{
	struct ioasid_data *data = object;

	atomic64_set(&data->refs, 0);
	data->serial = 0;
}

int ioasid_core_init(void)
{
	data_cache = may_fail(NULL, kmem_cache_create("ioasid_data", sizeof(struct ioasid_data), 0,
						      SLAB_TYPESAFE_BY_RCU | SLAB_ACCOUNT,
						      ioasid_data_ctor));
	if (!data_cache)
		return -ENOMEM;
	ioasid_refs_init(ioasid_data_reclaim);
	if (!ioasid_numbers_init())
		return 0;
	kmem_cache_destroy(data_cache);
	return -ENOMEM;
}

void ioasid_core_exit(void)
{
	ioasid_numbers_exit();
	kmem_cache_destroy(data_cache);
}
