/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IOASIDs (PASIDs) for other kernel modules: allocate, share, find, free.
 *
 * An IOASID is FREE, IDLE (only the core holds it), ACTIVE (users hold
 * references) or FREE_PENDING (freed while users held references: nothing new
 * may start, the last put reclaims it). Free always succeeds for the owner.
 *
 * "May sleep" and "any context" below say where a function may be called.
 */
#ifndef IOASID_H
#define IOASID_H

#include <linux/types.h>

struct ioasid_set;
struct mm_struct;

typedef u32 ioasid_t;
#define INVALID_IOASID	((ioasid_t)-1)
#define IOASID_BITS	20		/* PCIe's width of a PASID */
#define IOASID_LIMIT	((1u << IOASID_BITS) - 1)

/* What the token of a set is; a token is unique in its type. */
enum ioasid_set_type {
	IOASID_SET_TYPE_NULL,		/* the kernel's own pool: no token */
	IOASID_SET_TYPE_MM,		/* one per process: the token is its mm */
	IOASID_SET_TYPE_NR,
};

/**
 * ioasid_set_alloc - make a set, or find who has it
 * @token: the mm for IOASID_SET_TYPE_MM, NULL for IOASID_SET_TYPE_NULL
 * @quota: IOASIDs the set may hold at once; 0: no quota of its own
 * @type: enum ioasid_set_type
 *
 * The mm's identity is pinned (no stale match after exec or exit), its memory
 * is not. May sleep. Returns the set with one reference for the caller;
 * -EEXIST: the mm has a set; -EINVAL: bad type or token; -ENOMEM.
 */
struct ioasid_set *ioasid_set_alloc(void *token, u32 quota, int type);

/* Any context. ioasid_set_put() frees an empty set with its last reference. */
void ioasid_set_get(struct ioasid_set *set);
void ioasid_set_put(struct ioasid_set *set);

/* The set of a process, with a reference, or NULL. Any context, lock-free. */
struct ioasid_set *ioasid_find_mm_set(struct mm_struct *mm);

/**
 * ioasid_set_for_each_ioasid - call @fn for every IOASID of @set
 *
 * Safe against concurrent allocation and freeing; @fn may sleep and may free
 * what it is called for. May sleep. Stops at, and returns, the first non-zero
 * answer of @fn.
 */
int ioasid_set_for_each_ioasid(struct ioasid_set *set,
			       int (*fn)(struct ioasid_set *set, ioasid_t id, void *arg),
			       void *arg);

/* Free every IOASID of @set: one by one, in no given order. May sleep. */
void ioasid_set_free_all(struct ioasid_set *set);

/**
 * ioasid_alloc - allocate one IOASID
 * @set: who holds it; a process's set pays with its cgroup
 * @min: lowest number wanted (0 is never given)
 * @max: highest number wanted, at most IOASID_LIMIT
 * @private: the holder's own data, see ioasid_find()
 *
 * May sleep. Returns the IOASID; -EINVAL: bad range; -ENOSPC: none free in the
 * range, capacity or the set's quota reached; -EDQUOT, -EAGAIN, -EPERM: the
 * policy refuses; -ENOMEM.
 */
int ioasid_alloc(struct ioasid_set *set, ioasid_t min, ioasid_t max, void *private);

/**
 * ioasid_free - give an IOASID back
 *
 * With users left it becomes FREE_PENDING; again is fine and does nothing.
 * Any context. Returns 0; -ENOENT: no such IOASID; -EACCES: not of @set.
 */
int ioasid_free(struct ioasid_set *set, ioasid_t id);

/**
 * ioasid_get - become a user of an IOASID
 * @set: refuse an IOASID of any other set; NULL: do not care
 *
 * Any context, lock-free. Returns 0; -ENOENT: no such IOASID; -EBUSY:
 * FREE_PENDING; -EACCES: not of @set.
 */
int ioasid_get(struct ioasid_set *set, ioasid_t id);

/*
 * Stop being a user. Any context. Returns true when this reclaimed the IOASID;
 * a put without a get is refused with a warning.
 */
bool ioasid_put(struct ioasid_set *set, ioasid_t id);

/* ioasid_get() for the process whose set holds @id; -EPERM for any other. */
int ioasid_get_if_owned(ioasid_t id);

/**
 * ioasid_attach_spid - give an IOASID an ID private to its set
 *
 * Any context. Returns 0; -ENOENT; -EBUSY: FREE_PENDING, or it has one;
 * -EEXIST: the set has @spid already; -EACCES: not of @set; -ENOMEM.
 */
int ioasid_attach_spid(struct ioasid_set *set, ioasid_t id, ioasid_t spid);

/* Any context. -ENOENT: no such IOASID, or it has no SPID; -EACCES. */
int ioasid_detach_spid(struct ioasid_set *set, ioasid_t id);

/*
 * The IOASID that @set knows as @spid, or INVALID_IOASID; @get: with a
 * reference. Any context, lock-free; the cost does not depend on the size of
 * the set. FREE_PENDING is not found.
 */
ioasid_t ioasid_find_by_spid(struct ioasid_set *set, ioasid_t spid, bool get);

#endif /* IOASID_H */
