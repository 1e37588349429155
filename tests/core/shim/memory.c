// SPDX-License-Identifier: GPL-2.0-only
/* Memory allocation with failure injection, and slab caches and hash tables. */
#include "internal.h"

static __thread unsigned int fail_nth;
static __thread bool failed;
static __thread int suspended;
static long allocated;

void shim_fail_nth(unsigned int nth)
{
	fail_nth = nth;
	failed = false;
}

bool shim_did_fail(void)
{
	return failed;
}

void shim_suspend_failing(void)
{
	suspended++;
}

void shim_resume_failing(void)
{
	suspended--;
}

long shim_allocated(void)
{
	return __atomic_load_n(&allocated, __ATOMIC_RELAXED);
}

bool shim_fails(void)
{
	if (suspended || !fail_nth || --fail_nth)
		return false;
	failed = true;
	return true;
}

void *shim_calloc(size_t size)
{
	void *p = calloc(1, size);

	assert(p);
	__atomic_add_fetch(&allocated, 1, __ATOMIC_RELAXED);
	return p;
}

void shim_free(void *p)
{
	if (p)
		__atomic_sub_fetch(&allocated, 1, __ATOMIC_RELAXED);
	free(p);
}

void *kzalloc(size_t size, gfp_t gfp)
{
	shim_may_reclaim(gfp);
	return shim_fails() ? NULL : shim_calloc(size);
}

void kfree(void *p)
{
	shim_free(p);
}

/*
 * A freed object is reused immediately, which readers of a SLAB_TYPESAFE_BY_RCU
 * cache must handle.
 */
struct object {
	struct object *next;	/* while it is free */
};

struct kmem_cache {
	pthread_mutex_t mutex;
	size_t size;
	void (*ctor)(void *object);
	struct object *free;
	long live;
};

/* The link is stored in front of the object, whose contents are kept. */
#define TO_OBJECT(link)	((void *)((char *)(link) + 16))
#define TO_LINK(object)	((struct object *)((char *)(object) - 16))

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align, unsigned int flags,
				     void (*ctor)(void *object))
{
	struct kmem_cache *cache;

	(void)name;
	(void)align;
	assert(flags == (SLAB_TYPESAFE_BY_RCU | SLAB_ACCOUNT));
	if (shim_fails())
		return NULL;
	cache = shim_calloc(sizeof(*cache));
	pthread_mutex_init(&cache->mutex, NULL);
	cache->size = size;
	cache->ctor = ctor;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	struct object *link;

	WARN_ON(cache->live);
	while ((link = cache->free)) {
		cache->free = link->next;
		shim_free(link);
	}
	shim_free(cache);
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t gfp)
{
	static __thread unsigned int tries;
	struct object *link;

	shim_may_reclaim(gfp);
	/* Let allocations that must not sleep fail regularly. */
	if (gfp ? shim_fails() : tries++ % 2)
		return NULL;
	pthread_mutex_lock(&cache->mutex);
	link = cache->free;
	if (link)
		cache->free = link->next;
	cache->live++;
	pthread_mutex_unlock(&cache->mutex);
	if (!link) {
		link = shim_calloc(16 + cache->size);
		cache->ctor(TO_OBJECT(link));
	}
	return TO_OBJECT(link);
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	struct object *link = TO_LINK(object);

	pthread_mutex_lock(&cache->mutex);
	link->next = cache->free;
	cache->free = link;
	cache->live--;
	pthread_mutex_unlock(&cache->mutex);
}

/* --- Hash table ----------------------------------------------------------- */

static void *entry_of(struct rhashtable *ht, struct rhash_head *head)
{
	return (char *)head - ht->params.head_offset;
}

static const void *key_of(struct rhashtable *ht, struct rhash_head *head)
{
	return (char *)entry_of(ht, head) + ht->params.key_offset;
}

static struct rhash_head **bucket_of(struct rhashtable *ht, const void *key)
{
	const unsigned char *bytes = key;
	u32 hash = 0;
	size_t i;

	for (i = 0; i < ht->params.key_len; i++)
		hash = hash * 31 + bytes[i];
	return &ht->first[hash % SHIM_BUCKETS];
}

int rhashtable_init(struct rhashtable *ht, const struct rhashtable_params *params)
{
	if (shim_fails())
		return -ENOMEM;
	pthread_mutex_init(&ht->mutex, NULL);
	memset(ht->first, 0, sizeof(ht->first));
	ht->params = *params;
	return 0;
}

void rhashtable_destroy(struct rhashtable *ht)
{
	size_t i;

	for (i = 0; i < SHIM_BUCKETS; i++)
		WARN_ON(ht->first[i] != NULL);
}

static struct rhash_head *find_head(struct rhashtable *ht, const void *key)
{
	struct rhashtable_compare_arg arg = { ht, key };
	struct rhash_head *head;

	for (head = *bucket_of(ht, key); head; head = head->next) {
		if (ht->params.obj_cmpfn ? !ht->params.obj_cmpfn(&arg, entry_of(ht, head)) :
					   !memcmp(key_of(ht, head), key, ht->params.key_len))
			break;
	}
	return head;
}

static int insert(struct rhashtable *ht, struct rhash_head *head, bool lookup)
{
	struct rhash_head **bucket = bucket_of(ht, key_of(ht, head));
	int ret = 0;

	pthread_mutex_lock(&ht->mutex);
	if (lookup && find_head(ht, key_of(ht, head))) {
		ret = -EEXIST;
	} else if (shim_fails()) {
		ret = -ENOMEM;
	} else {
		head->next = *bucket;
		*bucket = head;
	}
	pthread_mutex_unlock(&ht->mutex);
	shim_perturb();
	return ret;
}

int rhashtable_insert_fast(struct rhashtable *ht, struct rhash_head *head,
			   const struct rhashtable_params params)
{
	(void)params;
	return insert(ht, head, false);
}

int rhashtable_lookup_insert_fast(struct rhashtable *ht, struct rhash_head *head,
				  const struct rhashtable_params params)
{
	(void)params;
	return insert(ht, head, true);
}

void rhashtable_remove_fast(struct rhashtable *ht, struct rhash_head *head,
			    const struct rhashtable_params params)
{
	struct rhash_head **link = bucket_of(ht, key_of(ht, head));

	(void)params;
	pthread_mutex_lock(&ht->mutex);
	while (*link != head)
		link = &(*link)->next;
	*link = head->next;
	pthread_mutex_unlock(&ht->mutex);
	shim_perturb();
}

void *rhashtable_lookup(struct rhashtable *ht, const void *key,
			const struct rhashtable_params params)
{
	struct rhash_head *head;

	(void)params;
	assert(shim_in_rcu());
	pthread_mutex_lock(&ht->mutex);
	head = find_head(ht, key);
	pthread_mutex_unlock(&ht->mutex);
	return head ? entry_of(ht, head) : NULL;
}
