/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOASIDs (PASIDs) for other kernel modules: allocate, share, find, free.
 *
 * An IOASID is FREE, IDLE (only the core holds it), ACTIVE (users hold
 * references) or FREE_PENDING (freed while users held references: nothing new
 * may start, the last put reclaims it). Free always succeeds for the owner.
 *
 * "Context" says where a function may be called. The core holds no lock while it calls a notifier: whatever is for any context may
 * be called from a handler, also for the IOASID that the handler is told about.
 *
 * A module that uses any of this pins the core by it; it must have undone what
 * it registered, and put what it holds, before it goes.
 */
#ifndef IOASID_H
#define IOASID_H

#include <linux/notifier.h>
#include <linux/types.h>

struct ioasid_row;
struct ioasid_set;
struct ioasid_system_row;
struct mm_struct;
struct work_struct;

typedef u32 ioasid_t;
#define INVALID_IOASID	((ioasid_t)-1)
#define IOASID_BITS	20		/* PCIe's width of a PASID */
#define IOASID_LIMIT	((1u << IOASID_BITS) - 1)

/* --- Capacity ------------------------------------------------------------- */

/**
 * ioasid_install_capacity - say how many IOASIDs the system can have
 * @total: 1 to 2^IOASID_BITS, which is the default; all numbers are below it
 *
 * Once, before there are IOASIDs above.
 *
 * Context: May sleep.
 * Return: 0; -EBUSY: installed already, or there is an IOASID from @total on;
 * -ENOSPC: more than @total is given out; -EINVAL: out of range.
 */
int ioasid_install_capacity(ioasid_t total);

/**
 * ioasid_reserve_capacity - keep IOASIDs from being allocated by others
 * @nr: how many
 *
 * Context: Any.
 * Return: 0; -ENOSPC: not that many are left.
 */
int ioasid_reserve_capacity(ioasid_t nr);

/**
 * ioasid_cancel_capacity - give up what was reserved
 * @nr: how many
 *
 * Context: Any.
 * Return: 0; -EINVAL: more than was reserved.
 */
int ioasid_cancel_capacity(ioasid_t nr);

/* --- Sets ----------------------------------------------------------------- */

/* What the token of a set is; a token is unique in its type. */
enum ioasid_set_type {
	IOASID_SET_TYPE_NULL,		/* the kernel's own pool: no token */
	IOASID_SET_TYPE_MM,		/* one per process: the token is its mm */
	IOASID_SET_TYPE_NR,
};

/**
 * ioasid_set_alloc - make a set
 * @token: the mm for IOASID_SET_TYPE_MM, NULL for IOASID_SET_TYPE_NULL
 * @quota: IOASIDs the set may hold at once, set aside for it and returned with
 *	   it; 0: no quota of its own, it takes what it needs while there is any
 * @type: enum ioasid_set_type
 *
 * The mm's identity is pinned (no stale match after exec or exit), its memory
 * is not.
 *
 * Context: May sleep.
 * Return: the set with one reference for the caller, or an ERR_PTR: -EEXIST: the
 * mm has a set; -EINVAL: bad type or token, or no process has the mm; -ENOSPC:
 * @quota is more than what is left; -ENOMEM.
 */
struct ioasid_set *ioasid_set_alloc(void *token, u32 quota, int type);

/**
 * ioasid_set_get - take a reference to a set
 * @set: a set that the caller holds
 *
 * Context: Any.
 */
void ioasid_set_get(struct ioasid_set *set);

/**
 * ioasid_set_put - drop a reference to a set
 * @set: the set
 *
 * The last reference frees an empty set; the IOASIDs in it hold one together.
 *
 * Context: Any.
 */
void ioasid_set_put(struct ioasid_set *set);

/**
 * ioasid_set_free - drop what is meant to be the last reference
 * @set: the set
 *
 * Context: Any.
 * Return: 0; -EBUSY: there are IOASIDs in it (FREE_PENDING ones count), and the
 * reference is not dropped.
 */
int ioasid_set_free(struct ioasid_set *set);

/**
 * ioasid_adjust_set - change the quota of a set
 * @set: the set
 * @quota: as for ioasid_set_alloc()
 *
 * Context: Any.
 * Return: 0; -ENOSPC: not that many are left; -EINVAL: the set holds more.
 */
