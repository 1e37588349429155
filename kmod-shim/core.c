// SPDX-License-Identifier: GPL-2.0
/*
 * IOASIDs: their numbers, their states, their references.
 *
 * The state is the reference count, one 64-bit word: users (and one for the
 * core) in the low half, walkers in the high half, the top bit says that the
 * IOASID was freed. IDLE is one user, ACTIVE more, FREE_PENDING any with the
 * bit: no state can disagree with the count. Walkers keep the object, not the
 * state: looking does not make an IOASID active. Whoever leaves nothing but
 * the bit reclaims it.
 *
 * Objects come from a SLAB_TYPESAFE_BY_RCU cache: a look-up may meet one that
 * is being reused, so it takes its reference first and checks the number after.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "fault.h"
#include "private.h"
#include "trace.h"

DEFINE_PERCPU_RWSEM(ioasid_gate);
static struct kmem_cache *data_cache;

enum ioasid_state ioasid_data_state(u64 refs)
{
	if (refs & IOASID_FREED)
		return IOASID_STATE_FREE_PENDING;
	return IOASID_USERS(refs) > 1 ? IOASID_STATE_ACTIVE : IOASID_STATE_IDLE;
}

/*
 * Sets count their members' states for whoever looks, each state where the count
 * of references changes it. What is under way is counted a moment later.
 */

int ioasid_data_use(struct ioasid_data *data)
{
	u64 refs = atomic64_read(&data->refs);

	do {
		if (!(refs & ~IOASID_FREED))
			return -ENOENT;
		if (refs & IOASID_FREED)
			return -EBUSY;
	} while (!atomic64_try_cmpxchg(&data->refs, (s64 *)&refs, refs + 1));
	if (IOASID_USERS(refs) == 1)
		atomic_inc(&data->set->active);
	return 0;
}

bool ioasid_data_hold(struct ioasid_data *data)
{
	u64 refs = atomic64_read(&data->refs);

	do {
		if (!(refs & ~IOASID_FREED))
			return false;
	} while (!atomic64_try_cmpxchg(&data->refs, (s64 *)&refs, refs + IOASID_WALKER));
	return true;
}

bool ioasid_data_freed(const struct ioasid_data *data)
{
	return atomic64_read(&data->refs) & IOASID_FREED;
}

/* What an IOASID looked like at one moment, without holding it. */
struct view {
	u64 refs;
	ioasid_t id, spid;
	bool unbinding;
	struct ioasid_set *set;
	void *private;
};

/*
 * False: it was reclaimed. The serial changes first when an object is used again,
 * so the fields belong together if it is the same before and after. Under RCU.
 */
static bool data_view(const struct ioasid_data *data, struct view *view)
{
	u32 serial = READ_ONCE(data->serial);

	smp_rmb();	/* with smp_wmb() in data_new() */
	view->refs = atomic64_read_acquire(&data->refs);
	view->id = READ_ONCE(data->id);
	view->spid = READ_ONCE(data->spid);
	view->unbinding = READ_ONCE(data->unbinding);
	view->set = READ_ONCE(data->set);
	view->private = rcu_dereference(data->private);
	smp_rmb();	/* all that was read is of this serial, or the next line sees another */
	return (view->refs & ~IOASID_FREED) && READ_ONCE(data->serial) == serial;
}

/* With set->lock held. */
static int join_set(struct ioasid_set *set, struct ioasid_data *data, ioasid_t *min, ioasid_t *max)
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
	/* IOASIDs hold their set together. */
	if (!set->count++)
		ioasid_set_get(set);
	list_add_tail(&data->set_link, &set->ioasids);
	/* From now on nobody can subscribe. */
	if (unlikely(rcu_access_pointer(set->subscribers)))
		data->flags |= IOASID_DATA_ANNOUNCED;
	return 0;
}

static void leave_set(struct ioasid_set *set, struct ioasid_data *data)
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

static void data_reclaim(struct ioasid_data *data)
{
	if (data->flags & IOASID_DATA_PENDING)
		ioasid_emit(reclaim, data);
	ioasid_number_erase(data->id);
	if (unlikely(data->flags & IOASID_DATA_CUSTOM))
		ioasid_custom_free(data->id);
	leave_set(data->set, data);
	kmem_cache_free(data_cache, data);
}

bool ioasid_data_put(struct ioasid_data *data)
{
	u64 refs = atomic64_read(&data->refs);
	struct ioasid_set *set = data->set;

	rcu_read_lock();	/* the set may go together with what is put */
	do {
		/* The core's own reference goes with the freed bit only. */
		if (WARN_ONCE(IOASID_USERS(refs) <= !(refs & IOASID_FREED),
			      "ioasid %u: put without a get\n", data->id))
			goto out;
	} while (!atomic64_try_cmpxchg(&data->refs, (s64 *)&refs, refs - 1));
	if (IOASID_USERS(refs) == 2 && !(refs & IOASID_FREED))
		atomic_dec(&set->active);
out:
	rcu_read_unlock();
	if (refs - 1 != IOASID_FREED)
		return false;
	data_reclaim(data);
	return true;
}

void ioasid_data_drop(struct ioasid_data *data)
{
	if (atomic64_sub_return(IOASID_WALKER, &data->refs) == (s64)IOASID_FREED)
		data_reclaim(data);
}

/*
 * Mark as freed. The core's reference is still there and becomes the caller's,
 * so the object stays valid for everyone who is told. Returns what there was
 * before: 0 nothing, with IOASID_FREED it was freed already.
 */
