// SPDX-License-Identifier: GPL-2.0-only
/* Sets: the holders of IOASIDs, and what they are charged to. */
#include <linux/hashtable.h>
#include <linux/mmu_notifier.h>
#include <linux/rhashtable.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>
#include <linux/workqueue.h>

#include "fault.h"
#include "private.h"
#include "trace.h"

LIST_HEAD(ioasid_sets);
atomic_t ioasid_nr_sets = ATOMIC_INIT(0);
static DEFINE_SPINLOCK(sets_lock);
static atomic64_t next_set_id = ATOMIC64_INIT(0);
static struct rhashtable sets_by_mm;
static DEFINE_HASHTABLE(sets_by_process, 12);
static DEFINE_SPINLOCK(sets_by_process_lock);
static struct workqueue_struct *free_wq;	/* frees unreachable sets */

static const struct rhashtable_params by_mm = {
	.key_len = sizeof(struct mm_struct *),
	.key_offset = offsetof(struct ioasid_set, mm),
	.head_offset = offsetof(struct ioasid_set, mm_node),
	.automatic_shrinking = true,
};

static struct ioasid_set *ioasid_set_create(int type, u32 quota)
{
	struct ioasid_set *set = may_fail(NULL, kzalloc(sizeof(*set), GFP_KERNEL_ACCOUNT));

	if (!set)
		return NULL;
	set->id = atomic64_inc_return(&next_set_id);
	set->type = type;
	set->quota = quota;
	refcount_set(&set->refs, 1);
	spin_lock_init(&set->lock);
	raw_spin_lock_init(&set->memory_lock);
	INIT_LIST_HEAD(&set->ioasids);
	INIT_LIST_HEAD(&set->bound_to);
	return set;
}

static void ioasid_set_link(struct ioasid_set *set)
{
	struct ioasid_set *before;
	unsigned long irq;

	spin_lock_irqsave(&sets_lock, irq);
	/* The last set, unless another one is created concurrently. */
	list_for_each_entry_reverse(before, &ioasid_sets, link)
		if (before->id < set->id)
			break;
	list_add_rcu(&set->link, &before->link);
	spin_unlock_irqrestore(&sets_lock, irq);
	atomic_inc(&ioasid_nr_sets);
}

static int ioasid_set_publish(struct ioasid_set *set)
{
	return may_fail(-ENOMEM, rhashtable_lookup_insert_fast(&sets_by_mm, &set->mm_node, by_mm));
}

static void ioasid_set_hash(struct ioasid_set *set)
{
	unsigned long irq;

	spin_lock_irqsave(&sets_by_process_lock, irq);
	hash_add_rcu(sets_by_process, &set->process_node, (unsigned long)set->process);
	spin_unlock_irqrestore(&sets_by_process_lock, irq);
	/*
	 * Pairs with smp_mb() in ioasid_on_attach_task(): either the migration
	 * finds the set, or a later read of the cgroup sees the migration.
	 */
	smp_mb();
}

/* Has no effect if the set is not hashed. */
static void ioasid_set_unhash(struct ioasid_set *set)
{
	unsigned long irq;

	spin_lock_irqsave(&sets_by_process_lock, irq);
	hash_del_rcu(&set->process_node);
	spin_unlock_irqrestore(&sets_by_process_lock, irq);
}

