// SPDX-License-Identifier: GPL-2.0
/*
 * Telling others: a chain of subscribers for each set, one for all sets, and
 * those who wait for a process to have a set. And the ordered work queue, for
 * what handlers may not do themselves.
 *
 * No lock is held while a handler runs. So that everybody sees the events of an
 * IOASID in one order all the same, whoever causes one while another is being
 * announced leaves it to that announcer (ioasid_data.events), and with it what
 * the event completes: the end of an SPID, the core's reference of a freed
 * IOASID. That is only needed, and only done, when the set had subscribers as
 * the IOASID was allocated; it has none later if it had none then.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "fault.h"
#include "private.h"

struct ioasid_subscriber {
	struct ioasid_subscriber __rcu *next;	/* in its chain, by priority */
	struct notifier_block *nb;
	int priority;
	struct ioasid_set *set;		/* whose chain it is in, NULL: none, or all sets' */
	struct mm_struct *mm;		/* it waits for a set of; else it holds @set */
	struct list_head link;		/* in mm_subscribers */
};

struct ioasid_subscriber __rcu *ioasid_global_chain;
static LIST_HEAD(mm_subscribers);
static DEFINE_SPINLOCK(notify_lock);	/* chains and list; see private.h */
static struct workqueue_struct *ordered_wq;

/* --- Calling -------------------------------------------------------------- */

static void call_chains(struct ioasid_data *data, enum ioasid_notify_val val)
{
	struct ioasid_subscriber *of_all = NULL, *of_set, *sub;
	struct ioasid_notice notice = {
		.args = {
			.id = data->id,
			.spid = READ_ONCE(data->spid),
			.set = data->set,
		},
		.data = data,
	};

	rcu_read_lock();
	notice.args.pdata = rcu_dereference(data->private);
	if (val == IOASID_NOTIFY_FREE)
		of_all = rcu_dereference(ioasid_global_chain);
	of_set = rcu_dereference(data->set->subscribers);
	while (of_all || of_set) {
		if (!of_set || (of_all && of_all->priority >= of_set->priority)) {
			sub = of_all;
			of_all = rcu_dereference(sub->next);
		} else {
			sub = of_set;
			of_set = rcu_dereference(sub->next);
		}
		sub->nb->notifier_call(sub->nb, val, &notice.args);
	}
	rcu_read_unlock();
}

bool ioasid_event_claim(struct ioasid_data *data, enum ioasid_notify_val val)
{
	lockdep_assert_held(&data->set->lock);
	if (!data->announcing) {
		data->announcing = true;
		return true;
	}
	if (!WARN_ON_ONCE(data->nr_events == ARRAY_SIZE(data->events)))
		data->events[data->nr_events++] = val;
	return false;
}

/* With set->lock held: @val is known to everybody. Returns what comes next, 0: nothing. */
static u8 event_done(struct ioasid_data *data, enum ioasid_notify_val val)
{
	u8 next = 0;

	if (val == IOASID_NOTIFY_UNBIND)
		ioasid_spid_erase(data);
	if (data->nr_events) {
		next = data->events[0];
		data->nr_events--;
		memmove(data->events, data->events + 1, data->nr_events);
	} else {
		data->announcing = false;
	}
	return next;
}

void ioasid_event_announce(struct ioasid_data *data, enum ioasid_notify_val val)
{
	struct ioasid_set *set = data->set;
	bool freed = false;
	unsigned long irq;

	while (val) {
		call_chains(data, val);
		freed |= val == IOASID_NOTIFY_FREE;
		spin_lock_irqsave(&set->lock, irq);
		val = event_done(data, val);
		spin_unlock_irqrestore(&set->lock, irq);
	}
	if (freed)
		ioasid_data_put(data);
}

void ioasid_announce_free(struct ioasid_data *data)
{
	struct ioasid_set *set = data->set;
	unsigned long irq;
	bool ours;

	if (READ_ONCE(data->flags) & IOASID_DATA_ANNOUNCED) {
		spin_lock_irqsave(&set->lock, irq);
		ours = ioasid_event_claim(data, IOASID_NOTIFY_FREE);
		spin_unlock_irqrestore(&set->lock, irq);
		if (ours)
			ioasid_event_announce(data, IOASID_NOTIFY_FREE);
		return;
	}
	if (rcu_access_pointer(ioasid_global_chain))
		call_chains(data, IOASID_NOTIFY_FREE);
	ioasid_data_put(data);
}

