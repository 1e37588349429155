// SPDX-License-Identifier: GPL-2.0-only
/* Locks, RCU, work, tasks and warnings. */
#include <sched.h>

#include "internal.h"

static __thread int locks, readers, gates;
static pthread_rwlock_t rcu_lock;
static pthread_mutex_t later_lock = PTHREAD_MUTEX_INITIALIZER;
static struct rcu_head *later;
static unsigned int warnings;
static __thread struct task_struct task;

/* Prefer writers, so that a stream of readers does not block them. */
static void __attribute__((constructor)) init_rcu(void)
{
	pthread_rwlockattr_t attr;

	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&rcu_lock, &attr);
}

static char warning[160];

bool shim_warn(bool condition, const char *what, const char *file, int line)
{
	if (condition) {
		snprintf(warning, sizeof(warning), "%s (%s:%d)", what, file, line);
		__atomic_add_fetch(&warnings, 1, __ATOMIC_RELAXED);
	}
	return condition;
}

const char *shim_last_warning(void)
{
	return warning;
}

unsigned int shim_warnings(void)
{
	return __atomic_load_n(&warnings, __ATOMIC_RELAXED);
}

int shim_locks_held(void)
{
	return locks;
}

bool shim_in_rcu(void)
{
	return readers;
}

void shim_may_sleep(gfp_t gfp)
{
	if (gfp)
		assert(!locks && !readers);
}

/* A gate must not be held while waiting for memory: others wait for it. */
void shim_may_reclaim(gfp_t gfp)
{
	shim_may_sleep(gfp);
	if (gfp)
		assert(!gates);
}

void rcu_read_lock(void)
{
	if (!readers++)
		pthread_rwlock_rdlock(&rcu_lock);
}

void rcu_read_unlock(void)
{
	if (!--readers)
		pthread_rwlock_unlock(&rcu_lock);
}

void synchronize_rcu(void)
{
	shim_may_sleep(GFP_KERNEL);
	pthread_rwlock_wrlock(&rcu_lock);
	pthread_rwlock_unlock(&rcu_lock);
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	pthread_mutex_lock(&later_lock);
	head->func = func;
	head->next = later;
	later = head;
	pthread_mutex_unlock(&later_lock);
}

void rcu_barrier(void)
{
	struct rcu_head *head, *next;

	pthread_mutex_lock(&later_lock);
	head = later;
	later = NULL;
	pthread_mutex_unlock(&later_lock);
	synchronize_rcu();
	for (; head; head = next) {
		next = head->next;
		head->func(head);
	}
}

void shim_grace_period(void)
{
	rcu_barrier();
}

static void free_it(struct rcu_head *head)
{
	shim_free(head);
}

/*
 * The first bytes of a freed object are still used by readers, so the list
 * entry is separate.
 */
struct deferred {
	struct rcu_head rcu;
	void *p;
};

static void free_deferred(struct rcu_head *head)
{
	shim_free(container_of(head, struct deferred, rcu)->p);
	free_it(head);
}

void shim_free_later(void *p)
{
	struct deferred *deferred = shim_calloc(sizeof(*deferred));

	deferred->p = p;
	call_rcu(&deferred->rcu, free_deferred);
}

void spin_lock_init(spinlock_t *lock)
{
	pthread_mutex_init(&lock->mutex, NULL);
	lock->owner = 0;
}

void spin_lock(spinlock_t *lock)
{
	assert(!shim_holds(lock));
	shim_perturb();
	pthread_mutex_lock(&lock->mutex);
	__atomic_store_n(&lock->owner, pthread_self(), __ATOMIC_RELAXED);
	locks++;
}

void spin_unlock(spinlock_t *lock)
{
	assert(shim_holds(lock));
	locks--;
	__atomic_store_n(&lock->owner, 0, __ATOMIC_RELAXED);
	pthread_mutex_unlock(&lock->mutex);
	shim_perturb();
}

bool shim_perturbing;

void shim_perturb_threads(bool on)
{
	shim_perturbing = on;
}

