/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Internal objects, reference rules and locking order of the module. See
 * docs/object-graph.md for details.
 *
 *   ioasid_set      one per process, or the kernel's pool. Referenced by open
 *                   descriptors, callers and its IOASIDs.
 *   ioasid_data     one IOASID. Can be looked up from allocation to reclaim.
 *                   Referenced by the core (until freed) and by its users
 *                   (bindings, ...).
 *   ioasid_subscriber  a notifier of a set, a process or all sets. References
 *                   its set or pins its mm.
 *   ioasid_ioas     an I/O address space, see ioas.h. References its set and its
 *                   parent. Referenced by its descriptor, its attachments, its
 *                   children and calls.
 *   ioasid_fault_queue  faults and page requests of a descriptor. Referenced by
 *                   it and by the spaces that report to it.
 *   ioasid_device   a device that an hw backend registered. Lives until it is
 *                   unregistered.
 *   ioasid_binding  an attachment of a device to a space, with a PASID or
 *                   without. References its ioasid_data while it is live, its
 *                   device, its space and the space's set; stored in its
 *                   device's xarray. Referenced by its DMAs.
 *
 * Locks, outermost first; a lock may be taken while holding those above it:
 *
 *   cgroup_mutex              (the kernel's; held while a process is migrated)
 *   mmap_lock                 (the kernel's; first bind: the caller's; DMA: the target's)
 *   ioas->lock                mutex: mappings and page tables of a space, flushes
 *   allocators_lock           mutex: list of custom allocators
 *   ioasid_gate               percpu rwsem: read by allocations and charges of binds;
 *                             written by what must exclude them (policy, allocators)
 *   ioasid_devices_lock       rwsem: list of devices
 *   device->lock              rwsem: written to change bindings, read to list them
 *   edu->lock                 mutex: the DMA engine of an edu device
 *   ioasid_vtd_lock           mutex: VT-d units, their tables and devices
 *   unit->lock                mutex: invalidation queue and faults of a VT-d unit
 *   binding->lock             held while a device accesses memory
 *   set->memory_lock          held while a device accesses memory of a process
 *   ioas->list_lock           attachments and children of a space
 *   queue->lock               fault queue of a descriptor
 *   ioasid_chain_lock         irq-safe: subscribers; a set's association with its mm
 *   ioasid_numbers_lock       irq-safe: IOASIDs in use
 *   set->lock                 irq-safe: members, SPIDs, charges, event order, bindings
 *   sets_lock                 irq-safe: list of sets
 *   sets_by_process_lock      irq-safe: the sets of each process
 *
 * Except for mmap_lock, no lock is held while waiting for user memory, a page
 * fault, a response from user space or, except for ioas->lock, memory reclaim.
 * No lock is held while a notifier runs.
 *
 * Look-ups (by IOASID, by SPID, by mm) take no lock: they use RCU and a
 * reference count that says whether the object may still be used.
 */
#ifndef IOASID_PRIVATE_H
#define IOASID_PRIVATE_H

#include <linux/atomic.h>
#include <linux/cgroup.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mmu_notifier.h>
#include <linux/percpu-rwsem.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <ioasid/types.h>

#include "ioasid.h"
#include <ioasid/policy_ops.h>
#include <ioasid/version.h>

struct ioasid_binding;
struct ioasid_data;
struct ioasid_device;
struct ioasid_access;
struct ioasid_hw_ops;
struct ioasid_ioas;
struct ioasid_subscriber;
struct page;

/* --- ioasid_set ----------------------------------------------------------- */

/* A change of the memory of a process, see memory.c. @end is exclusive. */
struct ioasid_change {
	u64 start, end;
};

#define IOASID_RECENT_CHANGES	8

struct ioasid_set {
	u64 id;				/* not reused while the module is loaded */
	refcount_t refs;
	enum ioasid_set_type type;
	u32 quota;			/* 0: no quota; under lock */
	u32 count;			/* IOASIDs held; under lock */
	atomic_t active, pending;	/* number of ACTIVE, FREE_PENDING ones */
	atomic_t bindings;		/* of devices, under its IOASIDs */
	spinlock_t lock;
	struct list_head ioasids;	/* ioasid_data.set_link; under lock */
	struct list_head bound_to;	/* bindings to its spaces; under lock */

	/* Subscribers by priority; RCU. None is added while count is not 0. */
	struct ioasid_subscriber __rcu *subscribers;

	/* Charges; under lock. Unused for the kernel's own pool. */
	struct cgroup *cgrp;		/* charged cgroup; referenced */
	u32 node;			/* of the policy, 0: none yet */
	u32 charged;			/* IOASIDs charged to cgrp */
	u32 bound;			/* device bindings charged to cgrp */
	u32 policy_generation;		/* of the policy that owns node */

	/* The address space. Constant except for IOASID_SET_MN_REGISTERED. */
	struct mm_struct *mm;		/* pins mm_count only */
	unsigned long flags;		/* IOASID_SET_* bits */
	struct ioasid_ioas *memory;	/* its memory, for BIND; made with the first one */
	struct mmu_notifier mn;		/* for its changes and its end */
	struct work_struct unbind;	/* ends the bindings; references the set */
	raw_spinlock_t memory_lock;	/* held while devices access its pages */
	u64 changes;			/* number of changes so far; under memory_lock */
	u32 changing;			/* changes in progress; under memory_lock */
	struct ioasid_change in_progress;	/* all since @changing was 0; likewise */
	struct ioasid_change recent[IOASID_RECENT_CHANGES];	/* likewise */

	/*
	 * The process that uses the mm, or the last one that did. Changed under
	 * lock but read without it, so that readers may see a mix of two names
	 * in @comm.
	 */
	struct pid *process;		/* RCU; referenced; NULL: none */
	struct pid *former;		/* previous one, until RCU readers are done */
	struct hlist_node process_node;	/* by process; RCU */
	pid_t pid;			/* thread group, initial pid namespace */
	uid_t uid;			/* initial user namespace */
	char comm[IOASID_COMM_LEN];

	struct rhash_head mm_node;	/* by mm */
	struct list_head link;		/* in ioasid_sets, ordered by id; RCU */
	struct rcu_work free;
};

enum { IOASID_SET_OPENED, IOASID_SET_MN_REGISTERED };

extern struct list_head ioasid_sets;
extern atomic_t ioasid_nr_sets;

/* --- gate.c --------------------------------------------------------------- */

/* Readers: see gate.c. May sleep. */
extern struct percpu_rw_semaphore ioasid_gate;

static inline void ioasid_gate_enter(void)
{
	percpu_down_read(&ioasid_gate);
}

static inline void ioasid_gate_leave(void)
{
	percpu_up_read(&ioasid_gate);
}

/* Wait for all readers and block new ones. May sleep. */
static inline void ioasid_gate_close(void)
{
	percpu_down_write(&ioasid_gate);
}

static inline void ioasid_gate_open(void)
{
	percpu_up_write(&ioasid_gate);
}

/* --- numbers.c ------------------------------------------------------------ */

extern spinlock_t ioasid_numbers_lock;

/* Preallocated nodes of the tree in numbers.c. */
struct ioasid_spare {
	void *leaf, *middle;
};

int ioasid_numbers_init(void);
void ioasid_numbers_exit(void);
/*
 * Under RCU, or with ioasid_numbers_lock held. Under RCU the object may already
 * be reused for another IOASID: take a reference, then compare the ID.
 */
struct ioasid_data *ioasid_number_load(ioasid_t id);
/* Find the first IOASID from *@id on and store its ID; NULL: none. */
struct ioasid_data *ioasid_number_next(unsigned long *id);
/* Number of IOASIDs in use. */
u32 ioasid_numbers_used(void);
/*
 * Give @data the lowest free ID of the range, or the ID @id. For callers that
 * must not wait for memory: nodes come from @spare or from an allocation that
 * does not sleep, otherwise -ENOMEM. -ENOSPC: none is free; -EBUSY: @id is in
 * use.
 */
int ioasid_number_alloc(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			struct ioasid_spare *spare);
int ioasid_number_insert(struct ioasid_data *data, ioasid_t id, struct ioasid_spare *spare);
/* Preallocate all nodes that one ID can need. May sleep. -ENOMEM. */
int ioasid_spare_fill(struct ioasid_spare *spare);
void ioasid_spare_drop(struct ioasid_spare *spare);
void ioasid_number_erase(ioasid_t id);

/* --- capacity.c ----------------------------------------------------------- */

u32 ioasid_capacity(void);
/* Width of an IOASID, in bits. */
u32 ioasid_bits(void);
/* Any context. False: fewer than @nr are left. */
bool ioasid_capacity_take(u32 nr);
void ioasid_capacity_give(u32 nr);

/* --- refs.c --------------------------------------------------------------- */

/* Fields of ioasid_data.refs, see refs.c. */
#define IOASID_USERS(refs)	((u32)(refs))
#define IOASID_WALKER		(1ull << 32)
#define IOASID_FREED		(1ull << 63)

struct ioasid_data {
	atomic64_t refs;
	ioasid_t id;
	u32 flags;			/* IOASID_DATA_* */
	struct ioasid_set *set;		/* referenced jointly by all its members */
	ioasid_t spid;			/* key of spid.c, together with set */
	u32 serial;			/* incremented on each reuse */
	struct rhash_head spid_node;	/* used while it has an SPID */
	struct list_head set_link;
	struct llist_node freed_link;	/* in the list of the work queue */
	void __rcu *private;

	/* Event order, see announce.c; under set->lock. */
	bool unbinding;			/* SPID is removed after UNBIND was sent */
	bool announcing;
	bool unbinds;			/* freed by ioasid_free_unbind() */
	u8 nr_events;			/* events that follow the present one */
	u8 events[3];			/* at most BIND, UNBIND, FREE */

	atomic_t bindings;		/* number of bindings, see device.c */
	u64 alloc_ns;
	u64 used_ns;
};

#define IOASID_DATA_USER	1u	/* freed with the descriptor */
#define IOASID_DATA_PENDING	2u	/* freed while in use */
#define IOASID_DATA_CUSTOM	4u	/* ID from a custom allocator */
#define IOASID_DATA_ANNOUNCED	8u	/* its set had subscribers at allocation */

/* Consistent copy of an IOASID's fields, taken without a reference. */
struct ioasid_view {
	u64 refs;
	ioasid_t id, spid;
	bool unbinding;
	struct ioasid_set *set;
	void *private;
};

/*
 * Set @release, which is called for an IOASID without references. Must be
 * called before the first IOASID is allocated.
 */
void ioasid_refs_init(void (*release)(struct ioasid_data *data));
/*
 * Read an IOASID under RCU without a reference: values read between the two
 * calls are consistent and belong to one IOASID if the second call returns
 * true. The serial changes first when an object is reused.
 */
static inline u32 ioasid_data_begin(const struct ioasid_data *data)
{
	u32 serial = READ_ONCE(data->serial);

	smp_rmb();	/* pairs with smp_wmb() in ioasid_data_new() */
	return serial;
}

static inline bool ioasid_data_same(const struct ioasid_data *data, u32 serial)
{
	smp_rmb();	/* order the reads before the check of the serial */
	return READ_ONCE(data->serial) == serial;
}

/* Take a user's reference by ID; ERR_PTR(-ENOENT, -EBUSY). */
struct ioasid_data *ioasid_data_get(ioasid_t id);
/* Take another user's reference. -ENOENT: reclaimed; -EBUSY: FREE_PENDING. */
int ioasid_data_use(struct ioasid_data *data);
bool ioasid_data_put(struct ioasid_data *data);
/*
 * Take a reference that does not count as a user: FREE_PENDING is found too,
 * and the state does not change. NULL or false: reclaimed or about to be.
 */
struct ioasid_data *ioasid_data_find(ioasid_t id);
bool ioasid_data_get_walker(struct ioasid_data *data);
void ioasid_data_put_walker(struct ioasid_data *data);
/*
 * Mark as freed. The core's reference passes to the caller, so that the object
 * stays valid while subscribers are notified. Returns the previous value of
 * refs: 0: no such IOASID; with IOASID_FREED: already freed.
 */
u64 ioasid_data_mark_freed(struct ioasid_data *data);
bool ioasid_data_freed(const struct ioasid_data *data);
enum ioasid_state ioasid_data_state(u64 refs);
/* Under RCU. False: it was reclaimed. */
bool ioasid_data_view(const struct ioasid_data *data, struct ioasid_view *view);

/* --- event.c -------------------------------------------------------------- */

extern atomic64_t ioasid_denials;

/* Count an event, traced or not. Any context. */
void ioasid_count_event(void);
u64 ioasid_events(void);

#ifdef IOASID_NO_EVENTS
#define ioasid_event_enabled(name)	false
#else
#define ioasid_event_enabled(name)	trace_ioasid_##name##_enabled()
#endif

/*
 * Costs a counter increment and a static branch if the tracepoint is disabled.
 * @name is one of IOASID_TRACEPOINTS.
 */
#define ioasid_emit(name, ...)							\
	do {									\
		ioasid_count_event();						\
		if (ioasid_event_enabled(name))					\
			__ioasid_emit_##name(__VA_ARGS__);			\
	} while (0)

void __ioasid_emit_alloc(struct ioasid_data *data);
void __ioasid_emit_free(struct ioasid_data *data);
void __ioasid_emit_free_pending(struct ioasid_data *data);
void __ioasid_emit_reclaim(struct ioasid_data *data);
void __ioasid_emit_spid_attach(struct ioasid_data *data);
void __ioasid_emit_spid_detach(struct ioasid_data *data);
void __ioasid_emit_bind(struct ioasid_binding *binding);
void __ioasid_emit_unbind(struct ioasid_binding *binding);
void __ioasid_emit_attach(struct ioasid_binding *binding);
void __ioasid_emit_detach(struct ioasid_binding *binding);
void __ioasid_emit_fault(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t pasid,
			 const struct ioasid_binding *binding, const struct ioasid_access *access);
void __ioasid_emit_page_request(struct ioasid_binding *binding, const struct ioasid_access *access);
void __ioasid_emit_page_response(struct ioasid_binding *binding,
				 const struct ioasid_access *access, int error);
void __ioasid_emit_map(struct ioasid_ioas *ioas, u64 iova, u64 length);
void __ioasid_emit_unmap(struct ioasid_ioas *ioas, u64 iova, u64 length);
void __ioasid_emit_invalidate(struct ioasid_ioas *ioas, u64 iova, u64 length);
void __ioasid_emit_move(struct ioasid_set *set, u64 from, u32 count);
void __ioasid_emit_deny(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u32 mode,
			int error);
void __ioasid_emit_warn(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u64 use);
void __ioasid_emit_policy(enum ioasid_policy_change change);

/* --- spid.c --------------------------------------------------------------- */

int ioasid_spids_init(void);
void ioasid_spids_exit(void);
/*
 * Add @data to the SPID table under @spid, or remove it if it has an SPID. With
 * set->lock held.
 */
int ioasid_spid_enter(struct ioasid_data *data, ioasid_t spid);
void ioasid_spid_erase(struct ioasid_data *data);

/* --- access.c ------------------------------------------------------------- */

/*
 * Do the caller's credentials permit access to the memory of @owner's process?
 * Same check as for ptrace.
 */
bool ioasid_may_access(const struct ioasid_set *owner);

/* --- policy.c ------------------------------------------------------------- */

bool ioasid_policy_attached(void);
bool ioasid_policy_fail_closed(void);
/* The next three functions: with set->lock held. */
/* The policy may narrow the range. */
int ioasid_policy_charge(struct ioasid_set *set, ioasid_t *min, ioasid_t *max);
void ioasid_policy_uncharge(struct ioasid_set *set);
void ioasid_policy_move(struct ioasid_set *set);	/* to set->cgrp */
/* The next two functions take set->lock themselves. */
int ioasid_policy_bind(struct ioasid_set *set, ioasid_t id, struct ioasid_device *dev);
void ioasid_policy_unbind(struct ioasid_set *set);
void ioasid_policy_cgroup_new(struct cgroup *cgrp);
void ioasid_policy_cgroup_idle(struct cgroup *cgrp);
void ioasid_policy_cgroup_gone(struct cgroup *cgrp);
/*
 * Check whether the process of @set, which is the caller's, may do @op under
 * @id to an object of @owner. 0: permitted; -EPERM or an error of the policy:
 * denied, and the denial was counted and reported. Takes the lock of @set.
 */
int ioasid_policy_may_use(struct ioasid_set *set, struct ioasid_set *owner, ioasid_t id,
			  enum ioasid_op op, u32 device);
/* Count and report a denial. In audit mode, only report it. */
void ioasid_policy_deny(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u32 mode,
			int error);
/*
 * For attach.c, with the gate closed. begin: @ops is attached and has no nodes
 * yet; change: replace or remove the policy, keep the nodes; adopt: charge what
 * @set holds.
 */
void ioasid_policy_begin(struct ioasid_policy_ops *ops);
void ioasid_policy_change(struct ioasid_policy_ops *ops);
int ioasid_policy_adopt(struct ioasid_set *set);

/* --- chain.c -------------------------------------------------------------- */

struct ioasid_subscriber {
	struct ioasid_subscriber __rcu *next;	/* in its chain, by priority */
	struct notifier_block *nb;
	int priority;
	struct ioasid_set *set;		/* of its chain; NULL: none or global */
	struct mm_struct *mm;		/* to wait for; NULL: references @set */
	struct list_head link;		/* in ioasid_mm_subscribers */
};

extern struct ioasid_subscriber __rcu *ioasid_global_chain;
extern spinlock_t ioasid_chain_lock;		/* protects the following */
extern struct list_head ioasid_mm_subscribers;

struct ioasid_subscriber *ioasid_chain_next(struct ioasid_subscriber __rcu *const *link);
/*
 * The link that points to the subscriber for @nb, or NULL. @set NULL: global
 * chain.
 */
struct ioasid_subscriber __rcu **ioasid_chain_find(struct ioasid_set *set,
						   const struct notifier_block *nb);
struct ioasid_subscriber *ioasid_chain_find_mm(struct mm_struct *mm,
					       const struct notifier_block *nb);
/* -EBUSY: already registered, or the set has IOASIDs. */
int ioasid_chain_add(struct ioasid_set *set, struct ioasid_subscriber *sub);
void ioasid_chain_remove(struct ioasid_subscriber __rcu **link);
/* The next two functions take ioasid_chain_lock. */
/*
 * Publish the set by its mm and add the subscribers that wait for the mm,
 * atomically.
 */
int ioasid_chain_set_new(struct ioasid_set *set, int (*publish)(struct ioasid_set *set));
/* Must be called before the mm can have another set. Any context. */
void ioasid_chain_set_gone(struct ioasid_set *set);

/* --- announce.c ----------------------------------------------------------- */

/* Additional arguments for handlers inside the module. */
struct ioasid_notice {
	struct ioasid_nb_args args;
	struct ioasid_data *data;
};

/*
 * With set->lock held, for an IOASID with IOASID_DATA_ANNOUNCED. True: the
 * caller must call ioasid_event_announce() after dropping the lock. False:
 * another context sends the event.
 */
bool ioasid_event_claim(struct ioasid_data *data, enum ioasid_notify_val val);
void ioasid_event_announce(struct ioasid_data *data, enum ioasid_notify_val val);
/*
 * Consumes the core's reference of @data, which was marked as freed. Any
 * context.
 */
void ioasid_announce_free(struct ioasid_data *data);

/* --- process.c ------------------------------------------------------------ */

/*
 * Return the process that uses @mm, with a reference; NULL: none. Any context.
 */
struct task_struct *ioasid_process_of(struct mm_struct *mm);
void ioasid_process_put(struct task_struct *leader);
bool ioasid_process_has_ended(struct task_struct *leader);
/* Initialise the process and the charged cgroup of a set; undo that. */
void ioasid_process_describe(struct ioasid_set *set, struct task_struct *leader);
void ioasid_process_forget(struct ioasid_set *set);
/* Change only the process; with set->lock held. */
void ioasid_process_rename(struct ioasid_set *set, struct task_struct *leader);
/*
 * Name of the process, in parentheses if it has ended; IOASID_COMM_LEN bytes.
 * Any context.
 */
void ioasid_process_name(const struct ioasid_set *set, char *comm);
/* Move the charge of @set to the current cgroup of @leader. Any context. */
void ioasid_set_migrate(struct ioasid_set *set, struct task_struct *leader);

/* --- set.c ---------------------------------------------------------------- */

int ioasid_sets_init(void);
void ioasid_sets_exit(void);
/* The mmu notifier of a set is not used any more: destroy the set. */
void ioasid_set_forgotten(struct mmu_notifier *mn);
/*
 * Return the member after @data (NULL: the first) with a reference, and drop
 * @data. The walk is safe against concurrent changes. Any context.
 */
struct ioasid_data *ioasid_set_next(struct ioasid_set *set, struct ioasid_data *data);
/* Make @leader the process of the set. */
void ioasid_set_rename(struct ioasid_set *set, struct task_struct *leader);
/*
 * Move the charges of all sets of @leader's process to its current cgroup; does
 * it have a set? Under RCU.
 */
void ioasid_sets_migrate(struct task_struct *leader);
bool ioasid_sets_has(struct task_struct *leader);
/*
 * Sets of one process: one for each descriptor that it kept open across exec.
 * Limited, because a move of the process updates all of them with interrupts
 * disabled.
 */
#define IOASID_MAX_SETS	16
bool ioasid_sets_too_many(struct task_struct *leader);

/* --- allocator.c ---------------------------------------------------------- */

extern struct ioasid_allocator_ops __rcu *ioasid_allocator;	/* NULL: the default */
/*
 * Allocate an ID for @data and insert it. Inside the gate, with a custom
 * allocator registered.
 */
int ioasid_custom_alloc(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			struct ioasid_spare *spare);
/* Return the ID of a reclaimed IOASID. Any context. */
void ioasid_custom_free(ioasid_t id);

/* --- core.c --------------------------------------------------------------- */

int ioasid_core_init(void);
void ioasid_core_exit(void);
int ioasid_alloc_flags(struct ioasid_set *set, ioasid_t min, ioasid_t max, void *private,
		       u32 flags);
/*
 * Free an IOASID that the caller holds a reference to. Has no effect if it was
 * freed already. Any context.
 */
void ioasid_data_free(struct ioasid_data *data);
/*
 * ioasid_attach_spid() and ioasid_detach_spid() for a caller with a reference.
 */
int ioasid_data_attach_spid(struct ioasid_data *data, ioasid_t spid);
int ioasid_data_detach_spid(struct ioasid_data *data);

/* --- notify.c ------------------------------------------------------------- */

void ioasid_notify_exit(void);

/* --- work.c --------------------------------------------------------------- */

int ioasid_work_init(void);
void ioasid_work_exit(void);
/* Wait until all work queued so far has run. May sleep. */
void ioasid_flush(void);

/* --- memory.c ------------------------------------------------------------- */

/* @unbind: work function for ioasid_set.unbind; ends the attachments of a set. */
int ioasid_memory_init(void (*unbind)(struct work_struct *work));
void ioasid_memory_exit(void);
/*
 * Register for the end and the changes of the address space of @set, which is
 * the caller's, and create the space of its memory, unless done. May wait for
 * that memory. -EINTR, -ENOMEM.
 */
int ioasid_memory_watch(struct ioasid_set *set);
/*
 * For backends. A translation of the process's memory is found in four steps:
 *
 *	ioasid_memory_settle(set, address, &changes);	// may sleep
 *	find the page					// may sleep
 *	ioasid_memory_enter(set);			// a raw spinlock
 *	if (ioasid_memory_same(set, address, &changes))
 *		access the page, and cache it together with @changes
 *	ioasid_memory_leave(set);
 *
 * settle() waits for changes in progress; -EINTR: interrupted by a signal. A
 * cached translation is valid as long as same(), which updates @changes, returns
 * true: the page has not changed. It may return false after many changes of other
 * pages. A cached translation needs no reference to the page.
 */
int ioasid_memory_settle(struct ioasid_set *set, u64 address, u64 *changes);
void ioasid_memory_enter(struct ioasid_set *set);
bool ioasid_memory_same(const struct ioasid_set *set, u64 address, u64 *changes);
void ioasid_memory_leave(struct ioasid_set *set);

/* --- device.c ------------------------------------------------------------- */

/* Abilities of a device; constant. */
struct ioasid_device_caps {
	u32 caps;			/* IOASID_CAP_* */
	u32 pasid_bits;			/* 0: no PASIDs */
	u32 iova_bits;
	u32 formats;			/* bit N: enum ioasid_format N */
	u64 page_sizes;			/* bit N: 2^N bytes */
};

struct ioasid_device {
	u32 id;
	char name[32];
	const struct ioasid_hw_ops *ops;
	const struct ioasid_device_caps *caps;
	refcount_t refs;		/* of the list, bindings, callers */
	struct rw_semaphore lock;
	bool gone;			/* no new bindings; under lock */
	struct xarray bindings;		/* PASID -> ioasid_binding; RCU */
	atomic_t nr_bindings;
	atomic64_t dmas, faults;
	struct list_head link;
};

/* Key of the binding for requests without PASID; never allocated as a PASID. */
#define IOASID_WITHOUT_PASID	0

/*
 * An attachment of a device to an I/O address space. Inserted before it is live.
 * It is live from when the device may access the memory until it may not. A
 * lookup must therefore check live, under the binding's lock or the device's.
 * Live bindings have the mark IOASID_BINDING_LIVE.
 */
struct ioasid_binding {
	refcount_t refs;		/* held while live, and by DMAs */
	struct ioasid_device *dev;	/* referenced */
	struct ioasid_set *set;		/* owner of the space; referenced */
	struct ioasid_ioas *ioas;	/* referenced */
	struct ioasid_data *data;	/* user's reference while live; NULL: no PASID */
	ioasid_t pasid;			/* its ID; INVALID_IOASID: no PASID */
	raw_spinlock_t lock;		/* held while the device accesses memory */
	bool live;			/* written with dev->lock and lock held */
	bool replaced;			/* it ended because another took its place */
	struct list_head set_link;	/* in set->bound_to while live */
	struct list_head ioas_link;	/* in ioas->bindings while live */
	struct list_head nested_link;	/* in ioas->parent->nested while live */
	u64 ioas_flush, nested_flush;	/* last flush of those lists, see map.c */
	void *hw;			/* of the backend; freed with kfree() */
	u64 bind_ns;
	atomic64_t faults;
	struct rcu_head rcu;
};
#define IOASID_BINDING_LIVE	XA_MARK_0

extern struct list_head ioasid_devices;
extern struct rw_semaphore ioasid_devices_lock;

int ioasid_devices_init(void);
void ioasid_devices_exit(void);
int ioasid_device_register(struct ioasid_device *dev, const char *name,
			   const struct ioasid_hw_ops *ops,
			   const struct ioasid_device_caps *caps);
/* End its bindings and wait for running DMAs. May sleep. */
void ioasid_device_unregister(struct ioasid_device *dev);
/* Return the device with a reference, or NULL. May sleep. */
struct ioasid_device *ioasid_device_get(const char *name);
void ioasid_device_put(struct ioasid_device *dev);
/*
 * The next functions: with a reference to @data; NULL: requests without PASID.
 * May sleep, but do not wait for other users.
 */
/*
 * Attach @dev to @ioas, a space of the caller. @replace: in place of another
 * space of the caller, which stays attached on an error.
 */
int ioasid_attach(struct ioasid_device *dev, struct ioasid_ioas *ioas, struct ioasid_data *data,
		  bool replace);
/* Attach @dev to the memory of @set, which must be the caller's. */
int ioasid_bind(struct ioasid_device *dev, struct ioasid_set *set, struct ioasid_data *data);
/* -EINVAL: not attached, or, without PASID, not by the process of @set. */
int ioasid_unbind(struct ioasid_device *dev, struct ioasid_data *data, struct ioasid_set *set);
/* Free it and end its bindings, so that they do not keep its ID. */
void ioasid_free_unbind(struct ioasid_data *data);
/* The live binding of @dev under @data, with a reference, or NULL. */
struct ioasid_binding *ioasid_binding_get(struct ioasid_device *dev, struct ioasid_data *data);
void ioasid_binding_put(struct ioasid_binding *binding);
/*
 * End @binding unless it has ended; was it live? Does not wait for a DMA that
 * waits for a page: it checks the binding again when the page is there.
 */
bool ioasid_binding_end(struct ioasid_binding *binding);
/*
 * End all bindings to the spaces of @set. Does not take any device lock if
 * there are none. May sleep.
 */
void ioasid_unbind_set(struct ioasid_set *set);
/*
 * For backends. True: the device may access memory of the binding until
 * ioasid_binding_leave(); must not sleep in between. False: the binding has
 * ended.
 */
bool ioasid_binding_enter(struct ioasid_binding *binding);
void ioasid_binding_leave(struct ioasid_binding *binding);
/*
 * Do a DMA through @binding, whose memory the caller is permitted to use; NULL:
 * nothing is attached. Waits for that memory, with no lock held. Returns 0;
 * -EFAULT: not translated, see @access; -EINTR: interrupted by a signal.
 */
int ioasid_dma(struct ioasid_device *dev, struct ioasid_binding *binding, void *data,
	       size_t length, struct ioasid_access *access);
/* Report that a DMA for the process of @set failed. */
void ioasid_dma_fault(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t id,
		      struct ioasid_binding *binding, const struct ioasid_access *access);

/* --- page_request.c ------------------------------------------------------- */

/*
 * Handle a page request: a device needs the page at @iova of @mm for reading or
 * writing; the caller holds a reference to the memory. Resolves the same page
 * fault as an access by the process. Waits as long as the process would, and
 * can be interrupted; with no lock held. Returns 0 and the page in @page, to be
 * released with ioasid_page_put(); -EFAULT: the process may not access it
 * either; -EINTR.
 */
int ioasid_page_get(struct mm_struct *mm, u64 iova, bool write, struct page **page);
/*
 * The part of ioasid_page_get() for a page that is not present. Its latency is
 * measured.
 */
int ioasid_page_request(struct mm_struct *mm, u64 iova, bool write, struct page **page);
void ioasid_page_put(struct page *page, bool written);

/* --- cgroup.c ------------------------------------------------------------- */

int ioasid_cgroup_init(void);
/*
 * With the gate closed: stop notifying the policy of moves and new cgroups;
 * moves are processed when the gate is open again. ioasid_cgroup_resume()
 * returns true if there were new cgroups. May sleep.
 */
void ioasid_cgroup_defer(void);
bool ioasid_cgroup_resume(void);
void ioasid_cgroup_exit(void);

/* --- attach.c ------------------------------------------------------------- */

/*
 * May sleep. On error the policy is not attached; -EEXIST: another policy is
 * attached.
 */
int ioasid_policy_attach(struct ioasid_policy_ops *ops);
void ioasid_policy_detach(void);
void ioasid_policy_replace(struct ioasid_policy_ops *ops);

/* --- struct_ops.c --------------------------------------------------------- */

int ioasid_struct_ops_init(void);

/* --- iter.c, cdev.c, hw/sim.c, hw/edu.c ----------------------------------- */

int ioasid_iter_init(void);
int ioasid_cdev_init(void);
void ioasid_cdev_exit(void);
int ioasid_sim_init(void);
void ioasid_sim_exit(void);
int ioasid_edu_init(void);
void ioasid_edu_exit(void);

#endif /* IOASID_PRIVATE_H */
