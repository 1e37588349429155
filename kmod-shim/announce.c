// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notify subscribers of the events of an IOASID, in the same order for all of
 * them.
 *
 * No lock is held while a handler runs. To keep the order, a context that
 * causes an event while another one is being sent leaves it to that sender
 * (ioasid_data.events). The sender then also completes the event: it removes
 * the SPID or drops the core's reference of a freed IOASID. This is only
 * needed, and only done, if the set had subscribers when the IOASID was
 * allocated. Otherwise it cannot get any later.
 */
#include "private.h"

static void ioasid_call_chains(struct ioasid_data *data, enum ioasid_notify_val val)
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

/*
 * With set->lock held: all subscribers have received @val. Returns the next
 * event, 0: none.
 */
static u8 ioasid_event_done(struct ioasid_data *data, enum ioasid_notify_val val)
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
		ioasid_call_chains(data, val);
		freed |= val == IOASID_NOTIFY_FREE;
		spin_lock_irqsave(&set->lock, irq);
		val = ioasid_event_done(data, val);
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
		ioasid_call_chains(data, IOASID_NOTIFY_FREE);
	ioasid_data_put(data);
}
