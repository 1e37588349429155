// SPDX-License-Identifier: GPL-2.0-only
/*
 * References and states of IOASIDs.
 *
 * The state is derived from the reference count, one 64-bit word: users (and
 * one for the core) in the low half, walkers in the high half, and the top bit
 * set when the IOASID was freed. IDLE is one user, ACTIVE more than one,
 * FREE_PENDING any number with the top bit. The state therefore always matches
 * the count. Walkers keep the object but do not change the state: a look-up
 * does not make an IOASID active. The put that leaves only the top bit reclaims
 * the IOASID.
 *
 * Objects come from a SLAB_TYPESAFE_BY_RCU cache: a look-up may find an object
 * that is being reused, so it takes a reference first and checks the ID
 * afterwards.
 */
#include "private.h"

static void (*ioasid_data_release)(struct ioasid_data *data);

void ioasid_refs_init(void (*release)(struct ioasid_data *data))
{
	ioasid_data_release = release;
}

enum ioasid_state ioasid_data_state(u64 refs)
{
	if (refs & IOASID_FREED)
		return IOASID_STATE_FREE_PENDING;
	return IOASID_USERS(refs) > 1 ? IOASID_STATE_ACTIVE : IOASID_STATE_IDLE;
}

/*
 * Sets count their members by state, for diagnostics, where the reference count
 * changes the state. Counts may briefly lag behind concurrent updates.
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

bool ioasid_data_get_walker(struct ioasid_data *data)
{
	u64 refs = atomic64_read(&data->refs);

	/*
	 * Do not take a reference when only walkers hold the object: they could
	 * keep it alive for each other forever.
	 */
	do {
		if (!IOASID_USERS(refs))
			return false;
	} while (!atomic64_try_cmpxchg(&data->refs, (s64 *)&refs, refs + IOASID_WALKER));
	return true;
}

bool ioasid_data_freed(const struct ioasid_data *data)
{
	return atomic64_read(&data->refs) & IOASID_FREED;
}

bool ioasid_data_view(const struct ioasid_data *data, struct ioasid_view *view)
{
	u32 serial = ioasid_data_begin(data);

	view->refs = atomic64_read_acquire(&data->refs);
	view->id = READ_ONCE(data->id);
	view->spid = READ_ONCE(data->spid);
	view->unbinding = READ_ONCE(data->unbinding);
	view->set = READ_ONCE(data->set);
	view->private = rcu_dereference(data->private);
	return (view->refs & ~IOASID_FREED) && ioasid_data_same(data, serial);
}

bool ioasid_data_put(struct ioasid_data *data)
{
	u64 refs = atomic64_read(&data->refs);
	struct ioasid_set *set = data->set;

	rcu_read_lock();	/* the set may be freed together with the IOASID */
	do {
		/*
		 * The core's own reference can be dropped only after freeing.
		 */
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
	ioasid_data_release(data);
	return true;
}

void ioasid_data_put_walker(struct ioasid_data *data)
{
	if (atomic64_sub_return(IOASID_WALKER, &data->refs) == (s64)IOASID_FREED)
		ioasid_data_release(data);
}

u64 ioasid_data_mark_freed(struct ioasid_data *data)
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

struct ioasid_data *ioasid_data_find(ioasid_t id)
{
	struct ioasid_data *data;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data && !ioasid_data_get_walker(data))
		data = NULL;
	rcu_read_unlock();
	if (data && data->id != id) {
		ioasid_data_put_walker(data);
		data = NULL;
	}
	return data;
}