int ioasid_adjust_set(struct ioasid_set *set, u32 quota);

/**
 * ioasid_find_mm_set - the set of a process
 * @mm: the process's
 *
 * Context: Any, lock-free.
 * Return: the set with a reference, or NULL.
 */
struct ioasid_set *ioasid_find_mm_set(struct mm_struct *mm);

/**
 * ioasid_get_mm_set - the set of a process, made when there is none
 * @mm: the process's
 *
 * The way for a driver that allocates on a process's behalf: the process's
 * cgroup pays for what is allocated from this set, whoever calls.
 *
 * Context: May sleep.
 * Return: the set with a reference, or an ERR_PTR as for ioasid_set_alloc().
 */
struct ioasid_set *ioasid_get_mm_set(struct mm_struct *mm);

/**
 * ioasid_set_for_each_ioasid - call a function for every IOASID of a set
 * @set: the set
 * @fn: the function; may sleep, and may free what it is called for
 * @arg: passed to @fn
 *
 * Safe against concurrent allocation and freeing.
 *
 * Context: May sleep.
 * Return: 0, or the first other answer of @fn, which ends the walk.
 */
int ioasid_set_for_each_ioasid(struct ioasid_set *set,
			       int (*fn)(struct ioasid_set *set, ioasid_t id, void *arg),
			       void *arg);

/**
 * ioasid_free_all_in_set - free every IOASID of a set, in no given order
 * @set: the set
 *
 * Context: Any.
 */
void ioasid_free_all_in_set(struct ioasid_set *set);

/* --- One IOASID ----------------------------------------------------------- */

/**
 * ioasid_alloc - allocate one IOASID
 * @set: who holds it; a process's set pays with its cgroup
 * @min: lowest number wanted (0 is never given)
 * @max: highest number wanted, below the capacity
 * @private: the holder's own data, see ioasid_find()
 *
 * Context: May sleep.
 * Return: the IOASID; -EINVAL: bad range; -ENOSPC: none free in the range,
 * capacity or the set's quota reached; -EDQUOT, -EAGAIN, -EPERM: the policy
 * refuses; -ENOMEM.
 */
int ioasid_alloc(struct ioasid_set *set, ioasid_t min, ioasid_t max, void *private);

/**
 * ioasid_free - free an IOASID
 * @set: refuse an IOASID of any other set; NULL: do not care
 * @id: the IOASID
 *
 * With users left it becomes FREE_PENDING; freeing it again does nothing.
 *
 * Context: Any.
 * Return: 0; -ENOENT: no such IOASID; -EACCES: not of @set.
 */
