/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * I/O address spaces (IOAS): what a device reaches when it is attached. The
 * kinds are described in <uapi/ioasid.h>, the objects in docs/uapi.md.
 *
 * ioas->lock is taken only by the process that owns the space. The locks of a
 * child and of its parent are never held together.
 */
#ifndef IOASID_IOAS_H
#define IOASID_IOAS_H

#include <linux/maple_tree.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <uapi/ioasid.h>

#include "private.h"

#define IOASID_IOVA_BITS	48	/* of all page tables */
#define IOASID_NO_TABLE		(~0ull)	/* value of ioas->root */
#define IOASID_MAX_SPACES	65535	/* of one descriptor */
#define IOASID_FAULT_RECORDS	256	/* in the fault queue of a descriptor */

/* Interrupt messages; never mapped. */
#define IOASID_MSI_START	0xfee00000ull
#define IOASID_MSI_LAST		0xfeefffffull

/* --- pgtable.c ------------------------------------------------------------ */

/*
 * Page tables of KIND_KERNEL spaces: four levels of 512 entries. The format is
 * that of VT-d's second-stage tables. An entry is present if it permits READ or
 * WRITE. LARGE: a page of 2 MiB. In an entry that is not present, the address
 * and PINNED_WRITE remain until it is reaped.
 */
#define IOASID_PTE_READ		BIT_ULL(0)
#define IOASID_PTE_WRITE	BIT_ULL(1)
#define IOASID_PTE_LARGE	BIT_ULL(7)
#define IOASID_PTE_ADDRESS	GENMASK_ULL(51, 12)
#define IOASID_PTE_PINNED_WRITE	BIT_ULL(58)	/* ignored by hardware */
#define IOASID_PTE_PRESENT	(IOASID_PTE_READ | IOASID_PTE_WRITE)

#define IOASID_LARGE_SIZE	SZ_2M
#define IOASID_PAGE_SIZES	(SZ_4K | SZ_2M)

struct ioasid_pgtable {
	u64 *root;
};

/*
 * From now on, write all changes through to memory, for devices that do not read the
 * caches. Called before the first table is made.
 */
void ioasid_pgtable_write_through(void);
/* -ENOMEM. May sleep. */
int ioasid_pgtable_init(struct ioasid_pgtable *table);
/* Free the tables; nothing is mapped. */
void ioasid_pgtable_exit(struct ioasid_pgtable *table);
/*
 * Map @size bytes, 4 KiB or 2 MiB, at @iova to @phys with IOASID_PTE_* in @prot.
 * -EEXIST: a table for smaller pages is in the place of the large page; -ENOMEM.
 * May sleep. The caller serialises changes.
 */
int ioasid_pgtable_map(struct ioasid_pgtable *table, u64 iova, u64 phys, u64 size, u64 prot);
/* Make the range, which contains only whole mappings, and its tables not present. */
void ioasid_pgtable_block(struct ioasid_pgtable *table, u64 start, u64 last);
/*
 * Remove what was blocked in the same range, after all walkers and caches have
 * forgotten it: pass each page to @release and free the tables. May sleep.
 */
void ioasid_pgtable_reap(struct ioasid_pgtable *table, u64 start, u64 last,
			 void (*release)(u64 phys, u64 size, bool writable));
/*
 * Translate @iova: the address of its 4 KiB page, and IOASID_PTE_READ and WRITE
 * as permitted; 0: not mapped. Any context; safe against changes as long as the
 * tables are not reaped.
 */
u64 ioasid_pgtable_walk(const struct ioasid_pgtable *table, u64 iova);

/* --- fault_queue.c -------------------------------------------------------- */

struct ioasid_fault_queue {
	refcount_t refs;
	spinlock_t lock;
	wait_queue_head_t readable;	/* for read() and poll() */
	struct list_head requests;	/* unanswered; under lock */
	u32 waiting;			/* their number; at most IOASID_FAULT_RECORDS */
	u64 next_id;			/* of a page request; under lock */
	u32 head, count;		/* of @records; under lock */
	u32 lost;			/* since the last read; under lock */
	struct ioasid_fault records[IOASID_FAULT_RECORDS];
};

/* An access that was not translated. */
struct ioasid_access {
	u64 address;
	u32 access;			/* IOASID_MAP_READ or IOASID_MAP_WRITE */
	u32 reason;			/* enum ioasid_fault_reason */
};

struct ioasid_fault_queue *ioasid_fault_queue_new(void);
void ioasid_fault_queue_put(struct ioasid_fault_queue *queue);
/* Report a failed DMA. Any context. */
void ioasid_fault_report(struct ioasid_binding *binding, const struct ioasid_access *access);
/*
 * Request the page from the user and wait for the response. 0: translate again;
 * -EFAULT, with access->reason: it failed; -EINTR. May sleep.
 */
