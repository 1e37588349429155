// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subscribers: a chain for each set, a global chain, and a list of subscribers
 * that wait for a process to have a set. With ioasid_chain_lock held.
 */
#include "private.h"

struct ioasid_subscriber __rcu *ioasid_global_chain;
LIST_HEAD(ioasid_mm_subscribers);
DEFINE_SPINLOCK(ioasid_chain_lock);

struct ioasid_subscriber *ioasid_chain_next(struct ioasid_subscriber __rcu *const *link)
{
	return rcu_dereference_protected(*link, lockdep_is_held(&ioasid_chain_lock));
}

static struct ioasid_subscriber __rcu **ioasid_chain_of(struct ioasid_set *set)
{
	return set ? &set->subscribers : &ioasid_global_chain;
}

struct ioasid_subscriber __rcu **ioasid_chain_find(struct ioasid_set *set,
						   const struct notifier_block *nb)
{
	struct ioasid_subscriber __rcu **link = ioasid_chain_of(set);
	struct ioasid_subscriber *sub;

	for (; (sub = ioasid_chain_next(link)); link = &sub->next)
		if (sub->nb == nb)
			return link;
	return NULL;
}

static void ioasid_chain_insert(struct ioasid_set *set, struct ioasid_subscriber *new)
{
	struct ioasid_subscriber __rcu **link = ioasid_chain_of(set);
	struct ioasid_subscriber *sub;

	while ((sub = ioasid_chain_next(link)) && sub->priority >= new->priority)
		link = &sub->next;
	RCU_INIT_POINTER(new->next, sub);
	new->set = set;
	rcu_assign_pointer(*link, new);
}

void ioasid_chain_remove(struct ioasid_subscriber __rcu **link)
{
	struct ioasid_subscriber *sub = ioasid_chain_next(link);

	rcu_assign_pointer(*link, ioasid_chain_next(&sub->next));
}

/*
 * Add to the chain of @set. -EBUSY if it has IOASIDs, because past events are
 * not sent again.
 */
static int ioasid_chain_add_set(struct ioasid_set *set, struct ioasid_subscriber *sub)
{
	int ret = -EBUSY;

	spin_lock(&set->lock);
	if (!set->count) {
		ioasid_chain_insert(set, sub);
		ret = 0;
	}
	spin_unlock(&set->lock);
	return ret;
}

int ioasid_chain_add(struct ioasid_set *set, struct ioasid_subscriber *sub)
{
	if (ioasid_chain_find(set, sub->nb))
		return -EBUSY;
	if (set)
		return ioasid_chain_add_set(set, sub);
	ioasid_chain_insert(NULL, sub);
	return 0;
}

struct ioasid_subscriber *ioasid_chain_find_mm(struct mm_struct *mm,
					       const struct notifier_block *nb)
{
	struct ioasid_subscriber *sub;

	list_for_each_entry(sub, &ioasid_mm_subscribers, link)
		if (sub->mm == mm && sub->nb == nb)
			return sub;
	return NULL;
}

int ioasid_chain_set_new(struct ioasid_set *set, int (*publish)(struct ioasid_set *set))
{
	struct ioasid_subscriber *sub;
	unsigned long irq;
	int ret;

	/*
	 * Atomically, so that no IOASID is allocated in between and no
	 * subscriber waits for a set that exists.
	 */
	spin_lock_irqsave(&ioasid_chain_lock, irq);
	spin_lock(&set->lock);
	ret = publish(set);
	if (!ret)
		list_for_each_entry(sub, &ioasid_mm_subscribers, link)
			if (sub->mm == set->mm && !sub->set)
				ioasid_chain_insert(set, sub);
	spin_unlock(&set->lock);
	spin_unlock_irqrestore(&ioasid_chain_lock, irq);
	return ret;
}

void ioasid_chain_set_gone(struct ioasid_set *set)
{
	struct ioasid_subscriber *sub, *next;
	unsigned long irq;

	if (!rcu_access_pointer(set->subscribers))
		return;
	/*
	 * The chain has no readers: a sender of events holds an IOASID of the
	 * set.
	 */
	spin_lock_irqsave(&ioasid_chain_lock, irq);
	for (sub = ioasid_chain_next(&set->subscribers); sub; sub = next) {
		next = ioasid_chain_next(&sub->next);
		sub->set = NULL;
	}
	RCU_INIT_POINTER(set->subscribers, NULL);
	spin_unlock_irqrestore(&ioasid_chain_lock, irq);
}