static int ioasid_set_own(struct ioasid_set *set, struct mm_struct *mm)
{
	struct task_struct *leader = ioasid_process_of(mm);
	int ret;

	if (!leader)
		return -EINVAL;
	set->mm = mm;
	mmgrab(mm);
	ioasid_process_describe(set, leader);
	ret = ioasid_chain_set_new(set, ioasid_set_publish);
	if (ret) {
		ioasid_process_forget(set);
		put_pid(set->process);
		mmdrop(mm);
	} else {
		ioasid_set_hash(set);
		/*
		 * The process may have been migrated before the set could be
		 * found: read its cgroup again.
		 */
		ioasid_set_migrate(set, leader);
	}
	ioasid_process_put(leader);
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
	if (!ioasid_capacity_take(quota))
		return ERR_PTR(-ENOSPC);
	set = ioasid_set_create(type, quota);
	ret = set ? 0 : -ENOMEM;
	/*
	 * Attaching a policy must find in the list every set that can be found
	 * by its mm.
	 */
	ioasid_gate_enter();
	if (set && token)
		ret = ioasid_set_own(set, token);
	if (!ret)
		ioasid_set_link(set);
	ioasid_gate_leave();
	if (ret) {
		kfree(set);
		ioasid_capacity_give(quota);
		return ERR_PTR(ret);
	}
	return set;
}
EXPORT_SYMBOL_GPL(ioasid_set_alloc);

int ioasid_adjust_set(struct ioasid_set *set, u32 quota)
{
	u32 has, wants;
	unsigned long irq;
	int ret = 0;

	spin_lock_irqsave(&set->lock, irq);
	/* Without a quota, the set took as much as it holds. */
	has = set->quota ?: set->count;
	wants = quota ?: set->count;
	if (wants < set->count) {
		ret = -EINVAL;
	} else if (wants > has && !ioasid_capacity_take(wants - has)) {
		ret = -ENOSPC;
	} else {
		if (wants < has)
			ioasid_capacity_give(has - wants);
		set->quota = quota;
	}
	spin_unlock_irqrestore(&set->lock, irq);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_adjust_set);

void ioasid_set_get(struct ioasid_set *set)
{
	refcount_inc(&set->refs);
}
EXPORT_SYMBOL_GPL(ioasid_set_get);

static void ioasid_set_destroy(struct ioasid_set *set)
{
	put_pid(set->process);
	put_pid(set->former);
	if (set->mm)
		mmdrop(set->mm);
	kfree(set->memory);	/* no attachment refers to it */
	kfree(set);
}

/*
 * Sets that the mmu notifier still knows. mmu_notifier_synchronize() alone does not
 * wait for callbacks that are queued on other CPUs.
 */
static atomic_t known_to_mm = ATOMIC_INIT(0);

void ioasid_set_forgotten(struct mmu_notifier *mn)
{
	ioasid_set_destroy(container_of(mn, struct ioasid_set, mn));
	if (atomic_dec_and_test(&known_to_mm))
		wake_up_var(&known_to_mm);
}

/* In a work item, because mmdrop() must not free an mm in a softirq. */
static void ioasid_set_free_work(struct work_struct *work)
{
	struct ioasid_set *set = container_of(to_rcu_work(work), struct ioasid_set, free);

	/*
	 * mmu_notifier_unregister() would wait for all processes that are
	 * exiting.
	 */
	if (test_bit(IOASID_SET_MN_REGISTERED, &set->flags)) {
		atomic_inc(&known_to_mm);
		mmu_notifier_put(&set->mn);
	} else {
		ioasid_set_destroy(set);
	}
}

void ioasid_set_put(struct ioasid_set *set)
{
	unsigned long irq;

	if (!refcount_dec_and_test(&set->refs))
		return;
	ioasid_chain_set_gone(set);
	if (set->mm)
		rhashtable_remove_fast(&sets_by_mm, &set->mm_node, by_mm);
	ioasid_capacity_give(set->quota);
	spin_lock_irqsave(&sets_lock, irq);
	list_del_rcu(&set->link);
	spin_unlock_irqrestore(&sets_lock, irq);
	atomic_dec(&ioasid_nr_sets);
	if (set->mm) {
		ioasid_set_unhash(set);
		ioasid_process_forget(set);
	}
	INIT_RCU_WORK(&set->free, ioasid_set_free_work);
	queue_rcu_work(free_wq, &set->free);
}
EXPORT_SYMBOL_GPL(ioasid_set_put);

int ioasid_set_free(struct ioasid_set *set)
{
	unsigned long irq;
	u32 count;

	spin_lock_irqsave(&set->lock, irq);
	count = set->count;
	spin_unlock_irqrestore(&set->lock, irq);
	if (count)
		return -EBUSY;
	ioasid_set_put(set);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_set_free);

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