int ioasid_fault_request(struct ioasid_binding *binding, struct ioasid_access *access);
/* -ENOENT: no such request. */
int ioasid_fault_respond(struct ioasid_fault_queue *queue, u64 id, u32 response);
/* @binding has ended, and its page requests with it. Any context. */
void ioasid_fault_cancel(struct ioasid_fault_queue *queue, const struct ioasid_binding *binding);
/* Take the oldest record. False: there is none. */
bool ioasid_fault_take(struct ioasid_fault_queue *queue, struct ioasid_fault *record);
/* A record that was taken could not be delivered. */
void ioasid_fault_lose(struct ioasid_fault_queue *queue, const struct ioasid_fault *record);
bool ioasid_fault_pending(struct ioasid_fault_queue *queue);

/* --- ioas.c --------------------------------------------------------------- */

struct ioasid_ioas {
	refcount_t refs;		/* descriptor, attachments, children, calls */
	u32 id;				/* within its descriptor; 0: memory of BIND */
	u32 kind;			/* enum ioasid_kind */
	u32 format;			/* KIND_USER: enum ioasid_format */
	u32 flags;			/* IOASID_IOAS_* */
	u64 number;			/* not reused while the module is loaded */
	u64 alloc_ns;
	struct ioasid_set *set;		/* owner; referenced unless @id is 0 */
	struct ioasid_ioas *parent;	/* KIND_USER; referenced */
	struct ioasid_fault_queue *faults;	/* referenced; NULL: not reported */

	struct mutex lock;
	/* KIND_KERNEL; under lock */
	struct ioasid_pgtable table;
	struct maple_tree areas;	/* mappings, see map.c */
	u64 base, highest;		/* addresses that can be mapped */
	struct user_struct *user;	/* pays for pinned memory */
	atomic64_t mapped;		/* bytes */
	/* KIND_USER */
	u64 root;			/* IOASID_NO_TABLE: none; changed under lock */

	spinlock_t list_lock;
	bool dead;			/* freed: no new attachments and children */
	u32 children;
	u32 attachments;
	struct list_head bindings;	/* attachments of this space */
	struct list_head nested;	/* attachments of its children */
	u64 flush;			/* number of the last flush; under lock */

	struct rcu_head rcu;
};

/* All spaces with an ID, by number; RCU. */
extern struct xarray ioasid_spaces;

/*
 * Create a space of @set, as requested in @args, and find its parent in
 * @parent. It is not published. May sleep. -EINVAL, -EOPNOTSUPP, -ENOENT, -ENOMEM.
 */
struct ioasid_ioas *ioasid_ioas_new(struct ioasid_set *set, const struct ioasid_ioas_alloc *args,
				    struct ioasid_ioas *parent, struct ioasid_fault_queue *faults);
/* The space of a process's own memory, for BIND. */
struct ioasid_ioas *ioasid_ioas_new_memory(struct ioasid_set *set);
/* Show it to tools. */
void ioasid_ioas_publish(struct ioasid_ioas *ioas);
struct ioasid_ioas *ioasid_ioas_get(struct ioasid_ioas *ioas);
void ioasid_ioas_put(struct ioasid_ioas *ioas);		/* may sleep */
/*
 * Refuse new attachments and children from now on. -EBUSY: it has some; -ENOENT:
 * already done.
 */
int ioasid_ioas_kill(struct ioasid_ioas *ioas);
/* Enter an attachment in the lists of the space and its parent. -ENOENT: freed. */
int ioasid_ioas_add(struct ioasid_ioas *ioas, struct ioasid_binding *binding);
void ioasid_ioas_remove(struct ioasid_ioas *ioas, struct ioasid_binding *binding);
/* Unpin memory of a mapping. May sleep. */
void ioasid_ioas_unpin(u64 phys, u64 size, bool writable);
/* Account pinned pages; -ENOMEM: RLIMIT_MEMLOCK. */
int ioasid_ioas_account(struct ioasid_ioas *ioas, u64 pages);
void ioasid_ioas_unaccount(struct ioasid_ioas *ioas, u64 pages);

/* --- map.c ---------------------------------------------------------------- */

/* See the calls of the same names. May sleep; can be killed. */
int ioasid_map(struct ioasid_ioas *ioas, const struct ioasid_map *args);
int ioasid_unmap(struct ioasid_ioas *ioas, u64 iova, u64 length, u64 *unmapped);
/*
 * ioasid_attach(), for any device: -EINVAL: a mapping of the space has an address
 * that is too wide for it. No such mapping can be made from then on.
 */
int ioasid_map_attach(struct ioasid_device *dev, struct ioasid_ioas *ioas,
		      struct ioasid_data *data, bool replace);
/* Store the usable ranges of the space, at most two. Returns their number. */
u32 ioasid_usable_ranges(struct ioasid_ioas *ioas, struct ioasid_iova_range *ranges);
int ioasid_table_bind(struct ioasid_ioas *ioas, u64 root);
int ioasid_table_unbind(struct ioasid_ioas *ioas);
int ioasid_invalidate(struct ioasid_ioas *ioas, u64 iova, u64 length);

#endif /* IOASID_IOAS_H */
