/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IOASIDs (PASIDs) for other kernel modules: allocate, share, look up and free.
 *
 * An IOASID is FREE, IDLE (held only by the core), ACTIVE (users hold
 * references) or FREE_PENDING (freed while users held references: no new user
 * is admitted, and the last put reclaims it). The holder can always free it.
 *
 * "Context" says where a function may be called. The core holds no lock while
 * it calls a notifier: a function with "Context: Any" may be called from a
 * handler, even for the IOASID that the handler is notified about.
 *
 * A module that calls these functions holds a reference on the core module.
 * Before it is unloaded, it must unregister everything it registered and put
 * every reference it holds.
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
#define IOASID_BITS	20		/* width of a PASID on PCIe */
#define IOASID_LIMIT	((1u << IOASID_BITS) - 1)

/* --- Capacity ------------------------------------------------------------- */

/**
 * ioasid_install_capacity - set the number of IOASIDs that the system can have
 * @total: 1 to 2^IOASID_BITS (default: 2^IOASID_BITS); all IOASIDs are below it
 *
 * Can be called once, before IOASIDs from @total on are allocated.
 *
 * Context: May sleep.
 * Return: 0; -EBUSY: already installed, or an IOASID from @total on exists;
 * -ENOSPC: more than @total are allocated or reserved; -EINVAL: out of range.
 */
int ioasid_install_capacity(ioasid_t total);

/**
 * ioasid_reserve_capacity - reserve IOASIDs so that others cannot allocate them
 * @nr: number of IOASIDs
 *
 * Context: Any.
 * Return: 0; -ENOSPC: fewer than @nr are left.
 */
int ioasid_reserve_capacity(ioasid_t nr);

/**
 * ioasid_cancel_capacity - return reserved IOASIDs
 * @nr: number of IOASIDs
 *
 * Context: Any.
 * Return: 0; -EINVAL: more than were reserved.
 */
int ioasid_cancel_capacity(ioasid_t nr);

/* --- Sets ----------------------------------------------------------------- */

/* Type of a set's token. A token is unique within its type. */
enum ioasid_set_type {
	IOASID_SET_TYPE_NULL,		/* the kernel's own pool: no token */
	IOASID_SET_TYPE_MM,		/* one per process: the token is its mm */
	IOASID_SET_TYPE_NR,
};

/**
 * ioasid_set_alloc - create a set
 * @token: the mm for IOASID_SET_TYPE_MM, NULL for IOASID_SET_TYPE_NULL
 * @quota: number of IOASIDs that the set may hold; they are reserved for the
 *	   set and returned when it is freed; 0: no quota, the set allocates
 *	   from what is left
 * @type: enum ioasid_set_type
 *
 * The set pins the mm_struct (so that no stale set matches after exec or exit),
 * but not the memory.
 *
 * Context: May sleep.
 * Return: the set with one reference for the caller, or an ERR_PTR: -EEXIST:
 * the mm has a set; -EINVAL: bad type or token, or no process uses the mm;
 * -ENOSPC: fewer than @quota are left; -ENOMEM.
 */
struct ioasid_set *ioasid_set_alloc(void *token, u32 quota, int type);

/**
 * ioasid_set_get - take a reference to a set
 * @set: a set that the caller holds a reference to
 *
 * Context: Any.
 */
void ioasid_set_get(struct ioasid_set *set);

/**
 * ioasid_set_put - drop a reference to a set
 * @set: the set
 *
 * Dropping the last reference frees the set. The IOASIDs of a set share one
 * reference, so the set is empty then.
 *
 * Context: Any.
 */
void ioasid_set_put(struct ioasid_set *set);

/**
 * ioasid_set_free - drop a reference to a set, unless it has IOASIDs
 * @set: the set
 *
 * Context: Any.
 * Return: 0; -EBUSY: the set has IOASIDs (FREE_PENDING ones count), and the
 * reference is not dropped.
 */
int ioasid_set_free(struct ioasid_set *set);

/**
 * ioasid_adjust_set - change the quota of a set
 * @set: the set
 * @quota: as for ioasid_set_alloc()
 *
 * Context: Any.
 * Return: 0; -ENOSPC: not enough are left; -EINVAL: the set holds more.
 */
int ioasid_adjust_set(struct ioasid_set *set, u32 quota);

/**
 * ioasid_find_mm_set - find the set of a process
 * @mm: mm of the process
 *
 * Context: Any, lock-free.
 * Return: the set with a reference, or NULL.
 */
