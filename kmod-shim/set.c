// SPDX-License-Identifier: GPL-2.0
/*
 * Sets: who holds IOASIDs, under which private IDs, and who pays.
 */
#include <linux/rhashtable.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "private.h"
#include "trace.h"

LIST_HEAD(ioasid_sets);
atomic_t ioasid_nr_sets = ATOMIC_INIT(0);
static DEFINE_SPINLOCK(sets_lock);
static atomic64_t next_set_id = ATOMIC64_INIT(0);
static struct rhashtable sets_by_mm;

static const struct rhashtable_params by_mm = {
	.key_len = sizeof(struct mm_struct *),
	.key_offset = offsetof(struct ioasid_set, mm),
	.head_offset = offsetof(struct ioasid_set, mm_node),
	.automatic_shrinking = true,
};

/* The cgroup that pays for @leader's process, with a reference. */
static struct cgroup *paying_cgroup(struct task_struct *leader)
{
	struct cgroup *cgrp;

	rcu_read_lock();
	do {
		/* A threaded cgroup's charges belong to its domain. */
		cgrp = task_dfl_cgroup(leader)->dom_cgrp;
	} while (!cgroup_tryget(cgrp));
	rcu_read_unlock();
	return cgrp;
}

void ioasid_set_follow(struct ioasid_set *set, struct task_struct *leader)
{
	struct cgroup *old;
	unsigned long irq;

	/* Read under the lock: of two followers the later one has the last word. */
	spin_lock_irqsave(&set->lock, irq);
	old = set->cgrp;
	set->cgrp = paying_cgroup(leader);
	if (old && old != set->cgrp) {
		ioasid_policy_move(set);
		ioasid_emit(move, set, cgroup_id(old), set->charged);
	}
	spin_unlock_irqrestore(&set->lock, irq);
	if (old)
		cgroup_put(old);
}

static struct task_struct *leader_of(struct mm_struct *mm)
{
	struct task_struct *task = current;

	rcu_read_lock();
	if (mm != current->mm)
		task = rcu_dereference(mm->owner);
	task = task ? task->group_leader : NULL;
	if (task)
		get_task_struct(task);
	rcu_read_unlock();
	return task;
}

static struct ioasid_set *set_create(int type, u32 quota)
{
	struct ioasid_set *set = kzalloc(sizeof(*set), GFP_KERNEL);

	if (!set)
		return NULL;
	set->id = atomic64_inc_return(&next_set_id);
	set->type = type;
	set->quota = quota;
	refcount_set(&set->refs, 1);
	spin_lock_init(&set->lock);
	INIT_LIST_HEAD(&set->ioasids);
	xa_init_flags(&set->spids, XA_FLAGS_LOCK_IRQ);
	return set;
}

static void set_link(struct ioasid_set *set)
{
	unsigned long irq;

	spin_lock_irqsave(&sets_lock, irq);
	list_add_tail_rcu(&set->link, &ioasid_sets);
	spin_unlock_irqrestore(&sets_lock, irq);
	atomic_inc(&ioasid_nr_sets);
}

static int set_own(struct ioasid_set *set, struct mm_struct *mm)
{
	struct task_struct *leader = leader_of(mm);
	int ret;

	if (!leader)
		return -EINVAL;
	set->mm = mm;
	set->pid = task_tgid_nr(leader);
	set->uid = from_kuid(&init_user_ns, task_uid(leader));
	strscpy(set->comm, leader->comm, sizeof(set->comm));
	set->cgrp = paying_cgroup(leader);
	ret = rhashtable_lookup_insert_fast(&sets_by_mm, &set->mm_node, by_mm);
	if (ret) {
		cgroup_put(set->cgrp);
	} else {
		mmgrab(mm);
		/* It may have moved before it could be found: look once more. */
		ioasid_set_follow(set, leader);
	}
	put_task_struct(leader);
	return ret;
}

struct ioasid_set *ioasid_set_alloc(void *token, u32 quota, int type)
{
	struct ioasid_set *set;
	int ret;

	if (type != IOASID_SET_TYPE_NULL && type != IOASID_SET_TYPE_MM)
		return ERR_PTR(-EINVAL);
	if ((type == IOASID_SET_TYPE_MM) != !!token)
		return ERR_PTR(-EINVAL);
	set = set_create(type, quota);
	if (!set)
		return ERR_PTR(-ENOMEM);
	if (token) {
		ret = set_own(set, token);
		if (ret) {
			kfree(set);
			return ERR_PTR(ret);
		}
	}
	set_link(set);
	return set;
}
EXPORT_SYMBOL_GPL(ioasid_set_alloc);

void ioasid_set_get(struct ioasid_set *set)
{
	refcount_inc(&set->refs);
}
EXPORT_SYMBOL_GPL(ioasid_set_get);

static void set_free_rcu(struct rcu_head *rcu)
{
	struct ioasid_set *set = container_of(rcu, struct ioasid_set, rcu);

	if (set->mm)
		mmdrop(set->mm);
	kfree(set);
}

