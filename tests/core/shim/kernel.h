/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel API that the core uses, implemented with POSIX threads. All
 * <linux/...> headers that the core includes are redirected to this file. It is
 * simple, not fast, and checks more than the kernel does (lock holders, RCU
 * readers, sleeping).
 */
#include "api.h"

#if !defined(SHIM_KERNEL_H) && !defined(__cplusplus)
#define SHIM_KERNEL_H

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#define __rcu
#define __force
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))
#define EXPORT_SYMBOL_GPL(name)	_Static_assert(sizeof(&name), "")
#define fls(x)		((x) ? 32 - __builtin_clz(x) : 0)
#define __ffs64(x)	((u32)__builtin_ctzll(x))
#define cond_resched()	do { } while (0)
#define schedule_timeout_uninterruptible(jiffies)	cond_resched()

/* Errors in pointers */
#define ERR_PTR(e)	((void *)(long)(e))
#define PTR_ERR(p)	((long)(p))
#define IS_ERR(p)	((unsigned long)(p) >= (unsigned long)-4095)

/* Warnings */
bool shim_warn(bool condition, const char *what, const char *file, int line);
#define WARN_ON(c)		shim_warn(c, #c, __FILE__, __LINE__)
#define WARN_ON_ONCE(c)		WARN_ON(c)
#define WARN_ONCE(c, ...)	shim_warn(c, #c, __FILE__, __LINE__)
#define pr_warn_once(...)	((void)shim_warn(true, "pr_warn", __FILE__, __LINE__))

/* Memory order. Between any two reads another thread may run. */
extern bool shim_perturbing;
void shim_yield_sometimes(void);

static inline void shim_perturb(void)
{
	if (unlikely(shim_perturbing))
		shim_yield_sometimes();
}

#define READ_ONCE(x)		({ shim_perturb(); __atomic_load_n(&(x), __ATOMIC_RELAXED); })
#define WRITE_ONCE(x, v)	__atomic_store_n(&(x), v, __ATOMIC_RELAXED)
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_mb()			__atomic_thread_fence(__ATOMIC_SEQ_CST)
#define xchg(p, v)		__atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define cmpxchg(p, old, new)						\
	({								\
		__typeof__(*(p)) __old = (old);				\
		__atomic_compare_exchange_n(p, &__old, new, false,	\
					    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
		__old;							\
	})

/* Atomics and reference counts: the same functions for both widths */
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
typedef struct { atomic_t refs; } refcount_t;

#define ATOMIC_INIT(i)		{ i }
#define ATOMIC64_INIT(i)	{ i }

#define SHIM_ATOMIC(name, type)							\
static inline type name##_read(const name##_t *v)				\
{ shim_perturb(); return __atomic_load_n(&v->counter, __ATOMIC_RELAXED); }			\
static inline type name##_read_acquire(const name##_t *v)			\
{ return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE); }			\
static inline void name##_set(name##_t *v, type i)				\
{ __atomic_store_n(&v->counter, i, __ATOMIC_RELAXED); }				\
static inline void name##_set_release(name##_t *v, type i)			\
{ __atomic_store_n(&v->counter, i, __ATOMIC_RELEASE); }				\
static inline type name##_add_return(type i, name##_t *v)			\
{ return __atomic_add_fetch(&v->counter, i, __ATOMIC_SEQ_CST); }		\
static inline type name##_sub_return(type i, name##_t *v)			\
{ return __atomic_sub_fetch(&v->counter, i, __ATOMIC_SEQ_CST); }		\
static inline type name##_inc_return(name##_t *v) { return name##_add_return(1, v); } \
static inline void name##_add(type i, name##_t *v) { name##_add_return(i, v); }	\
static inline void name##_inc(name##_t *v) { name##_add_return(1, v); }		\
static inline void name##_dec(name##_t *v) { name##_add_return(-1, v); }	\
static inline bool name##_try_cmpxchg(name##_t *v, type *old, type new)		\
{ return __atomic_compare_exchange_n(&v->counter, old, new, false,		\
				     __ATOMIC_SEQ_CST, __ATOMIC_RELAXED); }

SHIM_ATOMIC(atomic, int)
SHIM_ATOMIC(atomic64, s64)

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline void refcount_inc(refcount_t *r)
{
	if (atomic_inc_return(&r->refs) <= 1)
		abort();	/* no reference was left */
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			return false;
	} while (!atomic_try_cmpxchg(&r->refs, &old, old + 1));
	return true;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	int now = atomic_sub_return(1, &r->refs);

	if (now < 0)
		abort();
	return !now;
}

