// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: which events a subscriber receives, in which order, and what a
 * handler may do.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "selftest.h"

/*
 * A guest's PASID, used by an IOMMU driver, a hypervisor and a device driver.
 * The hypervisor takes its reference when it is notified of the BIND.
 */
static void hypervisor(struct recorder *self, unsigned long val, const struct ioasid_nb_args *args)
{
	if (val == IOASID_NOTIFY_BIND)
		EXPECT(ioasid_get_locked(args->set, args->id), 0);
	if (val == IOASID_NOTIFY_UNBIND)
		EXPECT(ioasid_put_locked(args->set, args->id), false);
}

static void guest(void)
{
	struct ioasid_set *set = ioasid_set_alloc(current->mm, 10, IOASID_SET_TYPE_MM);
	struct recorder cpu;
	int id;

	EXPECT(PTR_ERR_OR_ZERO(set), 0);
	recorder_init(&cpu, IOASID_PRIO_CPU);
	cpu.act = hypervisor;
	EXPECT(ioasid_register_notifier_mm(current->mm, &cpu.nb), 0);
	id = ioasid_alloc(set, 1, IOASID_LIMIT, NULL);
	EXPECT(refs_of(id), 1);
	EXPECT(ioasid_get(set, id), 0);				/* IOMMU driver: bind */
	EXPECT(refs_of(id), 2);
	EXPECT(ioasid_attach_spid(set, id, 100), 0);		/* hypervisor is notified */
	EXPECT(refs_of(id), 3);
	EXPECT(ioasid_find_by_spid(set, 100, true), id);	/* device driver */
	EXPECT(refs_of(id), 4);
	EXPECT(ioasid_put(set, id), false);			/* device stopped */
	EXPECT(refs_of(id), 3);
	EXPECT(ioasid_detach_spid(set, id), 0);			/* hypervisor is notified */
	EXPECT(refs_of(id), 2);
	EXPECT(ioasid_put(set, id), false);			/* IOMMU driver: unbind */
	EXPECT(refs_of(id), 1);
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(refs_of(id), 0);
	for (int val = IOASID_NOTIFY_ALLOC; val <= IOASID_NOTIFY_UNBIND; val++)
		EXPECT(cpu.seen[val], 1);
	EXPECT(ioasid_unregister_notifier_mm(current->mm, &cpu.nb), 0);
	EXPECT(ioasid_set_free(set), 0);
}

/*
 * ALLOC, BIND, UNBIND go to the set, FREE to both; once each, with the right
 * arguments.
 */
static void notify_scope(void)
{
	struct ioasid_set *set = kernel_set(), *other = kernel_set();
	struct recorder of_set, of_all;
	int id;

	recorder_init(&of_set, IOASID_PRIO_LAST);
	recorder_init(&of_all, IOASID_PRIO_LAST);
	EXPECT(ioasid_register_notifier(set, &of_set.nb), 0);
	EXPECT(ioasid_register_notifier(NULL, &of_all.nb), 0);
	id = ioasid_alloc(set, 1, 100, &guest);
	EXPECT(of_set.seen[IOASID_NOTIFY_ALLOC], 1);
	EXPECT(of_set.last.id, id);
	EXPECT(of_set.last.set, set);
	EXPECT(of_set.last.pdata, &guest);
	EXPECT(of_set.last.spid, INVALID_IOASID);
	EXPECT(ioasid_attach_spid(set, id, 9), 0);
	EXPECT(ioasid_attach_spid(set, id, 9), -EBUSY);
	EXPECT(of_set.seen[IOASID_NOTIFY_BIND], 1);
	EXPECT(of_set.last.spid, 9);
	/* Additional users cause no events. */
	EXPECT(ioasid_get(set, id), 0);
	EXPECT(ioasid_get(set, id), 0);
	EXPECT(ioasid_put(set, id), false);
	EXPECT(ioasid_detach_spid(set, id), 0);
	EXPECT(of_set.seen[IOASID_NOTIFY_UNBIND], 1);
	EXPECT(of_set.last.spid, 9);
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(ioasid_put(set, id), true);
	EXPECT(of_set.seen[IOASID_NOTIFY_FREE], 1);
	EXPECT(of_all.seen[IOASID_NOTIFY_FREE], 1);
	EXPECT(of_all.last.id, id);
	EXPECT(of_all.seen[IOASID_NOTIFY_ALLOC] + of_all.seen[IOASID_NOTIFY_BIND] +
	       of_all.seen[IOASID_NOTIFY_UNBIND], 0);
	/* IOASIDs of another set cause no events in this one. */
	id = ioasid_alloc(other, 1, 100, NULL);
	EXPECT(ioasid_free(other, id), 0);
	EXPECT(of_set.seen[IOASID_NOTIFY_ALLOC], 1);
	EXPECT(of_set.seen[IOASID_NOTIFY_FREE], 1);
	EXPECT(of_all.seen[IOASID_NOTIFY_FREE], 2);
	EXPECT(ioasid_unregister_notifier(set, &of_set.nb), 0);
	EXPECT(ioasid_unregister_notifier(NULL, &of_all.nb), 0);
	ioasid_set_put(other);
	EXPECT(ioasid_set_free(set), 0);
}