int ioasid_free(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_get - become a user of an IOASID
 * @set: refuse an IOASID of any other set; NULL: do not care
 * @id: the IOASID
 *
 * Context: Any, lock-free.
 * Return: 0; -ENOENT: no such IOASID; -EBUSY: FREE_PENDING; -EACCES: not of @set.
 */
int ioasid_get(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_put - stop being a user of an IOASID
 * @set: do nothing to an IOASID of any other set; NULL: do not care
 * @id: the IOASID
 *
 * A put without a get is refused with a warning.
 *
 * Context: Any.
 * Return: whether this reclaimed the IOASID.
 */
bool ioasid_put(struct ioasid_set *set, ioasid_t id);

/* The names for use in a notifier. No lock is held there: they are the same. */
static inline int ioasid_get_locked(struct ioasid_set *set, ioasid_t id)
{
	return ioasid_get(set, id);
}

static inline bool ioasid_put_locked(struct ioasid_set *set, ioasid_t id)
{
	return ioasid_put(set, id);
}

/**
 * ioasid_get_if_owned - ioasid_get() for the process that holds the IOASID
 * @id: the IOASID
 *
 * Context: That of the process.
 * Return: as ioasid_get(); -EPERM: it is not of the calling process's set.
 */
int ioasid_get_if_owned(ioasid_t id);

/**
 * ioasid_find - the holder's own data
 * @set: refuse an IOASID of any other set; NULL: do not care
 * @id: the IOASID
 * @getter: called under RCU with the data, to take a reference on it; when it
 *	    says false, NULL is returned. NULL: the caller is under RCU, or knows
 *
 * Context: Any, lock-free.
 * Return: the data, NULL when there is none, or an ERR_PTR: -ENOENT: no such
 * IOASID; -EBUSY: FREE_PENDING; -EACCES: not of @set.
 */
void *ioasid_find(struct ioasid_set *set, ioasid_t id, bool (*getter)(void *private));

/**
 * ioasid_attach_data - give an IOASID the holder's own data
 * @set: refuse an IOASID of any other set; NULL: do not care
 * @id: the IOASID
 * @data: the data
 *
 * Context: Any.
 * Return: 0; -EBUSY: FREE_PENDING, or it has data; -EINVAL: @data is NULL;
 * -ENOENT: no such IOASID; -EACCES: not of @set.
 */
int ioasid_attach_data(struct ioasid_set *set, ioasid_t id, void *data);

/**
 * ioasid_detach_data - take the holder's own data away
 * @set: refuse an IOASID of any other set; NULL: do not care
 * @id: the IOASID, FREE_PENDING or not
 *
 * No getter sees the data any more when this returns.
 *
 * Context: May sleep.
 * Return: 0; -ENOENT: no such IOASID, or it has no data; -EACCES: not of @set.
 */
int ioasid_detach_data(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_detach_data_locked - ioasid_detach_data() that does not wait
 * @set: refuse an IOASID of any other set; NULL: do not care
 * @id: the IOASID, FREE_PENDING or not
 *
 * Free the data after a grace period: getters may still see it.
 *
 * Context: Any.
 * Return: as ioasid_detach_data().
 */
int ioasid_detach_data_locked(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_attach_spid - give an IOASID an ID private to its set
 * @set: the set
 * @id: the IOASID
 * @spid: the private ID
 *
 * Announces BIND to the set.
 *
 * Context: Any.
 * Return: 0; -ENOENT: no such IOASID; -EBUSY: FREE_PENDING, or it has one;
 * -EEXIST: the set has @spid already; -EINVAL: not an ID; -EACCES: not of @set;
 * -ENOMEM.
 */
int ioasid_attach_spid(struct ioasid_set *set, ioasid_t id, ioasid_t spid);

/**
 * ioasid_detach_spid - take the private ID away
 * @set: the set
 * @id: the IOASID
 *
 * Announces UNBIND to the set, then takes the SPID away. Called while BIND is
 * being announced (by a handler, say), UNBIND follows when everybody knows of
 * the BIND.
 *
 * Context: Any.
 * Return: 0; -ENOENT: no such IOASID, or it has no SPID; -EACCES: not of @set.
 */
int ioasid_detach_spid(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_find_by_spid - the IOASID that a set knows by a private ID
 * @set: the set
 * @spid: the private ID
 * @get: become a user of it
 *
 * The cost does not depend on the size of the set. FREE_PENDING is not found.
 *
 * Context: Any, lock-free.
 * Return: the IOASID, or INVALID_IOASID.
 */
ioasid_t ioasid_find_by_spid(struct ioasid_set *set, ioasid_t spid, bool get);

/* --- Looking, for diagnostics (<ioasid/types.h>) --------------------------- */

/**
 * ioasid_query - one IOASID as it is now
 * @id: the IOASID
 * @row: filled in
 *
 * Context: Any, lock-free.
 * Return: 0; -ENOENT: no such IOASID.
 */
int ioasid_query(ioasid_t id, struct ioasid_row *row);

/**
 * ioasid_read_system - the system as it is now
 * @row: filled in
 *
 * Context: Any, lock-free.
 */
void ioasid_read_system(struct ioasid_system_row *row);

/* --- Notifications -------------------------------------------------------- */

enum ioasid_notify_val {
	IOASID_NOTIFY_ALLOC = 1,	/* to the set: it is there */
	IOASID_NOTIFY_FREE,		/* to the set and to all: nothing new may start */
	IOASID_NOTIFY_BIND,		/* to the set: it got an SPID */
	IOASID_NOTIFY_UNBIND,		/* to the set: it is losing its SPID */
};

/* notifier_block.priority: who is told first, over set and global chain together. */
enum ioasid_notifier_prios {
	IOASID_PRIO_LAST,
	IOASID_PRIO_DEVICE,
	IOASID_PRIO_IOMMU,
	IOASID_PRIO_CPU,
};

/* What a handler gets as its data; valid during the call. */
struct ioasid_nb_args {
	ioasid_t id;
	ioasid_t spid;			/* INVALID_IOASID: it has none */
	struct ioasid_set *set;
	void *pdata;			/* the holder's own data, or NULL */
};

/**
 * ioasid_register_notifier - be told about the IOASIDs of a set, or of all sets
 * @set: the set, which is held until unregistering; NULL: all, FREE only
 * @nb: whom to tell; the same one can be registered on several sets
 *
 * Handlers are called one after the other under RCU and must not sleep; work
 * that does goes to ioasid_queue_work(). What they return is not looked at. For
 * one IOASID the order of events is ALLOC, then BIND and UNBIND in turn, FREE
 * once; UNBIND may also follow FREE. Reclaiming is not announced: FREE was.
 *
 * Context: May sleep.
 * Return: 0; -EBUSY: registered already, or @set has IOASIDs; -EINVAL; -ENOMEM.
 */
int ioasid_register_notifier(struct ioasid_set *set, struct notifier_block *nb);

/**
 * ioasid_unregister_notifier - be told no more
 * @set: the set, or NULL, as it was registered
 * @nb: the notifier
 *
 * No handler runs any more when this returns.
 *
 * Context: May sleep.
 * Return: 0; -ENOENT: not registered.
 */
int ioasid_unregister_notifier(struct ioasid_set *set, struct notifier_block *nb);

/**
 * ioasid_register_notifier_mm - be told about the IOASIDs of a process
 * @mm: the process's
 * @nb: whom to tell
 *
 * Whether it has a set yet or not: waits for one, is registered on it, waits
 * again when it goes. Does not hold the set; pins the mm's identity.
 *
 * Context: May sleep.
 * Return: as ioasid_register_notifier().
 */
int ioasid_register_notifier_mm(struct mm_struct *mm, struct notifier_block *nb);

/**
 * ioasid_unregister_notifier_mm - be told about a process no more
 * @mm: the process's
 * @nb: the notifier
 *
 * Context: May sleep.
 * Return: as ioasid_unregister_notifier().
 */
int ioasid_unregister_notifier_mm(struct mm_struct *mm, struct notifier_block *nb);

/**
 * ioasid_queue_work - do work where it may sleep
 * @work: the work
 *
 * What was queued first is done first, one at a time. Unloading waits for it, and
 * so must whoever frees @work, or goes before it is done (flush_work()).
 *
 * Context: Any.
 * Return: false: it is queued already.
 */
bool ioasid_queue_work(struct work_struct *work);

/* --- Custom allocators ---------------------------------------------------- */

/**
 * struct ioasid_allocator_ops - where the numbers come from instead
 * @alloc: a number from @min to @max, or INVALID_IOASID; may sleep
 * @free: gives one back; any context, must not sleep
 * @pdata: given to both
 * @list: the core's
 *
 * Allocators with the same @alloc and @free share one ID space: a number that
 * one gave out can be given back to the other.
 */
struct ioasid_allocator_ops {
	ioasid_t (*alloc)(ioasid_t min, ioasid_t max, void *pdata);
	void (*free)(ioasid_t id, void *pdata);
	void *pdata;
	struct list_head list;
};

/**
 * ioasid_register_allocator - get numbers from a custom allocator
 * @ops: the allocator
 *
 * The first one registered is in charge; the others wait for it to go.
 *
 * Context: May sleep.
 * Return: 0; -EAGAIN: the default allocator's numbers are in use; -EEXIST:
 * registered already; -EINVAL: a function is missing.
 */
int ioasid_register_allocator(struct ioasid_allocator_ops *ops);

/**
 * ioasid_unregister_allocator - get no more numbers from a custom allocator
 * @ops: the allocator
 *
 * If it was in charge, the next one is that shares its functions, and takes
 * over the numbers in use; or else the next one registered; or else the default
 * allocator. Nothing of @ops is used when this has returned 0.
 *
 * Context: May sleep.
 * Return: 0; -EBUSY: its numbers are in use and nobody shares its functions;
 * -ENOENT: not registered.
 */
int ioasid_unregister_allocator(struct ioasid_allocator_ops *ops);

#endif /* IOASID_H */