/* Lists */
#define LIST_HEAD(name)	struct list_head name = { &name, &name }
#define list_entry(p, type, member)	container_of(p, type, member)
#define list_first_entry_or_null(h, type, member) \
	((h)->next == (h) ? NULL : list_entry((h)->next, type, member))
#define list_for_each_entry(pos, h, member)					\
	for (pos = list_entry((h)->next, __typeof__(*pos), member);		\
	     &pos->member != (h);						\
	     pos = list_entry(pos->member.next, __typeof__(*pos), member))

#define list_for_each_entry_reverse(pos, h, member)				\
	for (pos = list_entry((h)->prev, __typeof__(*pos), member);		\
	     &pos->member != (h);						\
	     pos = list_entry(pos->member.prev, __typeof__(*pos), member))

static inline void INIT_LIST_HEAD(struct list_head *h)
{
	h->next = h;
	h->prev = h;
}

static inline void list_add_tail(struct list_head *new, struct list_head *h)
{
	new->next = h;
	new->prev = h->prev;
	h->prev->next = new;
	h->prev = new;
}

static inline void list_del(struct list_head *e)
{
	e->prev->next = e->next;
	e->next->prev = e->prev;
	e->next = e->prev = NULL;
}

static inline bool list_empty(const struct list_head *h)
{
	return h->next == h;
}

/*
 * @new after @e is the same as @new at the tail of the list that starts at
 * @e->next
 */
#define list_add_rcu(new, e)	list_add_tail(new, (e)->next)
#define list_del_rcu		list_del

struct llist_node {
	struct llist_node *next;
};

/* RCU: a recursive reader-writer lock */
struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

void rcu_read_lock(void);
void rcu_read_unlock(void);
void synchronize_rcu(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void rcu_barrier(void);
#define rcu_dereference(p)							\
	({ assert(shim_in_rcu()); shim_perturb(); __atomic_load_n(&(p), __ATOMIC_ACQUIRE); })
#define rcu_dereference_check(p, c)						\
	({ assert((c) || shim_in_rcu()); shim_perturb(); __atomic_load_n(&(p), __ATOMIC_ACQUIRE); })
#define rcu_dereference_protected(p, c)	({ assert(c); __atomic_load_n(&(p), __ATOMIC_RELAXED); })
#define rcu_access_pointer(p)		__atomic_load_n(&(p), __ATOMIC_RELAXED)
#define rcu_assign_pointer(p, v)	__atomic_store_n(&(p), v, __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, v)		__atomic_store_n(&(p), v, __ATOMIC_RELAXED)

/* Locks; a lock that disables interrupts is also an RCU reader */
typedef struct {
	pthread_mutex_t mutex;
	pthread_t owner;
} spinlock_t;

#define DEFINE_SPINLOCK(name)	spinlock_t name = { .mutex = PTHREAD_MUTEX_INITIALIZER }
void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
/* Used only by memory.c, which these tests do not contain. */
typedef spinlock_t raw_spinlock_t;
#define raw_spin_lock_init(lock)	spin_lock_init(lock)
bool shim_holds(const spinlock_t *lock);
#define lockdep_is_held(lock)		shim_holds(lock)
#define lockdep_assert_held(lock)	assert(shim_holds(lock))
#define spin_lock_irqsave(lock, flags)	\
	do { (flags) = 0; rcu_read_lock(); spin_lock(lock); } while (0)
#define spin_unlock_irqrestore(lock, flags)	\
	do { (void)(flags); spin_unlock(lock); rcu_read_unlock(); } while (0)

struct mutex {
	pthread_mutex_t mutex;
};
#define DEFINE_MUTEX(name)	struct mutex name = { PTHREAD_MUTEX_INITIALIZER }
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

struct percpu_rw_semaphore {
	pthread_rwlock_t lock;
};
struct rw_semaphore {
	int unused;
};
#define DEFINE_PERCPU_RWSEM(name)	\
	struct percpu_rw_semaphore name = { PTHREAD_RWLOCK_INITIALIZER }
void percpu_down_read(struct percpu_rw_semaphore *sem);
void percpu_up_read(struct percpu_rw_semaphore *sem);
void percpu_down_write(struct percpu_rw_semaphore *sem);
void percpu_up_write(struct percpu_rw_semaphore *sem);
#define percpu_rwsem_is_held(sem)	((void)(sem), true)

/* Memory */
typedef unsigned int gfp_t;
#define GFP_KERNEL		1u
#define GFP_KERNEL_ACCOUNT	GFP_KERNEL
#define GFP_ATOMIC		0u
#define GFP_NOWAIT		0u
#define SLAB_TYPESAFE_BY_RCU	1u
#define SLAB_ACCOUNT		2u
struct kmem_cache;
void *kzalloc(size_t size, gfp_t gfp);
void kfree(void *p);
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align, unsigned int flags,
				     void (*ctor)(void *object));