void shim_yield_sometimes(void)
{
	static __thread u32 random;

	if (!random)
		random = (u32)(uintptr_t)&random | 1;
	random = random * 1664525 + 1013904223;
	if (random >> 24 == 0)
		sched_yield();
}

bool shim_holds(const spinlock_t *lock)
{
	return __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == pthread_self();
}

void mutex_lock(struct mutex *mutex)
{
	shim_may_sleep(GFP_KERNEL);
	pthread_mutex_lock(&mutex->mutex);
}

void mutex_unlock(struct mutex *mutex)
{
	pthread_mutex_unlock(&mutex->mutex);
}

void percpu_down_read(struct percpu_rw_semaphore *sem)
{
	shim_may_sleep(GFP_KERNEL);
	pthread_rwlock_rdlock(&sem->lock);
	gates++;
}

void percpu_up_read(struct percpu_rw_semaphore *sem)
{
	gates--;
	pthread_rwlock_unlock(&sem->lock);
}

void percpu_down_write(struct percpu_rw_semaphore *sem)
{
	shim_may_sleep(GFP_KERNEL);
	pthread_rwlock_wrlock(&sem->lock);
	gates++;
}

void percpu_up_write(struct percpu_rw_semaphore *sem)
{
	gates--;
	pthread_rwlock_unlock(&sem->lock);
}

/* --- Work: one ordered queue ---------------------------------------------- */

struct workqueue_struct {
	pthread_mutex_t mutex;
	struct work_struct *first, **last;
};

static struct workqueue_struct *the_queue;

struct workqueue_struct *alloc_workqueue(const char *name, unsigned int flags, int max_active)
{
	struct workqueue_struct *wq;

	(void)name;
	(void)flags;
	(void)max_active;
	if (shim_fails())
		return NULL;
	wq = shim_calloc(sizeof(*wq));
	pthread_mutex_init(&wq->mutex, NULL);
	wq->last = &wq->first;
	return wq;
}

struct workqueue_struct *alloc_ordered_workqueue(const char *name, unsigned int flags)
{
	the_queue = alloc_workqueue(name, flags, 1);
	return the_queue;
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	bool queued;

	pthread_mutex_lock(&wq->mutex);
	queued = work->queued;
	if (!queued) {
		work->queued = true;
		work->next = NULL;
		*wq->last = work;
		wq->last = &work->next;
	}
	pthread_mutex_unlock(&wq->mutex);
	return !queued;
}

static struct work_struct *next_work(struct workqueue_struct *wq)
{
	struct work_struct *work;

	pthread_mutex_lock(&wq->mutex);
	work = wq->first;
	if (work) {
		wq->first = work->next;
		if (!wq->first)
			wq->last = &wq->first;
		work->queued = false;
	}
	pthread_mutex_unlock(&wq->mutex);
	return work;
}

void flush_workqueue(struct workqueue_struct *wq)
{
	struct work_struct *work;

	shim_may_sleep(GFP_KERNEL);
	while ((work = next_work(wq)))
		work->func(work);
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	flush_workqueue(wq);
	if (wq == the_queue)
		the_queue = NULL;
	shim_free(wq);
}

static void work_after_rcu(struct rcu_head *rcu)
{
	struct rcu_work *rwork = container_of(rcu, struct rcu_work, rcu);

	rwork->work.func(&rwork->work);
}

bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork)
{
	(void)wq;
	call_rcu(&rwork->rcu, work_after_rcu);
	return true;
}

void shim_run_work(void)
{
	flush_workqueue(the_queue);
}

/* --- Tasks ---------------------------------------------------------------- */

struct task_struct *shim_current(void)
{
	return &task;
}

void shim_set_current(struct mm_struct *mm)
{
	task.mm = mm;
}

void mmgrab(struct mm_struct *mm)
{
	__atomic_add_fetch(&mm->count, 1, __ATOMIC_SEQ_CST);
}

void mmdrop(struct mm_struct *mm)
{
	WARN_ON(__atomic_sub_fetch(&mm->count, 1, __ATOMIC_SEQ_CST) < 0);
}

u64 ktime_get_ns(void)
{
	static u64 now;

	return __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED);
}