void ioasid_set_rename(struct ioasid_set *set, struct task_struct *leader)
{
	unsigned long irq;

	spin_lock_irqsave(&set->lock, irq);
	ioasid_process_rename(set, leader);
	spin_unlock_irqrestore(&set->lock, irq);
	ioasid_set_unhash(set);
	ioasid_set_hash(set);
}

/* A process has several sets if it kept one from before exec. */
void ioasid_sets_migrate(struct task_struct *leader)
{
	struct pid *process = task_tgid(leader);
	struct ioasid_set *set;

	hash_for_each_possible_rcu(sets_by_process, set, process_node, (unsigned long)process)
		if (READ_ONCE(set->process) == process && refcount_inc_not_zero(&set->refs)) {
			ioasid_set_migrate(set, leader);
			ioasid_set_put(set);
		}
}

bool ioasid_sets_has(struct task_struct *leader)
{
	struct pid *process = task_tgid(leader);
	struct ioasid_set *set;

	hash_for_each_possible_rcu(sets_by_process, set, process_node, (unsigned long)process)
		if (READ_ONCE(set->process) == process)
			return true;
	return false;
}

bool ioasid_sets_too_many(struct task_struct *leader)
{
	struct pid *process = task_tgid(leader);
	struct ioasid_set *set;
	unsigned int nr = 0;

	rcu_read_lock();
	hash_for_each_possible_rcu(sets_by_process, set, process_node, (unsigned long)process)
		nr += READ_ONCE(set->process) == process;
	rcu_read_unlock();
	return nr > IOASID_MAX_SETS;
}

struct ioasid_set *ioasid_get_mm_set(struct mm_struct *mm)
{
	struct ioasid_set *set;

	for (;;) {
		set = ioasid_find_mm_set(mm);
		if (set)
			return set;
		set = ioasid_set_alloc(mm, 0, IOASID_SET_TYPE_MM);
		if (!IS_ERR(set) || PTR_ERR(set) != -EEXIST)
			return set;
		/* The existing set is being removed, perhaps by a task that we preempted. */
		schedule_timeout_uninterruptible(1);
	}
}
EXPORT_SYMBOL_GPL(ioasid_get_mm_set);

struct ioasid_data *ioasid_set_next(struct ioasid_set *set, struct ioasid_data *data)
{
	struct list_head *pos = data ? &data->set_link : &set->ioasids;
	struct ioasid_data *next = NULL;
	unsigned long irq;

	/* A referenced member stays on the list. */
	spin_lock_irqsave(&set->lock, irq);
	for (pos = pos->next; pos != &set->ioasids; pos = pos->next) {
		next = list_entry(pos, struct ioasid_data, set_link);
		if (ioasid_data_get_walker(next))
			break;
		next = NULL;
	}
	spin_unlock_irqrestore(&set->lock, irq);
	if (data)
		ioasid_data_put_walker(data);
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
			ioasid_data_put_walker(data);
			return ret;
		}
	}
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_set_for_each_ioasid);

int ioasid_sets_init(void)
{
	int ret;

	free_wq = may_fail(NULL, alloc_workqueue("ioasid_sets", WQ_MEM_RECLAIM | WQ_UNBOUND, 0));
	if (!free_wq)
		return -ENOMEM;
	ret = may_fail(-ENOMEM, rhashtable_init(&sets_by_mm, &by_mm));
	if (ret)
		destroy_workqueue(free_wq);
	return ret;
}

void ioasid_sets_exit(void)
{
	rcu_barrier();
	destroy_workqueue(free_wq);
	wait_var_event(&known_to_mm, !atomic_read(&known_to_mm));
	synchronize_rcu();	/* the last callback, a softirq, has returned */
	WARN_ON(!list_empty(&ioasid_sets));
	rhashtable_destroy(&sets_by_mm);
}
