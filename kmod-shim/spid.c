// SPDX-License-Identifier: GPL-2.0-only
/*
 * SPIDs: the set-private IDs of IOASIDs. One hash table for all sets, so that
 * the cost of a look-up does not depend on their number.
 */
#include <linux/jhash.h>
#include <linux/rhashtable.h>

#include "fault.h"
#include "private.h"

struct ioasid_spid_key {
	struct ioasid_set *set;
	ioasid_t spid;
};

/*
 * The key in the object has the layout of struct ioasid_spid_key, without
 * padding.
 */
#define KEY_LEN		offsetofend(struct ioasid_spid_key, spid)
static_assert(offsetof(struct ioasid_data, spid) - offsetof(struct ioasid_data, set) ==
	      offsetof(struct ioasid_spid_key, spid));

static struct rhashtable spids;

/* Readers may compare with an object that is being reused. */
static inline int ioasid_spid_differs(struct rhashtable_compare_arg *arg, const void *object)
{
	const struct ioasid_data *data = object;
	const struct ioasid_spid_key *key = arg->key;

	return READ_ONCE(data->spid) != key->spid || READ_ONCE(data->set) != key->set;
}

static const struct rhashtable_params by_spid = {
	.key_len = KEY_LEN,
	.key_offset = offsetof(struct ioasid_data, set),
	.head_offset = offsetof(struct ioasid_data, spid_node),
	.obj_cmpfn = ioasid_spid_differs,
	.automatic_shrinking = true,
};

static struct ioasid_data *ioasid_spid_load(struct ioasid_set *set, ioasid_t spid)
{
	struct ioasid_spid_key key = { set, spid };

	return rhashtable_lookup(&spids, &key, by_spid);
}

static bool ioasid_spid_taken(struct ioasid_set *set, ioasid_t spid)
{
	bool ret;

	rcu_read_lock();
	ret = ioasid_spid_load(set, spid);
	rcu_read_unlock();
	return ret;
}

void ioasid_spid_erase(struct ioasid_data *data)
{
	lockdep_assert_held(&data->set->lock);
	if (data->spid == INVALID_IOASID)
		return;
	rhashtable_remove_fast(&spids, &data->spid_node, by_spid);
	WRITE_ONCE(data->spid, INVALID_IOASID);
	WRITE_ONCE(data->unbinding, false);
}

int ioasid_spid_enter(struct ioasid_data *data, ioasid_t spid)
{
	int ret;

	lockdep_assert_held(&data->set->lock);
	if (ioasid_data_freed(data) || data->spid != INVALID_IOASID)
		return -EBUSY;
	if (ioasid_spid_taken(data->set, spid))
		return -EEXIST;
	WRITE_ONCE(data->spid, spid);
	ret = may_fail(-ENOMEM, rhashtable_insert_fast(&spids, &data->spid_node, by_spid));
	if (!ret)
		return 0;
	WRITE_ONCE(data->spid, INVALID_IOASID);
	return -ENOMEM;		/* whatever error rhashtable reported */
}

ioasid_t ioasid_find_by_spid(struct ioasid_set *set, ioasid_t spid, bool get)
{
	struct ioasid_data *data;
	ioasid_t id = INVALID_IOASID;
	struct ioasid_view view;

	rcu_read_lock();
	data = ioasid_spid_load(set, spid);
	if (!data || (get && ioasid_data_use(data)))
		goto out;
	/* Found under RCU: the object may have been reused. */
	if (ioasid_data_view(data, &view) && !(view.refs & IOASID_FREED) && view.set == set &&
	    view.spid == spid && !view.unbinding)
		id = view.id;
	if (get && id == INVALID_IOASID)
		ioasid_data_put(data);
out:
	rcu_read_unlock();
	return id;
}
EXPORT_SYMBOL_GPL(ioasid_find_by_spid);

int ioasid_spids_init(void)
{
	return may_fail(-ENOMEM, rhashtable_init(&spids, &by_spid));
}

void ioasid_spids_exit(void)
{
	rhashtable_destroy(&spids);
}
