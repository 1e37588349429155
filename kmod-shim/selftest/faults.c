// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run each call with its first allocation failing, then its second, and so on
 * until all succeed. A failing call returns -ENOMEM and changes nothing.
 */
#include <linux/sched/mm.h>

#include "fault.h"
#include "selftest.h"

static struct ioasid_set *set;
static struct recorder recorder;
static int id;

/* A call and its undo function; both use the variables above. */
struct fallible {
	int (*call)(void);
	void (*undo)(void);
};

static void sweep(const struct fallible *fallible, unsigned int least)
{
	struct ioasid_system_row before, after;
	unsigned int nth, left = 0;
	int ret;

	ioasid_read_system(&before);
	for (nth = 1; nth < 100 && !left; nth++) {
		ioasid_fault_set(nth);
		ret = fallible->call();
		left = ioasid_fault_left();
		ioasid_fault_set(0);
		EXPECT(ret < 0 ? ret : 0, left ? 0 : -ENOMEM);
		if (ret >= 0)
			fallible->undo();
		ioasid_read_system(&after);
		EXPECT(after.live, before.live);
		EXPECT(after.sets, before.sets);
	}
	EXPECT(nth - 2 >= least, true);
	EXPECT(nth < 100, true);
}

static int call_set_alloc(void)
{
	set = ioasid_set_alloc(NULL, 10, IOASID_SET_TYPE_NULL);
	return PTR_ERR_OR_ZERO(set);
}

static int call_mm_set(void)
{
	set = ioasid_get_mm_set(current->mm);
	return PTR_ERR_OR_ZERO(set);
}

static void undo_set(void)
{
	ioasid_set_put(set);
}

static void fault_sets(void)
{
	sweep(&(struct fallible){ call_set_alloc, undo_set }, 1);
	sweep(&(struct fallible){ call_mm_set, undo_set }, 2);
	EXPECT(ioasid_find_mm_set(current->mm), NULL);
}

static ioasid_t from;	/* IDs not used before: no tree nodes yet */

static int call_alloc(void)
{
	id = ioasid_alloc(set, from, from + 100, NULL);
	return id;
}

static void undo_alloc(void)
{
	EXPECT(ioasid_free(set, id), 0);
}

static int numbers;

static ioasid_t one_alloc(ioasid_t min, ioasid_t max, void *pdata)
{
	return numbers++ ? INVALID_IOASID : min;
}

static void one_free(ioasid_t number, void *pdata)
{
	numbers--;
}

static void fault_alloc(void)
{
	struct ioasid_allocator_ops ops = { .alloc = one_alloc, .free = one_free };

	from = 0x10000;
	set = ioasid_set_alloc(NULL, 1, IOASID_SET_TYPE_NULL);
	sweep(&(struct fallible){ call_alloc, undo_alloc }, 3);
	EXPECT(ioasid_set_free(set), 0);
	from = 0x20000;
	set = ioasid_get_mm_set(current->mm);
	sweep(&(struct fallible){ call_alloc, undo_alloc }, 3);
	from = 0x30000;
	numbers = 0;
	EXPECT(ioasid_register_allocator(&ops), 0);
	sweep(&(struct fallible){ call_alloc, undo_alloc }, 3);
	EXPECT(numbers, 0);
	EXPECT(ioasid_unregister_allocator(&ops), 0);
	EXPECT(ioasid_set_free(set), 0);
}

static int call_spid(void)
{
	return ioasid_attach_spid(set, id, 5);
}

static void undo_spid(void)
{
	EXPECT(ioasid_detach_spid(set, id), 0);
}

static void fault_spid(void)
{
	set = kernel_set();
	recorder_init(&recorder, IOASID_PRIO_LAST);
	EXPECT(ioasid_register_notifier(set, &recorder.nb), 0);
	id = ioasid_alloc(set, 1, 100, NULL);
	sweep(&(struct fallible){ call_spid, undo_spid }, 1);
	/* The failed attempts sent no notification. */
	EXPECT(recorder.seen[IOASID_NOTIFY_BIND], 1);
	EXPECT(recorder.seen[IOASID_NOTIFY_UNBIND], 1);
	EXPECT(refs_of(id), 1);
	EXPECT(ioasid_free(set, id), 0);
	EXPECT(ioasid_unregister_notifier(set, &recorder.nb), 0);
	EXPECT(ioasid_set_free(set), 0);
}

static int call_notifier(void)
{
	return ioasid_register_notifier(set, &recorder.nb);
}

static void undo_notifier(void)
{
	EXPECT(ioasid_unregister_notifier(set, &recorder.nb), 0);
}

static int call_notifier_mm(void)
{
	return ioasid_register_notifier_mm(current->mm, &recorder.nb);
}

static void undo_notifier_mm(void)
{
	EXPECT(ioasid_unregister_notifier_mm(current->mm, &recorder.nb), 0);
}

static void fault_notifiers(void)
{
	recorder_init(&recorder, IOASID_PRIO_LAST);
	set = NULL;
	sweep(&(struct fallible){ call_notifier, undo_notifier }, 1);
	set = kernel_set();
	sweep(&(struct fallible){ call_notifier, undo_notifier }, 1);
	EXPECT(ioasid_set_free(set), 0);
	sweep(&(struct fallible){ call_notifier_mm, undo_notifier_mm }, 1);
	set = ioasid_get_mm_set(current->mm);
	sweep(&(struct fallible){ call_notifier_mm, undo_notifier_mm }, 1);
	EXPECT(ioasid_set_free(set), 0);
}

const struct selftest_case fault_cases[] = {
	{ "fault_sets", fault_sets },
	{ "fault_alloc", fault_alloc },
	{ "fault_spid", fault_spid },
	{ "fault_notifiers", fault_notifiers },
	{}
};