/* One order across both chains: CPU, IOMMU, DEVICE, the rest. */
static void notify_order(void)
{
	static const int scrambled[] = { IOASID_PRIO_DEVICE, IOASID_PRIO_LAST, IOASID_PRIO_CPU,
					 IOASID_PRIO_IOMMU };
	struct recorder recorders[2][4];	/* of the set, global; by priority */
	struct ioasid_set *set = kernel_set();
	int id;

	for (int i = 0; i < 4; i++) {
		for (int all = 0; all < 2; all++) {
			struct recorder *recorder = &recorders[all][scrambled[i]];

			recorder_init(recorder, scrambled[i]);
			EXPECT(ioasid_register_notifier(all ? NULL : set, &recorder->nb), 0);
		}
	}
	id = ioasid_alloc(set, 1, 100, NULL);
	EXPECT(ioasid_free(set, id), 0);
	for (int high = 1; high < 4; high++)
		for (int i = 0; i < 4; i++)
			EXPECT(recorders[i & 1][high].stamp < recorders[i >> 1][high - 1].stamp,
			       true);
	for (int i = 0; i < 8; i++) {
		EXPECT(recorders[i & 1][i >> 1].seen[IOASID_NOTIFY_FREE], 1);
		EXPECT(ioasid_unregister_notifier(i & 1 ? NULL : set, &recorders[i & 1][i >> 1].nb), 0);
	}
	EXPECT(ioasid_set_free(set), 0);
}

static void notify_register(void)
{
	struct ioasid_set *set = kernel_set(), *other = kernel_set();
	struct notifier_block empty = {};
	struct ioasid_system_row row;
	struct recorder recorder;

	recorder_init(&recorder, IOASID_PRIO_LAST);
	EXPECT(ioasid_register_notifier(set, NULL), -EINVAL);
	EXPECT(ioasid_register_notifier(set, &empty), -EINVAL);
	EXPECT(ioasid_unregister_notifier(set, &recorder.nb), -ENOENT);
	EXPECT(ioasid_unregister_notifier(NULL, &recorder.nb), -ENOENT);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(ioasid_register_notifier(set, &recorder.nb), -EBUSY);
	EXPECT(ioasid_free(set, 1), 0);
	EXPECT(ioasid_register_notifier(set, &recorder.nb), 0);
	EXPECT(ioasid_register_notifier(set, &recorder.nb), -EBUSY);
	EXPECT(ioasid_register_notifier(NULL, &recorder.nb), 0);
	EXPECT(ioasid_register_notifier(NULL, &recorder.nb), -EBUSY);
	EXPECT(ioasid_register_notifier(other, &recorder.nb), 0);
	EXPECT(ioasid_alloc(other, 1, 100, NULL), 1);
	EXPECT(recorder.seen[IOASID_NOTIFY_ALLOC], 1);
	/* A subscriber references its set. */
	ioasid_set_put(set);
	ioasid_read_system(&row);
	EXPECT(row.sets, 2);
	EXPECT(ioasid_unregister_notifier(set, &recorder.nb), 0);
	ioasid_read_system(&row);
	EXPECT(row.sets, 1);
	/* Unsubscribing while there are IOASIDs: no more events. */
	EXPECT(ioasid_unregister_notifier(other, &recorder.nb), 0);
	EXPECT(ioasid_unregister_notifier(NULL, &recorder.nb), 0);
	EXPECT(ioasid_attach_spid(other, 1, 1), 0);
	EXPECT(ioasid_detach_spid(other, 1), 0);
	EXPECT(ioasid_free(other, 1), 0);
	EXPECT(recorder.seen[IOASID_NOTIFY_FREE] + recorder.seen[IOASID_NOTIFY_BIND], 0);
	ioasid_set_put(other);
}

/*
 * Subscribe before the process has a set, with one, and after it; unsubscribe
 * in either state.
 */
