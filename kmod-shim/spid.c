// SPDX-License-Identifier: GPL-2.0
/*
 * SPIDs: what a set calls its IOASIDs. One table for all sets, so that finding
 * one costs the same however many there are.
 */
#include <linux/jhash.h>
#include <linux/rhashtable.h>

#include "fault.h"
#include "private.h"
#include "trace.h"

struct spid_key {
	struct ioasid_set *set;
	ioasid_t spid;
};

/* The key lies in the object as it does in struct spid_key, without the padding. */
#define KEY_LEN		offsetofend(struct spid_key, spid)
static_assert(offsetof(struct ioasid_data, spid) - offsetof(struct ioasid_data, set) ==
	      offsetof(struct spid_key, spid));

static struct rhashtable spids;

/* Readers compare with an object that may just become another one. */
static inline int differs(struct rhashtable_compare_arg *arg, const void *object)
{
	const struct ioasid_data *data = object;
	const struct spid_key *key = arg->key;

	return READ_ONCE(data->spid) != key->spid || READ_ONCE(data->set) != key->set;
}

static const struct rhashtable_params by_spid = {
	.key_len = KEY_LEN,
	.key_offset = offsetof(struct ioasid_data, set),
	.head_offset = offsetof(struct ioasid_data, spid_node),
	.obj_cmpfn = differs,
	.automatic_shrinking = true,
};

struct ioasid_data *ioasid_spid_load(struct ioasid_set *set, ioasid_t spid)
{
	struct spid_key key = { set, spid };

	return rhashtable_lookup(&spids, &key, by_spid);
}

static bool taken(struct ioasid_set *set, ioasid_t spid)
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

/* With set->lock held. True in @announce: BIND is to be announced by the caller. */
static int attach(struct ioasid_data *data, ioasid_t spid, bool *announce)
{
	int ret;

	if (ioasid_data_freed(data) || data->spid != INVALID_IOASID)
		return -EBUSY;
	if (taken(data->set, spid))
		return -EEXIST;
	WRITE_ONCE(data->spid, spid);
	ret = may_fail(-ENOMEM, rhashtable_insert_fast(&spids, &data->spid_node, by_spid));
	if (ret) {
		WRITE_ONCE(data->spid, INVALID_IOASID);
		return -ENOMEM;		/* the only reason, by whatever name */
	}
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
	ret = attach(data, spid, &announce);
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
	ioasid_data_drop(data);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_attach_spid);

/* With set->lock held. */
static int detach(struct ioasid_data *data, bool *announce)
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
	ret = detach(data, &announce);
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
	ioasid_data_drop(data);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_detach_spid);

int ioasid_spids_init(void)
{
	return may_fail(-ENOMEM, rhashtable_init(&spids, &by_spid));
}

void ioasid_spids_exit(void)
{
	rhashtable_destroy(&spids);
}
