// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subscribe to events of the IOASIDs of a set, of a process that may not have a
 * set yet, or of all sets.
 */
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "fault.h"
#include "private.h"

static struct ioasid_subscriber *ioasid_subscriber_new(struct notifier_block *nb)
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
	struct ioasid_subscriber *sub = ioasid_subscriber_new(nb);
	unsigned long irq;
	int ret;

	if (IS_ERR(sub))
		return PTR_ERR(sub);
	spin_lock_irqsave(&ioasid_chain_lock, irq);
	ret = ioasid_chain_add(set, sub);
	if (!ret && set)
		ioasid_set_get(set);
	spin_unlock_irqrestore(&ioasid_chain_lock, irq);
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

	spin_lock_irqsave(&ioasid_chain_lock, irq);
	link = ioasid_chain_find(set, nb);
	/* Registered by mm: must be unregistered by mm. */
	if (link && !ioasid_chain_next(link)->mm) {
		sub = ioasid_chain_next(link);
		ioasid_chain_remove(link);
	}
	spin_unlock_irqrestore(&ioasid_chain_lock, irq);
	if (!sub)
		return -ENOENT;
	synchronize_rcu();
	kfree(sub);
	if (set)
		ioasid_set_put(set);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_unregister_notifier);

int ioasid_register_notifier_mm(struct mm_struct *mm, struct notifier_block *nb)
{
	struct ioasid_subscriber *sub;
	struct ioasid_set *set = NULL;
	unsigned long irq;
	int ret = -EBUSY;

	if (!mm)
		return -EINVAL;
	sub = ioasid_subscriber_new(nb);
	if (IS_ERR(sub))
		return PTR_ERR(sub);
	mmgrab(mm);
	sub->mm = mm;
	spin_lock_irqsave(&ioasid_chain_lock, irq);
	if (!ioasid_chain_find_mm(mm, nb)) {
		set = ioasid_find_mm_set(mm);
		ret = set ? ioasid_chain_add(set, sub) : 0;
	}
	if (!ret)
		list_add_tail(&sub->link, &ioasid_mm_subscribers);
	spin_unlock_irqrestore(&ioasid_chain_lock, irq);
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

	spin_lock_irqsave(&ioasid_chain_lock, irq);
	sub = ioasid_chain_find_mm(mm, nb);
	if (sub) {
		list_del(&sub->link);
		/*
		 * A set is not freed before ioasid_chain_set_gone() has removed
		 * it.
		 */
		if (sub->set)
			ioasid_chain_remove(ioasid_chain_find(sub->set, nb));
	}
	spin_unlock_irqrestore(&ioasid_chain_lock, irq);
	if (!sub)
		return -ENOENT;
	synchronize_rcu();
	mmdrop(mm);
	kfree(sub);
	return 0;
}
EXPORT_SYMBOL_GPL(ioasid_unregister_notifier_mm);

void ioasid_notify_exit(void)
{
	WARN_ON(rcu_access_pointer(ioasid_global_chain) || !list_empty(&ioasid_mm_subscribers));
}