struct ioasid_set *ioasid_find_mm_set(struct mm_struct *mm);

/**
 * ioasid_get_mm_set - find or create the set of a process
 * @mm: mm of the process
 *
 * For drivers that allocate on behalf of a process. Allocations from this set
 * are charged to the cgroup of the process, regardless of the caller.
 *
 * Context: May sleep.
 * Return: the set with a reference, or an ERR_PTR as for ioasid_set_alloc().
 */
struct ioasid_set *ioasid_get_mm_set(struct mm_struct *mm);

/**
 * ioasid_set_for_each_ioasid - call a function for each IOASID of a set
 * @set: the set
 * @fn: the function; may sleep and may free the IOASID it is called for
 * @arg: passed to @fn
 *
 * Safe against concurrent allocation and freeing.
 *
 * Context: May sleep.
 * Return: 0, or the first non-zero result of @fn, which ends the walk.
 */
int ioasid_set_for_each_ioasid(struct ioasid_set *set,
			       int (*fn)(struct ioasid_set *set, ioasid_t id, void *arg),
			       void *arg);

/**
 * ioasid_free_all_in_set - free all IOASIDs of a set, in unspecified order
 * @set: the set
 *
 * Context: Any.
 */
void ioasid_free_all_in_set(struct ioasid_set *set);

/* --- One IOASID ----------------------------------------------------------- */

/**
 * ioasid_alloc - allocate one IOASID
 * @set: set to allocate from; a process's set is charged to its cgroup
 * @min: lowest IOASID to allocate (0 is never allocated)
 * @max: highest IOASID to allocate, below the capacity
 * @private: data of the holder, see ioasid_find()
 *
 * Context: May sleep.
 * Return: the IOASID; -EINVAL: bad range; -ENOSPC: none is free in the range,
 * or the capacity or the set's quota is reached; -EDQUOT, -EAGAIN, -EPERM:
 * denied by the policy; -ENOMEM.
 */
int ioasid_alloc(struct ioasid_set *set, ioasid_t min, ioasid_t max, void *private);

/**
 * ioasid_free - free an IOASID
 * @set: the IOASID must belong to this set; NULL: any set
 * @id: the IOASID
 *
 * An IOASID with users becomes FREE_PENDING. Freeing it again has no effect.
 *
 * Context: Any.
 * Return: 0; -ENOENT: no such IOASID; -EACCES: not in @set.
 */