static u64 data_mark_freed(struct ioasid_data *data)
{
	u64 refs = atomic64_read(&data->refs);

	do {
		if (!(refs & ~IOASID_FREED))
			return 0;
		if (refs & IOASID_FREED)
			return refs;
	} while (!atomic64_try_cmpxchg(&data->refs, (s64 *)&refs, refs | IOASID_FREED));
	return refs;
}

/* @refs: before it was marked. The core's reference goes. */
static void data_freed(struct ioasid_data *data, u64 refs)
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
	u64 refs = data_mark_freed(data);

	if (refs && !(refs & IOASID_FREED))
		data_freed(data, refs);
}

int ioasid_free(struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_data *data;
	unsigned long irq;
	u64 refs = 0;

	/* What is found under this lock cannot be reclaimed before it is dropped. */
	spin_lock_irqsave(&ioasid_numbers_lock, irq);
	data = ioasid_number_load(id);
	if (data && set && data->set != set) {
		spin_unlock_irqrestore(&ioasid_numbers_lock, irq);
		return -EACCES;
	}
	if (data)
		refs = data_mark_freed(data);
	spin_unlock_irqrestore(&ioasid_numbers_lock, irq);

	if (!refs)
		return -ENOENT;
	if (!(refs & IOASID_FREED))
		data_freed(data, refs);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_free);

struct ioasid_data *ioasid_data_get(ioasid_t id)
{
	struct ioasid_data *data;
	int ret = -ENOENT;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data) {
		ret = ioasid_data_use(data);
		if (!ret && unlikely(READ_ONCE(data->id) != id)) {
			ioasid_data_put(data);
			ret = -ENOENT;
		}
	}
	rcu_read_unlock();
	return ret ? ERR_PTR(ret) : data;
}

static int data_number(struct ioasid_data *data, ioasid_t min, ioasid_t max,
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

/* Number, membership and charge: all or nothing. Inside the gate. */
static int data_publish(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			struct ioasid_spare *spare)
{
	struct ioasid_set *set = data->set;
	unsigned long irq;
	int ret;

	if (max >= ioasid_capacity())
		return -EINVAL;
	spin_lock_irqsave(&set->lock, irq);
	ret = join_set(set, data, &min, &max);
	spin_unlock_irqrestore(&set->lock, irq);
	if (ret)
		return ret;

	ret = data_number(data, min, max, spare);
	if (!ret)
		return 0;

	leave_set(set, data);
	return ret;
}

static int data_enter(struct ioasid_data *data, ioasid_t min, ioasid_t max)
{
	struct ioasid_spare spare = {};
	int ret;

	ioasid_gate_enter();
	ret = data_publish(data, min, max, &spare);
	ioasid_gate_leave();
	/* Memory that is not there at once is waited for outside: who closes the gate waits for us. */
	if (unlikely(ret == -ENOMEM) && !ioasid_spare_fill(&spare)) {
		ioasid_gate_enter();
		ret = data_publish(data, min, max, &spare);
		ioasid_gate_leave();
	}
	ioasid_spare_drop(&spare);
	return ret;
}

static struct ioasid_data *data_new(struct ioasid_set *set, void *private, u32 flags)
{
	struct ioasid_data *data = may_fail(NULL, kmem_cache_alloc(data_cache, GFP_KERNEL));

	if (!data)
		return NULL;
	/* Whoever still looks at the object that this was notices by the serial. */
	WRITE_ONCE(data->serial, data->serial + 1);
	smp_wmb();	/* with smp_rmb() in data_view() */
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
	data->alloc_ns = ktime_get_ns();
	data->used_ns = data->alloc_ns;
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
	data = data_new(set, private, flags);
	if (!data)
		return -ENOMEM;

	ret = data_enter(data, min, max);
	if (ret) {
		kmem_cache_free(data_cache, data);
		return ret;
	}
	/* Not to be found before the last line: so nothing else is told first. */
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

struct ioasid_data *ioasid_data_find(ioasid_t id)
{
	struct ioasid_data *data;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data && !ioasid_data_hold(data))
		data = NULL;
	rcu_read_unlock();
	if (data && data->id != id) {
		ioasid_data_drop(data);
		data = NULL;
	}
	return data;
}

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
	struct view view;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data && data_view(data, &view) && view.id == id) {
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
	ioasid_data_drop(data);
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

ioasid_t ioasid_find_by_spid(struct ioasid_set *set, ioasid_t spid, bool get)
{
	struct ioasid_data *data;
	ioasid_t id = INVALID_IOASID;
	struct view view;

	rcu_read_lock();
	data = ioasid_spid_load(set, spid);
	if (!data || (get && ioasid_data_use(data)))
		goto out;
	/* Found under RCU, it may be another one's by now. */
	if (data_view(data, &view) && !(view.refs & IOASID_FREED) && view.set == set &&
	    view.spid == spid && !view.unbinding)
		id = view.id;
	if (get && id == INVALID_IOASID)
		ioasid_data_put(data);
out:
	rcu_read_unlock();
	return id;
}
EXPORT_SYMBOL_GPL(ioasid_find_by_spid);

/* A new page of the cache: no object in it can be found until it is allocated. */
static void data_ctor(void *object)
{
	struct ioasid_data *data = object;

	atomic64_set(&data->refs, 0);
	data->serial = 0;
}

int ioasid_core_init(void)
{
	data_cache = may_fail(NULL, kmem_cache_create("ioasid_data", sizeof(struct ioasid_data), 0,
						      SLAB_TYPESAFE_BY_RCU | SLAB_ACCOUNT,
						      data_ctor));
	if (!data_cache)
		return -ENOMEM;
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