static void notify_mm(void)
{
	struct mm_struct *mm = current->mm;
	struct recorder recorder;
	struct ioasid_set *set;

	recorder_init(&recorder, IOASID_PRIO_CPU);
	EXPECT(ioasid_register_notifier_mm(NULL, &recorder.nb), -EINVAL);
	EXPECT(ioasid_unregister_notifier_mm(mm, &recorder.nb), -ENOENT);
	EXPECT(ioasid_register_notifier_mm(mm, &recorder.nb), 0);
	EXPECT(ioasid_register_notifier_mm(mm, &recorder.nb), -EBUSY);
	EXPECT(ioasid_find_mm_set(mm), NULL);
	for (int i = 1; i <= 2; i++) {
		set = ioasid_get_mm_set(mm);
		EXPECT(ioasid_register_notifier(set, &recorder.nb), -EBUSY);
		EXPECT(ioasid_unregister_notifier(set, &recorder.nb), -ENOENT);
		EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
		EXPECT(recorder.seen[IOASID_NOTIFY_ALLOC], i);
		EXPECT(ioasid_register_notifier_mm(mm, &recorder.nb), -EBUSY);
		EXPECT(ioasid_free(set, 1), 0);
		EXPECT(recorder.seen[IOASID_NOTIFY_FREE], i);
		ioasid_set_put(set);	/* waits for a set again */
	}
	EXPECT(ioasid_unregister_notifier_mm(mm, &recorder.nb), 0);
	EXPECT(ioasid_unregister_notifier_mm(mm, &recorder.nb), -ENOENT);
	set = ioasid_get_mm_set(mm);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(recorder.seen[IOASID_NOTIFY_ALLOC], 2);
	/* Past events are not sent again. */
	EXPECT(ioasid_register_notifier_mm(mm, &recorder.nb), -EBUSY);
	EXPECT(ioasid_free(set, 1), 0);
	EXPECT(ioasid_register_notifier_mm(mm, &recorder.nb), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(recorder.seen[IOASID_NOTIFY_ALLOC], 3);
	/* Unsubscribed while subscribed to a set with IOASIDs. */
	EXPECT(ioasid_unregister_notifier_mm(mm, &recorder.nb), 0);
	EXPECT(ioasid_free(set, 1), 0);
	EXPECT(recorder.seen[IOASID_NOTIFY_FREE], 2);
	ioasid_set_put(set);
}

/*
 * The first handler of FREE drops the last reference; the others still see the
 * IOASID.
 */
static void drop(struct recorder *self, unsigned long val, const struct ioasid_nb_args *args)
{
	if (val == IOASID_NOTIFY_FREE)
		ioasid_put_locked(args->set, args->id);
}

static void look(struct recorder *self, unsigned long val, const struct ioasid_nb_args *args)
{
	if (val != IOASID_NOTIFY_FREE)
		return;
	EXPECT(state_of(args->id), IOASID_STATE_FREE_PENDING);
	EXPECT(args->spid, 44);
	EXPECT(args->pdata, self);
}

static void handler_drops_last(void)
{
	struct ioasid_set *set = kernel_set();
	struct recorder of_all, of_set;

	recorder_init(&of_all, IOASID_PRIO_CPU);
	of_all.act = drop;
	recorder_init(&of_set, IOASID_PRIO_LAST);
	of_set.act = look;
	EXPECT(ioasid_register_notifier(NULL, &of_all.nb), 0);
	EXPECT(ioasid_register_notifier(set, &of_set.nb), 0);
	EXPECT(ioasid_alloc(set, 1, 100, &of_set), 1);
	EXPECT(ioasid_attach_spid(set, 1, 44), 0);
	EXPECT(ioasid_get(set, 1), 0);
	EXPECT(ioasid_free(set, 1), 0);
	EXPECT(of_set.seen[IOASID_NOTIFY_FREE], 1);
	EXPECT(state_of(1), NO_STATE);
	EXPECT(ioasid_unregister_notifier(set, &of_set.nb), 0);
	EXPECT(ioasid_unregister_notifier(NULL, &of_all.nb), 0);
	EXPECT(ioasid_set_free(set), 0);
}

/*
 * Each handler causes the next event: later subscribers receive them in order.
 */
static void cause_next(struct recorder *self, unsigned long val, const struct ioasid_nb_args *args)
{
	switch (val) {
	case IOASID_NOTIFY_ALLOC:
		EXPECT(ioasid_get_locked(args->set, args->id), 0);
		EXPECT(ioasid_attach_spid(args->set, args->id, 9), 0);
		break;
	case IOASID_NOTIFY_BIND:
		EXPECT(ioasid_find_by_spid(args->set, 9, false), args->id);
		EXPECT(ioasid_detach_spid(args->set, args->id), 0);
		EXPECT(ioasid_detach_spid(args->set, args->id), -ENOENT);
		EXPECT(ioasid_attach_spid(args->set, args->id, 10), -EBUSY);
		EXPECT(ioasid_find_by_spid(args->set, 9, false), INVALID_IOASID);
		break;
	case IOASID_NOTIFY_UNBIND:
		EXPECT(ioasid_free(args->set, args->id), 0);
		EXPECT(ioasid_free(args->set, args->id), 0);
		break;
	case IOASID_NOTIFY_FREE:
		EXPECT(ioasid_put_locked(args->set, args->id), false);
		break;
	}
}

static void note(struct recorder *self, unsigned long val, const struct ioasid_nb_args *args)
{
	u64 *order = self->arg;

	*order = *order << 4 | val;
	EXPECT(args->spid, val == IOASID_NOTIFY_BIND || val == IOASID_NOTIFY_UNBIND ? 9 :
	       INVALID_IOASID);
}

static void handler_calls_api(void)
{
	struct ioasid_set *set = kernel_set();
	struct recorder first, last;
	u64 order = 0;

	recorder_init(&first, IOASID_PRIO_CPU);
	first.act = cause_next;
	recorder_init(&last, IOASID_PRIO_LAST);
	last.act = note;
	last.arg = &order;
	EXPECT(ioasid_register_notifier(set, &first.nb), 0);
	EXPECT(ioasid_register_notifier(set, &last.nb), 0);
	EXPECT(ioasid_alloc(set, 1, 100, NULL), 1);
	EXPECT(order, IOASID_NOTIFY_ALLOC << 12 | IOASID_NOTIFY_BIND << 8 |
	       IOASID_NOTIFY_UNBIND << 4 | IOASID_NOTIFY_FREE);
	EXPECT(state_of(1), NO_STATE);
	EXPECT(ioasid_unregister_notifier(set, &first.nb), 0);
	EXPECT(ioasid_unregister_notifier(set, &last.nb), 0);
	EXPECT(ioasid_set_free(set), 0);
}

/*
 * A device driver: notified of the FREE, it tears down in a context that may
 * sleep.
 */
struct teardown {
	struct work_struct work;
	struct ioasid_set *set;
	ioasid_t id;
	int order;
	bool reclaimed;
};

static atomic_t torn_down = ATOMIC_INIT(0);

static void tear_down(struct work_struct *work)
{
	struct teardown *teardown = container_of(work, struct teardown, work);

	if (!teardown->order)
		msleep(20);
	teardown->order = atomic_inc_return(&torn_down);
	teardown->reclaimed = ioasid_put(teardown->set, teardown->id);
}

static void queue_tear_down(struct recorder *self, unsigned long val,
			    const struct ioasid_nb_args *args)
{
	struct teardown *teardown = args->pdata;

	if (val == IOASID_NOTIFY_FREE)
		EXPECT(ioasid_queue_work(&teardown->work), true);
}

static void free_before_unbind(void)
{
	struct ioasid_set *set = kernel_set();
	struct teardown *teardowns = kcalloc(8, sizeof(*teardowns), GFP_KERNEL);
	struct recorder device;

	EXPECT(!teardowns, false);
	atomic_set(&torn_down, 0);
	recorder_init(&device, IOASID_PRIO_DEVICE);
	device.act = queue_tear_down;
	EXPECT(ioasid_register_notifier(set, &device.nb), 0);
	for (int i = 0; i < 8; i++) {
		INIT_WORK(&teardowns[i].work, tear_down);
		teardowns[i].set = set;
		teardowns[i].id = ioasid_alloc(set, 1, 100, &teardowns[i]);
		EXPECT(ioasid_get(set, teardowns[i].id), 0);
	}
	ioasid_free_all_in_set(set);
	EXPECT(ioasid_set_free(set), -EBUSY);
	flush_work(&teardowns[7].work);
	for (int i = 0; i < 8; i++) {
		EXPECT(teardowns[i].order, i + 1);
		EXPECT(teardowns[i].reclaimed, true);
	}
	EXPECT(ioasid_unregister_notifier(set, &device.nb), 0);
	EXPECT(ioasid_set_free(set), 0);
	kfree(teardowns);
}

/*
 * Two threads use a few IOASIDs at random. For each of them a subscriber
 * receives a consistent sequence of events, and never two at the same time.
 */
#define RACE_IDS	4

enum life { LIFE_NONE, LIFE_THERE, LIFE_BOUND };

static struct {
	struct ioasid_set *set;
	atomic_t life[RACE_IDS + 1];
	atomic_t inside[RACE_IDS + 1];
	atomic_t freed[RACE_IDS + 1];
	atomic_t odd;
	struct completion done;
} race;

static void odd_unless(bool fine)
{
	if (!fine)
		atomic_inc(&race.odd);
}

static void check_life(struct recorder *self, unsigned long val, const struct ioasid_nb_args *args)
{
	atomic_t *life = &race.life[args->id];

	odd_unless(atomic_inc_return(&race.inside[args->id]) == 1);
	switch (val) {
	case IOASID_NOTIFY_ALLOC:
		atomic_set(life, LIFE_THERE);	/* the previous state ended with FREE */
		odd_unless(atomic_xchg(&race.freed[args->id], 0) == 1);
		break;
	case IOASID_NOTIFY_BIND:
		odd_unless(atomic_xchg(life, LIFE_BOUND) == LIFE_THERE);
		odd_unless(!atomic_read(&race.freed[args->id]));
		break;
	case IOASID_NOTIFY_UNBIND:
		odd_unless(atomic_xchg(life, LIFE_THERE) == LIFE_BOUND);
		break;
	case IOASID_NOTIFY_FREE:
		odd_unless(atomic_xchg(&race.freed[args->id], 1) == 0);
		break;
	}
	atomic_dec(&race.inside[args->id]);
}

static int race_thread(void *seed)
{
	u32 random = (unsigned long)seed;

	for (int i = 0; i < 100000; i++) {
		ioasid_t id;

		random = random * 1664525 + 1013904223;
		id = 1 + (random >> 16) % RACE_IDS;
		switch ((random >> 24) % 6) {
		case 0:
			ioasid_alloc(race.set, 1, RACE_IDS, NULL);
			break;
		case 1:
			ioasid_free(race.set, id);
			break;
		case 2:
			ioasid_attach_spid(race.set, id, (random >> 8) % 3);
			break;
		case 3:
			ioasid_detach_spid(race.set, id);
			break;
		case 4:
			id = ioasid_find_by_spid(race.set, (random >> 8) % 3, true);
			if (id != INVALID_IOASID)
				ioasid_put(race.set, id);
			break;
		case 5:
			if (!ioasid_get(race.set, id))
				ioasid_put(race.set, id);
			break;
		}
		if (i % 64 == 0)
			cond_resched();
	}
	complete(&race.done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void notify_race(void)
{
	struct task_struct *threads[2];
	struct recorder recorder;

	race.set = kernel_set();
	recorder_init(&recorder, IOASID_PRIO_CPU);
	recorder.act = check_life;
	atomic_set(&race.odd, 0);
	for (int i = 0; i <= RACE_IDS; i++) {
		atomic_set(&race.life[i], LIFE_NONE);
		atomic_set(&race.inside[i], 0);
		atomic_set(&race.freed[i], 1);
	}
	EXPECT(ioasid_register_notifier(race.set, &recorder.nb), 0);
	init_completion(&race.done);
	for (int i = 0; i < 2; i++) {
		threads[i] = kthread_run(race_thread, (void *)(i + 1ul), "ioasid_race");
		EXPECT(PTR_ERR_OR_ZERO(threads[i]), 0);
	}
	/* A thread that is stopped before it starts would never run. */
	for (int i = 0; i < 2; i++)
		if (!IS_ERR(threads[i]))
			wait_for_completion(&race.done);
	for (int i = 0; i < 2; i++)
		if (!IS_ERR(threads[i]))
			kthread_stop(threads[i]);
	ioasid_free_all_in_set(race.set);
	EXPECT(atomic_read(&race.odd), 0);
	EXPECT(recorder.seen[IOASID_NOTIFY_BIND] > 100, true);
	EXPECT(ioasid_unregister_notifier(race.set, &recorder.nb), 0);
	EXPECT(ioasid_set_free(race.set), 0);
}

const struct selftest_case notify_cases[] = {
	{ "guest", guest },
	{ "notify_scope", notify_scope },
	{ "notify_order", notify_order },
	{ "notify_register", notify_register },
	{ "notify_mm", notify_mm },
	{ "handler_drops_last", handler_drops_last },
	{ "handler_calls_api", handler_calls_api },
	{ "free_before_unbind", free_before_unbind },
	{ "notify_race", notify_race },
	{}
};