int ioasid_free(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_get - take a user's reference to an IOASID
 * @set: the IOASID must belong to this set; NULL: any set
 * @id: the IOASID
 *
 * Context: Any, lock-free.
 * Return: 0; -ENOENT: no such IOASID; -EBUSY: FREE_PENDING; -EACCES: not in
 * @set.
 */
int ioasid_get(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_put - drop a user's reference to an IOASID
 * @set: the IOASID must belong to this set, otherwise nothing is done; NULL:
 *	   any
 * @id: the IOASID
 *
 * A put without a get is refused with a warning.
 *
 * Context: Any.
 * Return: true if this call reclaimed the IOASID.
 */
bool ioasid_put(struct ioasid_set *set, ioasid_t id);

/*
 * Variants for notifiers. No lock is held in a notifier, so they are the same.
 */
static inline int ioasid_get_locked(struct ioasid_set *set, ioasid_t id)
{
	return ioasid_get(set, id);
}

static inline bool ioasid_put_locked(struct ioasid_set *set, ioasid_t id)
{
	return ioasid_put(set, id);
}

/**
 * ioasid_get_if_owned - ioasid_get() if the calling process holds the IOASID
 * @id: the IOASID
 *
 * Context: Process context of the holder.
 * Return: as ioasid_get(); -EPERM: not in the set of the calling process.
 */
int ioasid_get_if_owned(ioasid_t id);

/**
 * ioasid_find - get the holder's data of an IOASID
 * @set: the IOASID must belong to this set; NULL: any set
 * @id: the IOASID
 * @getter: called under RCU with the data, to take a reference on it; NULL is
 *	   returned if it returns false. NULL: the caller is in an RCU read-side
 *	   critical section, or ensures by other means that the data stays valid
 *
 * Context: Any, lock-free.
 * Return: the data, NULL if there is none, or an ERR_PTR: -ENOENT: no such
 * IOASID; -EBUSY: FREE_PENDING; -EACCES: not in @set.
 */
void *ioasid_find(struct ioasid_set *set, ioasid_t id, bool (*getter)(void *private));

/**
 * ioasid_attach_data - attach the holder's data to an IOASID
 * @set: the IOASID must belong to this set; NULL: any set
 * @id: the IOASID
 * @data: the data
 *
 * Context: Any.
 * Return: 0; -EBUSY: FREE_PENDING, or it has data; -EINVAL: @data is NULL;
 * -ENOENT: no such IOASID; -EACCES: not in @set.
 */
int ioasid_attach_data(struct ioasid_set *set, ioasid_t id, void *data);

/**
 * ioasid_detach_data - detach the holder's data from an IOASID
 * @set: the IOASID must belong to this set; NULL: any set
 * @id: the IOASID, FREE_PENDING or not
 *
 * No getter uses the data after this returns.
 *
 * Context: May sleep.
 * Return: 0; -ENOENT: no such IOASID, or it has no data; -EACCES: not in @set.
 */
int ioasid_detach_data(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_detach_data_locked - ioasid_detach_data() without waiting
 * @set: the IOASID must belong to this set; NULL: any set
 * @id: the IOASID, FREE_PENDING or not
 *
 * Getters may still use the data: free it only after an RCU grace period.
 *
 * Context: Any.
 * Return: as ioasid_detach_data().
 */
int ioasid_detach_data_locked(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_attach_spid - attach a set-private ID (SPID) to an IOASID
 * @set: the set
 * @id: the IOASID
 * @spid: the SPID
 *
 * Sends IOASID_NOTIFY_BIND to the subscribers of the set.
 *
 * Context: Any.
 * Return: 0; -ENOENT: no such IOASID; -EBUSY: FREE_PENDING, or it has an SPID;
 * -EEXIST: the set already has @spid; -EINVAL: invalid @spid; -EACCES: not in
 * @set; -ENOMEM.
 */
int ioasid_attach_spid(struct ioasid_set *set, ioasid_t id, ioasid_t spid);

/**
 * ioasid_detach_spid - detach the SPID from an IOASID
 * @set: the set
 * @id: the IOASID
 *
 * Sends IOASID_NOTIFY_UNBIND to the subscribers of the set, then removes the
 * SPID. If IOASID_NOTIFY_BIND is still being sent (for example, when a handler
 * calls this function), IOASID_NOTIFY_UNBIND is sent after all subscribers have
 * received it.
 *
 * Context: Any.
 * Return: 0; -ENOENT: no such IOASID, or it has no SPID; -EACCES: not in @set.
 */
int ioasid_detach_spid(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_find_by_spid - find the IOASID with an SPID
 * @set: the set
 * @spid: the SPID
 * @get: take a user's reference
 *
 * The cost does not depend on the size of the set. FREE_PENDING IOASIDs are not
 * found.
 *
 * Context: Any, lock-free.
 * Return: the IOASID, or INVALID_IOASID.
 */
ioasid_t ioasid_find_by_spid(struct ioasid_set *set, ioasid_t spid, bool get);

/* --- Diagnostics (<ioasid/types.h>) --------------------------------------- */

/**
 * ioasid_query - read the current state of an IOASID
 * @id: the IOASID
 * @row: filled in
 *
 * Context: Any, lock-free.
 * Return: 0; -ENOENT: no such IOASID.
 */
int ioasid_query(ioasid_t id, struct ioasid_row *row);

/**
 * ioasid_read_system - read the current state of the system
 * @row: filled in
 *
 * Context: Any, lock-free.
 */
void ioasid_read_system(struct ioasid_system_row *row);

/* --- Notifications -------------------------------------------------------- */

enum ioasid_notify_val {
	IOASID_NOTIFY_ALLOC = 1,	/* to the set: allocated */
	IOASID_NOTIFY_FREE,		/* to the set and globally: no new users */
	IOASID_NOTIFY_BIND,		/* to the set: an SPID was attached */
	IOASID_NOTIFY_UNBIND,		/* to the set: SPID is being detached */
};

/*
 * Values for notifier_block.priority. Subscribers of the set and global ones
 * are called in one common order, highest priority first.
 */
enum ioasid_notifier_prios {
	IOASID_PRIO_LAST,
	IOASID_PRIO_DEVICE,
	IOASID_PRIO_IOMMU,
	IOASID_PRIO_CPU,
};

/* Data passed to a handler; valid during the call. */
struct ioasid_nb_args {
	ioasid_t id;
	ioasid_t spid;			/* INVALID_IOASID: none */
	struct ioasid_set *set;
	void *pdata;			/* data of the holder, or NULL */
};

/**
 * ioasid_register_notifier - subscribe to the IOASIDs of a set, or of all sets
 * @set: the set, which is referenced until unregistering; NULL: all, FREE only
 * @nb: the notifier; it can be registered on several sets
 *
 * Handlers are called one after the other under RCU and must not sleep; use
 * ioasid_queue_work() for work that sleeps. Their return value is ignored. The
 * events of one IOASID are ordered: ALLOC, then alternating BIND and UNBIND,
 * and FREE once; UNBIND may also follow FREE. Reclaiming is not notified, only
 * FREE.
 *
 * Context: May sleep.
 * Return: 0; -EBUSY: already registered, or @set has IOASIDs; -EINVAL; -ENOMEM.
 */
int ioasid_register_notifier(struct ioasid_set *set, struct notifier_block *nb);

/**
 * ioasid_unregister_notifier - unsubscribe from a set, or from all sets
 * @set: the set, or NULL, as registered
 * @nb: the notifier
 *
 * No handler is running when this returns.
 *
 * Context: May sleep.
 * Return: 0; -ENOENT: not registered.
 */
int ioasid_unregister_notifier(struct ioasid_set *set, struct notifier_block *nb);

/**
 * ioasid_register_notifier_mm - subscribe to the IOASIDs of a process
 * @mm: mm of the process
 * @nb: the notifier
 *
 * Can be called before the process has a set. The notifier is registered on the
 * set when it is created, and again on a later set. Holds no reference to the
 * set, but pins the mm_struct.
 *
 * Context: May sleep.
 * Return: as ioasid_register_notifier().
 */
int ioasid_register_notifier_mm(struct mm_struct *mm, struct notifier_block *nb);

/**
 * ioasid_unregister_notifier_mm - unsubscribe from a process
 * @mm: mm of the process
 * @nb: the notifier
 *
 * Context: May sleep.
 * Return: as ioasid_unregister_notifier().
 */
int ioasid_unregister_notifier_mm(struct mm_struct *mm, struct notifier_block *nb);

/**
 * ioasid_queue_work - run work in a context that may sleep
 * @work: the work
 *
 * Work items run one at a time, in the order they were queued. Unloading the
 * core waits for them. A module must wait for its own (flush_work()) before it
 * frees them or is unloaded.
 *
 * Context: Any.
 * Return: false: already queued.
 */
bool ioasid_queue_work(struct work_struct *work);

/* --- Custom allocators ---------------------------------------------------- */

/**
 * struct ioasid_allocator_ops - custom source of IOASIDs
 * @alloc: returns an IOASID from @min to @max, or INVALID_IOASID; may sleep
 * @free: returns an IOASID; any context, must not sleep
 * @pdata: passed to both
 * @list: used by the core
 *
 * Allocators with the same @alloc and @free share one ID space: an IOASID that
 * one of them allocated can be freed by the other.
 */
struct ioasid_allocator_ops {
	ioasid_t (*alloc)(ioasid_t min, ioasid_t max, void *pdata);
	void (*free)(ioasid_t id, void *pdata);
	void *pdata;
	struct list_head list;
};

/**
 * ioasid_register_allocator - register a custom allocator
 * @ops: the allocator
 *
 * The first registered allocator is active; the others are used when it is
 * unregistered.
 *
 * Context: May sleep.
 * Return: 0; -EAGAIN: IOASIDs of the default allocator are in use; -EEXIST:
 * already registered; -EINVAL: a function is missing.
 */
int ioasid_register_allocator(struct ioasid_allocator_ops *ops);

/**
 * ioasid_unregister_allocator - unregister a custom allocator
 * @ops: the allocator
 *
 * If it was active, the next registered allocator with the same functions
 * becomes active and takes over the IOASIDs in use; if there is none, the next
 * registered allocator, otherwise the default allocator. @ops is not used any
 * more when this has returned 0.
 *
 * Context: May sleep.
 * Return: 0; -EBUSY: its IOASIDs are in use and no other allocator has the same
 * functions; -ENOENT: not registered.
 */
int ioasid_unregister_allocator(struct ioasid_allocator_ops *ops);

#endif /* IOASID_H */