void ioasid_set_put(struct ioasid_set *set)
{
	unsigned long irq;

	if (!refcount_dec_and_test(&set->refs))
		return;
	if (set->mm)
		rhashtable_remove_fast(&sets_by_mm, &set->mm_node, by_mm);
	spin_lock_irqsave(&sets_lock, irq);
	list_del_rcu(&set->link);
	spin_unlock_irqrestore(&sets_lock, irq);
	atomic_dec(&ioasid_nr_sets);
	if (set->cgrp)
		cgroup_put(set->cgrp);
	call_rcu(&set->rcu, set_free_rcu);
}
EXPORT_SYMBOL_GPL(ioasid_set_put);

struct ioasid_set *ioasid_find_mm_set(struct mm_struct *mm)
{
	struct ioasid_set *set;

	rcu_read_lock();
	set = rhashtable_lookup(&sets_by_mm, &mm, by_mm);
	if (set && !refcount_inc_not_zero(&set->refs))
		set = NULL;
	rcu_read_unlock();
	return set;
}
EXPORT_SYMBOL_GPL(ioasid_find_mm_set);

struct ioasid_data *ioasid_set_next(struct ioasid_set *set, struct ioasid_data *data)
{
	struct list_head *pos = data ? &data->set_link : &set->ioasids;
	struct ioasid_data *next = NULL;
	unsigned long irq;

	/* A held member stays on the list. */
	spin_lock_irqsave(&set->lock, irq);
	for (pos = pos->next; pos != &set->ioasids; pos = pos->next) {
		next = list_entry(pos, struct ioasid_data, set_link);
		if (ioasid_data_hold(next))
			break;
		next = NULL;
	}
	spin_unlock_irqrestore(&set->lock, irq);
	if (data)
		ioasid_data_drop(data);
	return next;
}

int ioasid_set_for_each_ioasid(struct ioasid_set *set,
			       int (*fn)(struct ioasid_set *set, ioasid_t id, void *arg),
			       void *arg)
{
	struct ioasid_data *data = NULL;
	int ret;

	while ((data = ioasid_set_next(set, data))) {
		ret = fn(set, data->id, arg);
		if (ret) {
			ioasid_data_drop(data);
			return ret;
		}
	}
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_set_for_each_ioasid);

void ioasid_set_free_all(struct ioasid_set *set)
{
	struct ioasid_data *data = NULL;

	while ((data = ioasid_set_next(set, data)))
		ioasid_free(set, data->id);
}
EXPORT_SYMBOL_GPL(ioasid_set_free_all);

int ioasid_attach_spid(struct ioasid_set *set, ioasid_t id, ioasid_t spid)
{
	struct ioasid_data *data = ioasid_data_get(id);
	unsigned long irq;
	int ret;

	if (IS_ERR(data))
		return PTR_ERR(data);
	if (data->set != set) {
		ioasid_data_put(data);
		return -EACCES;
	}
	spin_lock_irqsave(&set->lock, irq);
	if (data->spid != INVALID_IOASID) {
		ret = -EBUSY;
	} else {
		ret = xa_insert(&set->spids, spid, data, GFP_ATOMIC);
		if (ret == -EBUSY)	/* xarray's word for "taken" */
			ret = -EEXIST;
		if (!ret) {
			WRITE_ONCE(data->spid, spid);
			ioasid_emit(spid_attach, data);
		}
	}
	spin_unlock_irqrestore(&set->lock, irq);
	ioasid_data_put(data);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_attach_spid);

int ioasid_detach_spid(struct ioasid_set *set, ioasid_t id)
{
	struct ioasid_data *data = ioasid_data_find(id);
	unsigned long irq;
	int ret = -ENOENT;

	if (!data)
		return -ENOENT;
	if (data->set != set) {
		ioasid_data_drop(data);
		return -EACCES;
	}
	spin_lock_irqsave(&set->lock, irq);
	if (data->spid != INVALID_IOASID) {
		ioasid_emit(spid_detach, data);
		xa_erase(&set->spids, data->spid);
		WRITE_ONCE(data->spid, INVALID_IOASID);
		ret = 0;
	}
	spin_unlock_irqrestore(&set->lock, irq);
	ioasid_data_drop(data);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_detach_spid);

ioasid_t ioasid_find_by_spid(struct ioasid_set *set, ioasid_t spid, bool get)
{
	struct ioasid_data *data;
	ioasid_t id = INVALID_IOASID;

	rcu_read_lock();
	data = xa_load(&set->spids, spid);
	/* Found under RCU, it may be another one's by now: hold, then compare. */
	if (data)
		data = ioasid_data_get(READ_ONCE(data->id));
	if (!IS_ERR_OR_NULL(data)) {
		if (data->set == set && READ_ONCE(data->spid) == spid)
			id = data->id;
		if (id == INVALID_IOASID || !get)
			ioasid_data_put(data);
	}
	rcu_read_unlock();
	return id;
}
EXPORT_SYMBOL_GPL(ioasid_find_by_spid);

int ioasid_sets_init(void)
{
	return rhashtable_init(&sets_by_mm, &by_mm);
}

void ioasid_sets_exit(void)
{
	rcu_barrier();
	WARN_ON(!list_empty(&ioasid_sets));
	rhashtable_destroy(&sets_by_mm);
}