/* --- Chains; with notify_lock held ---------------------------------------- */

static struct ioasid_subscriber *next_of(struct ioasid_subscriber __rcu *const *link)
{
	return rcu_dereference_protected(*link, lockdep_is_held(&notify_lock));
}

static struct ioasid_subscriber __rcu **chain_of(struct ioasid_set *set)
{
	return set ? &set->subscribers : &ioasid_global_chain;
}

/* The link that points to the subscriber for @nb, or NULL. */
static struct ioasid_subscriber __rcu **chain_find(struct ioasid_set *set,
						   const struct notifier_block *nb)
{
	struct ioasid_subscriber __rcu **link = chain_of(set);
	struct ioasid_subscriber *sub;

	for (; (sub = next_of(link)); link = &sub->next)
		if (sub->nb == nb)
			return link;
	return NULL;
}

static void chain_insert(struct ioasid_set *set, struct ioasid_subscriber *new)
{
	struct ioasid_subscriber __rcu **link = chain_of(set);
	struct ioasid_subscriber *sub;

	while ((sub = next_of(link)) && sub->priority >= new->priority)
		link = &sub->next;
	RCU_INIT_POINTER(new->next, sub);
	new->set = set;
	rcu_assign_pointer(*link, new);
}

static void chain_remove(struct ioasid_subscriber __rcu **link)
{
	struct ioasid_subscriber *sub = next_of(link);

	rcu_assign_pointer(*link, next_of(&sub->next));
}

/* Into the chain of @set, which may not have IOASIDs: nothing is replayed. */
static int subscribe_set(struct ioasid_set *set, struct ioasid_subscriber *sub)
{
	int ret = -EBUSY;

	spin_lock(&set->lock);
	if (!set->count) {
		chain_insert(set, sub);
		ret = 0;
	}
	spin_unlock(&set->lock);
	return ret;
}

static int subscribe(struct ioasid_set *set, struct ioasid_subscriber *sub)
{
	if (chain_find(set, sub->nb))
		return -EBUSY;
	if (set)
		return subscribe_set(set, sub);
	chain_insert(NULL, sub);
	return 0;
}

/* --- Subscribing ---------------------------------------------------------- */

static struct ioasid_subscriber *subscriber_new(struct notifier_block *nb)
{
	struct ioasid_subscriber *sub;

	if (!nb || !nb->notifier_call)
		return ERR_PTR(-EINVAL);
	sub = may_fail(NULL, kzalloc(sizeof(*sub), GFP_KERNEL));
	if (!sub)
		return ERR_PTR(-ENOMEM);
	sub->nb = nb;
	sub->priority = nb->priority;
	return sub;
}

int ioasid_register_notifier(struct ioasid_set *set, struct notifier_block *nb)
{
	struct ioasid_subscriber *sub = subscriber_new(nb);
	unsigned long irq;
	int ret;

	if (IS_ERR(sub))
		return PTR_ERR(sub);
	spin_lock_irqsave(&notify_lock, irq);
	ret = subscribe(set, sub);
	if (!ret && set)
		ioasid_set_get(set);
	spin_unlock_irqrestore(&notify_lock, irq);
	if (ret)
		kfree(sub);
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_register_notifier);

int ioasid_unregister_notifier(struct ioasid_set *set, struct notifier_block *nb)
{
	struct ioasid_subscriber __rcu **link;
	struct ioasid_subscriber *sub = NULL;
	unsigned long irq;

	spin_lock_irqsave(&notify_lock, irq);
	link = chain_find(set, nb);
	/* One that came by its mm leaves by its mm. */
	if (link && !next_of(link)->mm) {
		sub = next_of(link);
		chain_remove(link);
	}
	spin_unlock_irqrestore(&notify_lock, irq);
	if (!sub)
		return -ENOENT;
	synchronize_rcu();
	kfree(sub);
	if (set)
		ioasid_set_put(set);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_unregister_notifier);

