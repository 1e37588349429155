// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stubs of parts that are not compiled here (policies, processes, events), and
 * access to the core's state for tests.
 */
#include "core.h"
#include "internal.h"
#include "private.h"

static struct cgroup the_cgroup;

int ioasid_policy_charge(struct ioasid_set *set, ioasid_t *min, ioasid_t *max)
{
	(void)min;
	(void)max;
	lockdep_assert_held(&set->lock);
	if (set->mm->charged >= set->mm->limit)
		return -EDQUOT;
	set->mm->charged++;
	return 0;
}

void ioasid_policy_uncharge(struct ioasid_set *set)
{
	lockdep_assert_held(&set->lock);
	WARN_ON(--set->mm->charged < 0);
}

struct task_struct *ioasid_process_of(struct mm_struct *mm)
{
	return mm->inhabited ? (struct task_struct *)mm : NULL;
}

void ioasid_process_put(struct task_struct *leader)
{
	(void)leader;
}

void ioasid_process_describe(struct ioasid_set *set, struct task_struct *leader)
{
	(void)leader;
	set->cgrp = &the_cgroup;
	__atomic_add_fetch(&the_cgroup.refs, 1, __ATOMIC_RELAXED);
}

void put_pid(struct pid *pid)
{
	(void)pid;
}

void ioasid_process_rename(struct ioasid_set *set, struct task_struct *leader)
{
	(void)set;
	(void)leader;
}

void ioasid_process_forget(struct ioasid_set *set)
{
	cgroup_put(set->cgrp);
}

void ioasid_set_migrate(struct ioasid_set *set, struct task_struct *leader)
{
	(void)set;
	(void)leader;
}

void cgroup_put(struct cgroup *cgrp)
{
	WARN_ON(__atomic_sub_fetch(&cgrp->refs, 1, __ATOMIC_RELAXED) < 0);
}

void ioasid_count_event(void)
{
}

#define EMIT(name)							\
	void __ioasid_emit_##name(struct ioasid_data *data)		\
	{								\
		core_emitted(CORE_##name, data->id, READ_ONCE(data->spid)); \
	}

EMIT(alloc)
EMIT(free)
EMIT(free_pending)
EMIT(reclaim)
EMIT(spid_attach)
EMIT(spid_detach)

bool core_look(u32 id, struct core_sight *look)
{
	struct ioasid_data *data;
	struct ioasid_view view;
	bool found = false;

	rcu_read_lock();
	data = ioasid_number_load(id);
	if (data && ioasid_data_view(data, &view) && view.id == id) {
		look->users = IOASID_USERS(view.refs) - !(view.refs & IOASID_FREED);
		look->freed = view.refs & IOASID_FREED;
		look->spid = view.spid;
		look->set = view.set;
		look->private_data = view.private;
		found = true;
	}
	rcu_read_unlock();
	return found;
}

struct core_count core_set_count(struct ioasid_set *set)
{
	return (struct core_count){
		.all = set->count,
		.active = atomic_read(&set->active),
		.pending = atomic_read(&set->pending),
	};
}

u32 core_live(void)
{
	return ioasid_numbers_used();
}

u32 core_sets(void)
{
	return atomic_read(&ioasid_nr_sets);
}

int core_cgroup_refs(void)
{
	return __atomic_load_n(&the_cgroup.refs, __ATOMIC_RELAXED);
}

int core_start(void)
{
	int ret = ioasid_core_init();

	if (ret)
		return ret;
	ret = ioasid_spids_init();
	if (ret)
		goto core;
	ret = ioasid_sets_init();
	if (ret)
		goto spids;
	ret = ioasid_work_init();
	if (!ret)
		return 0;
	ioasid_sets_exit();
spids:
	ioasid_spids_exit();
core:
	ioasid_core_exit();
	return ret;
}

void core_stop(void)
{
	ioasid_work_exit();
	ioasid_notify_exit();
	ioasid_sets_exit();
	ioasid_spids_exit();
	ioasid_core_exit();
	rcu_barrier();
}