void kmem_cache_destroy(struct kmem_cache *cache);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp);
void kmem_cache_free(struct kmem_cache *cache, void *object);

/* Only used by devices, which are not compiled here */
struct xarray {
	int unused;
};

struct pid;
void put_pid(struct pid *pid);
struct hlist_node {
	struct hlist_node *next;
};

/* These tests do not look sets up by process. */
#define DEFINE_HASHTABLE(name, bits)	struct hlist_node name
#define hash_add_rcu(table, node, key)	((void)(table), (void)(node), (void)(key))
#define hash_del_rcu(node)		((void)(node))
#define hash_for_each_possible_rcu(table, object, member, key) \
	for ((void)(table), (void)(key), (object) = NULL; (object);)
#define task_tgid(task)			((struct pid *)(task))

/* Hash table, reduced to what is needed. */
#define offsetofend(type, member)	(offsetof(type, member) + sizeof(((type *)0)->member))
struct rhash_head {
	struct rhash_head *next;
};
struct rhashtable_compare_arg {
	struct rhashtable *ht;
	const void *key;
};
struct rhashtable_params {
	size_t key_len, key_offset, head_offset;
	int (*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *object);
	bool automatic_shrinking;
};
#define SHIM_BUCKETS	4096
struct rhashtable {
	pthread_mutex_t mutex;
	struct rhash_head *first[SHIM_BUCKETS];
	struct rhashtable_params params;
};
int rhashtable_init(struct rhashtable *ht, const struct rhashtable_params *params);
void rhashtable_destroy(struct rhashtable *ht);
int rhashtable_insert_fast(struct rhashtable *ht, struct rhash_head *head,
			   const struct rhashtable_params params);
int rhashtable_lookup_insert_fast(struct rhashtable *ht, struct rhash_head *head,
				  const struct rhashtable_params params);
void rhashtable_remove_fast(struct rhashtable *ht, struct rhash_head *head,
			    const struct rhashtable_params params);
void *rhashtable_lookup(struct rhashtable *ht, const void *key,
			const struct rhashtable_params params);

/* Work, run by shim_run_work() */
struct work_struct {
	struct work_struct *next;
	void (*func)(struct work_struct *work);
	bool queued;
};
struct workqueue_struct;
#define WQ_MEM_RECLAIM	0
#define WQ_UNBOUND	0
struct workqueue_struct *alloc_workqueue(const char *name, unsigned int flags, int max_active);
struct workqueue_struct *alloc_ordered_workqueue(const char *name, unsigned int flags);
void destroy_workqueue(struct workqueue_struct *wq);
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
void flush_workqueue(struct workqueue_struct *wq);

/* Run at the end of the grace period */
struct rcu_work {
	struct work_struct work;
	struct rcu_head rcu;
};
#define INIT_RCU_WORK(rwork, function)	((rwork)->work.func = (function))
#define to_rcu_work(work)		container_of(work, struct rcu_work, work)
bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork);

/* Tasks, address spaces, cgroups, time */
struct task_struct {
	struct mm_struct *mm;
};
struct task_struct *shim_current(void);
#define current	shim_current()
struct cgroup {
	int refs;
};
struct mmu_notifier {
	int unused;
};
#define test_bit(bit, word)	(*(word) >> (bit) & 1)
/* These tests bind nothing. */
#define mmu_notifier_put(mn)	abort()
#define atomic_dec_and_test(atomic)	(atomic_sub_return(1, atomic) == 0)
#define wake_up_var(var)	do { } while (0)
#define wait_var_event(var, condition) assert(condition)
void mmgrab(struct mm_struct *mm);
void mmdrop(struct mm_struct *mm);
void cgroup_put(struct cgroup *cgrp);
u64 cgroup_id(struct cgroup *cgrp);
u64 ktime_get_ns(void);

/* Tracepoints: always enabled */
#define DECLARE_EVENT_CLASS(...)
#define DEFINE_EVENT(class, name, ...)	\
	static inline bool trace_##name##_enabled(void) { return true; }

#endif /* SHIM_KERNEL_H */