static struct ioasid_subscriber *find_mm_subscriber(struct mm_struct *mm,
						    const struct notifier_block *nb)
{
	struct ioasid_subscriber *sub;

	list_for_each_entry(sub, &mm_subscribers, link)
		if (sub->mm == mm && sub->nb == nb)
			return sub;
	return NULL;
}

int ioasid_register_notifier_mm(struct mm_struct *mm, struct notifier_block *nb)
{
	struct ioasid_subscriber *sub;
	struct ioasid_set *set = NULL;
	unsigned long irq;
	int ret = -EBUSY;

	if (!mm)
		return -EINVAL;
	sub = subscriber_new(nb);
	if (IS_ERR(sub))
		return PTR_ERR(sub);
	mmgrab(mm);
	sub->mm = mm;
	spin_lock_irqsave(&notify_lock, irq);
	if (!find_mm_subscriber(mm, nb)) {
		set = ioasid_find_mm_set(mm);
		ret = set ? subscribe(set, sub) : 0;
	}
	if (!ret)
		list_add_tail(&sub->link, &mm_subscribers);
	spin_unlock_irqrestore(&notify_lock, irq);
	if (set)
		ioasid_set_put(set);
	if (ret) {
		mmdrop(mm);
		kfree(sub);
	}
	return ret;
}
EXPORT_SYMBOL_GPL(ioasid_register_notifier_mm);

int ioasid_unregister_notifier_mm(struct mm_struct *mm, struct notifier_block *nb)
{
	struct ioasid_subscriber *sub;
	unsigned long irq;

	spin_lock_irqsave(&notify_lock, irq);
	sub = find_mm_subscriber(mm, nb);
	if (sub) {
		list_del(&sub->link);
		/* A set that it is in the chain of is not gone before set_gone(). */
		if (sub->set)
			chain_remove(chain_find(sub->set, nb));
	}
	spin_unlock_irqrestore(&notify_lock, irq);
	if (!sub)
		return -ENOENT;
	synchronize_rcu();
	mmdrop(mm);
	kfree(sub);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_unregister_notifier_mm);

int ioasid_notify_set_new(struct ioasid_set *set, int (*publish)(struct ioasid_set *set))
{
	struct ioasid_subscriber *sub;
	unsigned long irq;
	int ret;

	/* In one step: no IOASID comes in between, nobody waits for what is there. */
	spin_lock_irqsave(&notify_lock, irq);
	spin_lock(&set->lock);
	ret = publish(set);
	if (!ret)
		list_for_each_entry(sub, &mm_subscribers, link)
			if (sub->mm == set->mm && !sub->set)
				chain_insert(set, sub);
	spin_unlock(&set->lock);
	spin_unlock_irqrestore(&notify_lock, irq);
	return ret;
}

void ioasid_notify_set_gone(struct ioasid_set *set)
{
	struct ioasid_subscriber *sub, *next;
	unsigned long irq;

	if (!rcu_access_pointer(set->subscribers))
		return;
	/* Nobody walks this chain: whoever announces holds an IOASID of the set. */
	spin_lock_irqsave(&notify_lock, irq);
	for (sub = next_of(&set->subscribers); sub; sub = next) {
		next = next_of(&sub->next);
		sub->set = NULL;
	}
	RCU_INIT_POINTER(set->subscribers, NULL);
	spin_unlock_irqrestore(&notify_lock, irq);
}

/* --- Work ----------------------------------------------------------------- */

bool ioasid_queue_work(struct work_struct *work)
{
	return queue_work(ordered_wq, work);
}
EXPORT_SYMBOL_GPL(ioasid_queue_work);

void ioasid_flush(void)
{
	flush_workqueue(ordered_wq);
}

int ioasid_notify_init(void)
{
	ordered_wq = may_fail(NULL, alloc_ordered_workqueue("ioasid", WQ_MEM_RECLAIM));
	return ordered_wq ? 0 : -ENOMEM;
}

void ioasid_notify_exit(void)
{
	destroy_workqueue(ordered_wq);
	WARN_ON(rcu_access_pointer(ioasid_global_chain) || !list_empty(&mm_subscribers));
}
