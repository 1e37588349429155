/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * docs/object-graph.md has this at more length.
 *
 * Inside the module: the objects, who holds what, and the locking order.
 *
 *   ioasid_set      one per process (or the kernel's pool). Held by: whoever
 *                   got it (an open descriptor, a caller) and its IOASIDs.
 *   ioasid_data     one IOASID. Found by its number from alloc to reclaim. Held by
 *                   the core (until freed) and by its users (bindings, ...).
 *   ioasid_subscriber  who is told, of a set, a process or all. Holds its set,
 *                   or pins its mm.
 *   ioasid_device   a device that a hw backend registered. Lives until then.
 *   ioasid_binding  a device reaching an address space under a PASID. Holds
 *                   its ioasid_data while it is live, its device and set; found in
 *                   its device's xarray. Held by the DMAs that go through it.
 *
 * Locks, outermost first; a line may be taken while holding those above it:
 *
 *   cgroup_mutex              (the kernel's; held around a process's move)
 *   mmap_lock                 (the kernel's; a process's own, at its first bind)
 *   allocators_lock           mutex: custom allocators come and go
 *   ioasid_gate               percpu rwsem: allocations and binds' charges read; what
 *                             must see all of them or none (policy, allocators) writes
 *   devices_lock              rwsem: the list of devices
 *   device->lock              rwsem: bindings change (write), are listed (read)
 *   binding->lock             a device touches memory
 *   ioasid_chain_lock         irq-safe: who is told; a set gets or loses its mm
 *   ioasid_numbers_lock       irq-safe: numbers in use
 *   set->lock                 irq-safe: members, SPIDs, who pays, events' order, bindings
 *   sets_lock                 irq-safe: the list of sets
 *
 * No user's memory, page fault or answer is waited for under any of them but
 * mmap_lock, and no memory that has to be reclaimed.
 * None of them is held while a notifier runs.
 *
 * Look-ups (by number, by SPID, by mm) take no lock: RCU and a reference
 * count that says whether the object may still be used.
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
struct ioasid_hw_ops;
struct ioasid_subscriber;
struct page;

/* --- the set ------------------------------------------------------------- */

struct ioasid_set {
	u64 id;				/* never used again while loaded */
	refcount_t refs;
	enum ioasid_set_type type;
	u32 quota;			/* 0: none of its own; under lock */
	u32 count;			/* IOASIDs held; under lock */
	atomic_t active, pending;	/* how many of them are ACTIVE, FREE_PENDING */
	atomic_t bindings;		/* of devices under any of them */
	spinlock_t lock;
	struct list_head ioasids;	/* ioasid_data.set_link; under lock */
	struct list_head bound_to;	/* its address space; ioasid_binding.set_link; under lock */

	/* Who is told, by priority; RCU. Nobody is added while count is not 0. */
	struct ioasid_subscriber __rcu *subscribers;

	/* Who pays; under lock. Unused for the kernel's own pool. */
	struct cgroup *cgrp;		/* held */
	u32 node;			/* the policy's, 0: none yet */
	u32 charged;			/* IOASIDs that cgrp pays for */
	u32 bound;			/* device bindings that cgrp pays for */
	u32 policy_generation;		/* that node belongs to */

	/* The memory; constant, but for IOASID_SET_MN_REGISTERED. */
	struct mm_struct *mm;		/* identity only (mm_count) */
	unsigned long flags;		/* IOASID_SET_* bits */
	struct mmu_notifier mn;		/* says when the address space ends */
	struct work_struct unbind;	/* ends the bindings then; holds the set */

	/*
	 * The process: whoever has the memory; who had it last, when nobody has. Changed under
	 * lock, and read without, which may see a bit of both in @comm.
	 */
	struct pid *process;		/* RCU; held; NULL: none */
	struct pid *former;		/* that was there before; held as long as somebody may look */
	struct hlist_node process_node;	/* by process; RCU */
	pid_t pid;			/* thread group, initial pid namespace */
	uid_t uid;			/* initial user namespace */
	char comm[IOASID_COMM_LEN];

	struct rhash_head mm_node;	/* by mm */
	struct list_head link;		/* in ioasid_sets, by id; RCU */
	struct rcu_work free;
};

enum { IOASID_SET_OPENED, IOASID_SET_MN_REGISTERED };

extern struct list_head ioasid_sets;
extern atomic_t ioasid_nr_sets;

/* --- gate.c -------------------------------------------------------------- */

/* Allocations pass, and no other. May sleep. */
extern struct percpu_rw_semaphore ioasid_gate;

static inline void ioasid_gate_enter(void)
{
	percpu_down_read(&ioasid_gate);
}

static inline void ioasid_gate_leave(void)
{
	percpu_up_read(&ioasid_gate);
}

/* No allocation is under way, and none starts. May sleep. */
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

/* Nodes of the number tree that were allocated beforehand. */
struct ioasid_spare {
	void *leaf, *middle;
};

int ioasid_numbers_init(void);
void ioasid_numbers_exit(void);
/*
 * Under RCU, or with ioasid_numbers_lock held. Under RCU what is found may be
 * another one by now: take a reference first, compare the number after.
 */
struct ioasid_data *ioasid_number_load(ioasid_t id);
/* The first one from *@id on, and its number; NULL: there is none. */
struct ioasid_data *ioasid_number_next(unsigned long *id);
/* How many there are. */
u32 ioasid_numbers_used(void);
/*
 * Give @data the lowest number that is free, or this one. For where nobody may
 * wait for memory: it comes from @spare, or is there at once, or -ENOMEM.
 * -ENOSPC: none is free; -EBUSY: that one is not.
 */
int ioasid_number_alloc(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			struct ioasid_spare *spare);
int ioasid_number_insert(struct ioasid_data *data, ioasid_t id, struct ioasid_spare *spare);
/* Have all that one number may need. May sleep. -ENOMEM. */
int ioasid_spare_fill(struct ioasid_spare *spare);
void ioasid_spare_drop(struct ioasid_spare *spare);
void ioasid_number_erase(ioasid_t id);

/* --- capacity.c ----------------------------------------------------------- */

u32 ioasid_capacity(void);
/* Width of the numbers, in bits. */
u32 ioasid_bits(void);
/* Any context. False: not that many are left. */
bool ioasid_capacity_take(u32 nr);
void ioasid_capacity_give(u32 nr);

/* --- refs.c -------------------------------------------------------------- */

/* The parts of ioasid_data.refs, see refs.c. */
#define IOASID_USERS(refs)	((u32)(refs))
#define IOASID_WALKER		(1ull << 32)
#define IOASID_FREED		(1ull << 63)

struct ioasid_data {
	atomic64_t refs;
	ioasid_t id;
	u32 flags;			/* IOASID_DATA_* */
	struct ioasid_set *set;		/* held, by all its members together */
	ioasid_t spid;			/* together with set the key of spid.c */
	u32 serial;			/* of the IOASIDs that this object was */
	struct rhash_head spid_node;	/* while it has an SPID */
	struct list_head set_link;
	struct llist_node freed_link;	/* in the work queue's list */
	void __rcu *private;

	/* See notify.c; under set->lock. */
	bool unbinding;			/* the SPID goes once everybody knows */
	bool announcing;
	bool unbinds;			/* who frees it ends its bindings: no work is queued */
	u8 nr_events;			/* to announce after the present one, ... */
	u8 events[3];			/* ... which are these: BIND, UNBIND, FREE at most */

	atomic_t bindings;		/* of devices, see device.c */
	u64 alloc_ns;
	u64 used_ns;
};

#define IOASID_DATA_USER	1u	/* goes with the descriptor */
#define IOASID_DATA_PENDING	2u	/* was freed while in use */
#define IOASID_DATA_CUSTOM	4u	/* its number is from a custom allocator */
#define IOASID_DATA_ANNOUNCED	8u	/* its set had subscribers from its start */

/* What an IOASID looked like at one moment, without holding it. */
struct ioasid_view {
	u64 refs;
	ioasid_t id, spid;
	bool unbinding;
	struct ioasid_set *set;
	void *private;
};

/* Before there is any: what becomes of one that nobody holds any more. */
void ioasid_refs_init(void (*release)(struct ioasid_data *data));
/*
 * To read an IOASID without holding it, under RCU: what was read between the two belongs
 * together, and to one IOASID, if the second is true. The serial changes first when an
 * object is used again.
 */
static inline u32 ioasid_data_begin(const struct ioasid_data *data)
{
	u32 serial = READ_ONCE(data->serial);

	smp_rmb();	/* with smp_wmb() in ioasid_data_new() */
	return serial;
}

static inline bool ioasid_data_same(const struct ioasid_data *data, u32 serial)
{
	smp_rmb();	/* all that was read is of this serial, or the next line sees another */
	return READ_ONCE(data->serial) == serial;
}

/* A user's reference to the object itself; ERR_PTR(-ENOENT, -EBUSY). */
struct ioasid_data *ioasid_data_get(ioasid_t id);
/* One more user of what is held. -ENOENT: reclaimed; -EBUSY: FREE_PENDING. */
int ioasid_data_use(struct ioasid_data *data);
bool ioasid_data_put(struct ioasid_data *data);
/*
 * To look, not to use: FREE_PENDING too, and the state does not change. NULL or
 * false: reclaimed, or about to be.
 */
struct ioasid_data *ioasid_data_find(ioasid_t id);
bool ioasid_data_hold(struct ioasid_data *data);
void ioasid_data_drop(struct ioasid_data *data);
/*
 * Mark as freed. The core's reference is still there and becomes the caller's,
 * so the object stays valid for everyone who is told. Returns what there was
 * before: 0 nothing, with IOASID_FREED it was freed already.
 */
u64 ioasid_data_mark_freed(struct ioasid_data *data);
bool ioasid_data_freed(const struct ioasid_data *data);
enum ioasid_state ioasid_data_state(u64 refs);
/* False: it was reclaimed. Under RCU. */
bool ioasid_data_view(const struct ioasid_data *data, struct ioasid_view *view);

/* --- event.c ------------------------------------------------------------- */

extern atomic64_t ioasid_denials;

/* What happened, whether somebody listened or not. Any context. */
void ioasid_count_event(void);
u64 ioasid_events(void);

#ifdef IOASID_NO_EVENTS
#define ioasid_event_enabled(name)	false
#else
#define ioasid_event_enabled(name)	trace_ioasid_##name##_enabled()
#endif

/* Costs a count and a jump when nobody listens. @name is one of IOASID_TRACEPOINTS. */
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
void __ioasid_emit_bind(struct ioasid_device *dev, struct ioasid_binding *binding);
void __ioasid_emit_unbind(struct ioasid_device *dev, struct ioasid_binding *binding);
void __ioasid_emit_fault(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t pasid,
			 u64 iova);
void __ioasid_emit_move(struct ioasid_set *set, u64 from, u32 count);
void __ioasid_emit_deny(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u32 mode,
			int error);
void __ioasid_emit_warn(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u64 use);
void __ioasid_emit_policy(enum ioasid_policy_change change);

/* --- spid.c -------------------------------------------------------------- */

int ioasid_spids_init(void);
void ioasid_spids_exit(void);
/* Let @data be found by @spid, and no longer, if it has one; with set->lock held. */
int ioasid_spid_enter(struct ioasid_data *data, ioasid_t spid);
void ioasid_spid_erase(struct ioasid_data *data);

/* --- access.c ------------------------------------------------------------ */

/* May the caller reach into the process of @owner, by who it is? As ptrace asks. */
bool ioasid_may_reach(const struct ioasid_set *owner);

/* --- policy.c ------------------------------------------------------------ */

bool ioasid_policy_attached(void);
bool ioasid_policy_fail_closed(void);
/* The next three: with set->lock held. */
/* May narrow the range. */
int ioasid_policy_charge(struct ioasid_set *set, ioasid_t *min, ioasid_t *max);
void ioasid_policy_uncharge(struct ioasid_set *set);
void ioasid_policy_move(struct ioasid_set *set);	/* to set->cgrp */
/* These two take set->lock themselves. */
int ioasid_policy_bind(struct ioasid_set *set, ioasid_t id, struct ioasid_device *dev);
void ioasid_policy_unbind(struct ioasid_set *set);
void ioasid_policy_cgroup_new(struct cgroup *cgrp);
void ioasid_policy_cgroup_idle(struct cgroup *cgrp);
void ioasid_policy_cgroup_gone(struct cgroup *cgrp);
/*
 * May the process of @set, which is the caller's, do @op under @id to what @owner
 * holds? 0: yes; -EPERM or what the policy says: no, and the refusal was counted
 * and announced. Takes the lock of @set.
 */
int ioasid_policy_may_use(struct ioasid_set *set, struct ioasid_set *owner, ioasid_t id,
			  enum ioasid_op op, u32 device);
/* Count and announce a refusal, or in audit mode announce what would be one. */
void ioasid_policy_deny(const struct ioasid_request *req, u32 rule, u64 limit_cgroup, u32 mode,
			int error);
/*
 * Under a closed gate, for attach.c: @ops, of which no node is known yet; others, or
 * none, with the same nodes; what @set holds, counted.
 */
void ioasid_policy_begin(struct ioasid_policy_ops *ops);
void ioasid_policy_change(struct ioasid_policy_ops *ops);
int ioasid_policy_adopt(struct ioasid_set *set);

/* --- chain.c ------------------------------------------------------------- */

struct ioasid_subscriber {
	struct ioasid_subscriber __rcu *next;	/* in its chain, by priority */
	struct notifier_block *nb;
	int priority;
	struct ioasid_set *set;		/* whose chain it is in, NULL: none, or all sets' */
	struct mm_struct *mm;		/* it waits for a set of; else it holds @set */
	struct list_head link;		/* in ioasid_mm_subscribers */
};

extern struct ioasid_subscriber __rcu *ioasid_global_chain;
extern spinlock_t ioasid_chain_lock;		/* for all that follows */
extern struct list_head ioasid_mm_subscribers;

struct ioasid_subscriber *ioasid_chain_next(struct ioasid_subscriber __rcu *const *link);
/* The link that points to the subscriber for @nb, or NULL. @set NULL: of all sets. */
struct ioasid_subscriber __rcu **ioasid_chain_find(struct ioasid_set *set,
						   const struct notifier_block *nb);
struct ioasid_subscriber *ioasid_chain_find_mm(struct mm_struct *mm,
					       const struct notifier_block *nb);
/* -EBUSY: it is there, or the set has IOASIDs. */
int ioasid_chain_add(struct ioasid_set *set, struct ioasid_subscriber *sub);
void ioasid_chain_remove(struct ioasid_subscriber __rcu **link);
/* These two take the lock. */
/* Let others find the set by its mm, and those who wait for it find it, in one step. */
int ioasid_chain_set_new(struct ioasid_set *set, int (*publish)(struct ioasid_set *set));
/* Before the mm can have another set. Any context. */
void ioasid_chain_set_gone(struct ioasid_set *set);

/* --- announce.c ---------------------------------------------------------- */

/* What a handler inside the module may look at besides. */
struct ioasid_notice {
	struct ioasid_nb_args args;
	struct ioasid_data *data;
};

/*
 * With set->lock held, for an IOASID with IOASID_DATA_ANNOUNCED: true: call
 * ioasid_event_announce() without the lock; false: another one does.
 */
bool ioasid_event_claim(struct ioasid_data *data, enum ioasid_notify_val val);
void ioasid_event_announce(struct ioasid_data *data, enum ioasid_notify_val val);
/* Takes over the core's reference of @data, which was marked freed. Any context. */
void ioasid_announce_free(struct ioasid_data *data);

/* --- process.c ----------------------------------------------------------- */

/* Who lives in @mm, held; NULL: nobody. Any context. */
struct task_struct *ioasid_process_of(struct mm_struct *mm);
void ioasid_process_put(struct task_struct *leader);
bool ioasid_process_has_ended(struct task_struct *leader);
/* Fill in whose set it is, and who pays; and who pays no longer. */
void ioasid_process_describe(struct ioasid_set *set, struct task_struct *leader);
void ioasid_process_forget(struct ioasid_set *set);
/* Only whose it is; with set->lock held. */
void ioasid_process_rename(struct ioasid_set *set, struct task_struct *leader);
/* Its name, in parentheses when it has ended; IOASID_COMM_LEN bytes. Any context. */
void ioasid_process_name(const struct ioasid_set *set, char *comm);
/* Let @set pay from where @leader is now. Any context. */
void ioasid_set_follow(struct ioasid_set *set, struct task_struct *leader);

/* --- set.c --------------------------------------------------------------- */

int ioasid_sets_init(void);
void ioasid_sets_exit(void);
/* What nobody finds or holds any more. */
void ioasid_set_destroy(struct ioasid_set *set);
/*
 * The member after @data (NULL: the first), held; @data is dropped. The walk
 * goes on from where it was, whatever happens in between. Any context.
 */
struct ioasid_data *ioasid_set_next(struct ioasid_set *set, struct ioasid_data *data);
/* It is @leader's from now on. */
void ioasid_set_rename(struct ioasid_set *set, struct task_struct *leader);
/* Let all sets of @leader's process pay from where it is now; is there one? Under RCU. */
void ioasid_sets_follow(struct task_struct *leader);
bool ioasid_sets_has(struct task_struct *leader);

/* --- allocator.c ---------------------------------------------------------- */

extern struct ioasid_allocator_ops __rcu *ioasid_allocator;	/* NULL: the default */
/* Give @data a number and enter it; inside the gate, with an allocator there. */
int ioasid_custom_alloc(struct ioasid_data *data, ioasid_t min, ioasid_t max,
			struct ioasid_spare *spare);
/* The number of a reclaimed IOASID. Any context. */
void ioasid_custom_free(ioasid_t id);

/* --- core.c -------------------------------------------------------------- */

int ioasid_core_init(void);
void ioasid_core_exit(void);
int ioasid_alloc_flags(struct ioasid_set *set, ioasid_t min, ioasid_t max, void *private,
		       u32 flags);
/* Free what is held; again does nothing. Any context. */
void ioasid_data_free(struct ioasid_data *data);
/* ioasid_attach_spid() and ioasid_detach_spid() of what is held. */
int ioasid_data_attach_spid(struct ioasid_data *data, ioasid_t spid);
int ioasid_data_detach_spid(struct ioasid_data *data);

/* --- notify.c ------------------------------------------------------------ */

void ioasid_notify_exit(void);

/* --- work.c -------------------------------------------------------------- */

int ioasid_work_init(void);
void ioasid_work_exit(void);
/* Wait until the work queue has done what was queued so far. May sleep. */
void ioasid_flush(void);

/* --- device.c ------------------------------------------------------------ */

struct ioasid_device {
	u32 id;
	char name[32];
	const struct ioasid_hw_ops *ops;
	refcount_t refs;		/* of the list, of bindings, of calls under way */
	struct rw_semaphore lock;
	bool gone;			/* nothing can be bound any more; under lock */
	struct xarray bindings;		/* PASID -> ioasid_binding, see there; RCU */
	atomic_t nr_bindings;
	atomic64_t dmas, faults;
	struct list_head link;
};

/*
 * Entered by who binds, live from when the device may reach the memory until it
 * may not: so whoever finds one looks whether it is live, under its lock or the
 * device's, and those that are have a mark.
 */
struct ioasid_binding {
	refcount_t refs;		/* its being live; DMAs under way */
	struct ioasid_device *dev;	/* held */
	struct ioasid_set *set;		/* held: whose address space it is */
	struct ioasid_data *data;	/* a user's reference while it is live */
	spinlock_t lock;		/* held while the device touches memory */
	bool live;			/* changed with dev->lock and lock held */
	struct list_head set_link;	/* in set->bound_to while it is live */
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
			   const struct ioasid_hw_ops *ops);
/* Ends its bindings, and waits for the DMAs that are under way. May sleep. */
void ioasid_device_unregister(struct ioasid_device *dev);
/* Held, or NULL. May sleep. */
struct ioasid_device *ioasid_device_get(const char *name);
void ioasid_device_put(struct ioasid_device *dev);
/* The next four: with @data held. May sleep, but not for other users. */
/* The address space of @set, which must be the caller's, under @data. */
int ioasid_bind(struct ioasid_device *dev, struct ioasid_set *set, struct ioasid_data *data);
int ioasid_unbind(struct ioasid_device *dev, struct ioasid_data *data);
/* Free it, and end its bindings, so that its number is not kept by them. */
void ioasid_free_unbind(struct ioasid_data *data);
/* The live binding of @dev under @data, held, or NULL. */
struct ioasid_binding *ioasid_binding_get(struct ioasid_device *dev, struct ioasid_data *data);
void ioasid_binding_put(struct ioasid_binding *binding);
/* End every binding to the address space of @set; no device is asked when there is none. Sleeps. */
void ioasid_unbind_set(struct ioasid_set *set);
/*
 * For backends: true: until ioasid_binding_leave() the device may touch memory of
 * the binding that is there, and no longer; no sleeping. False: it has ended.
 */
bool ioasid_binding_enter(struct ioasid_binding *binding);
void ioasid_binding_leave(struct ioasid_binding *binding);
/*
 * A DMA under @id by the process of @set, which may do that to the memory that
 * @binding reaches; NULL: @id is not bound. Waits for that memory; with no lock
 * held. Returns bytes moved; -EFAULT: not translated; -EINTR: called away.
 */
ssize_t ioasid_dma(struct ioasid_device *dev, struct ioasid_set *set, ioasid_t id,
		   struct ioasid_binding *binding, u64 iova, void *data, size_t length,
		   bool write);

/* --- page_request.c ------------------------------------------------------ */

/*
 * A device wants the page at @iova of @mm, whose memory is held, to read or write
 * it: what the process itself would get, at the cost of the same page fault. Waits
 * as long as the process would, and may be interrupted; with no lock held.
 * Returns 0 and in @page the page, until ioasid_page_put(); -EFAULT: the process
 * may not either; -EINTR.
 */
int ioasid_page_get(struct mm_struct *mm, u64 iova, bool write, struct page **page);
/* The part of it that is for a page which is not there; its latency is measured. */
int ioasid_page_request(struct mm_struct *mm, u64 iova, bool write, struct page **page);
void ioasid_page_put(struct page *page, bool written);

/* --- cgroup.c ------------------------------------------------------------ */

int ioasid_cgroup_init(void);
/*
 * With the gate closed: tell the policy neither of moves, which are followed when it is
 * open again, nor of new cgroups; true: there were some. May sleep.
 */
void ioasid_cgroup_defer(void);
bool ioasid_cgroup_resume(void);
void ioasid_cgroup_exit(void);

/* --- attach.c ------------------------------------------------------------ */

/* May sleep; an error, -EEXIST when there is one: no policy is attached by it. */
int ioasid_policy_attach(struct ioasid_policy_ops *ops);
void ioasid_policy_detach(void);
void ioasid_policy_replace(struct ioasid_policy_ops *ops);

/* --- struct_ops.c -------------------------------------------------------- */

int ioasid_struct_ops_init(void);

/* --- iter.c, cdev.c, hw/sim.c ------------------------------------------- */

int ioasid_iter_init(void);
int ioasid_cdev_init(void);
void ioasid_cdev_exit(void);
int ioasid_sim_init(void);
void ioasid_sim_exit(void);

#endif /* IOASID_PRIVATE_H */
