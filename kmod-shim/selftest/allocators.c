// SPDX-License-Identifier: GPL-2.0-only
/* Custom allocators. */
#include <linux/atomic.h>

#include "selftest.h"

/* Two ID spaces with a few IDs each; an allocator counts its calls. */
struct pool {
	ioasid_t next;
	int gave, got_back;
	ioasid_t last_back;
};

static ioasid_t pool_alloc(ioasid_t min, ioasid_t max, void *pdata)
{
	struct pool *pool = pdata;

	if (pool->next > max)
		return INVALID_IOASID;
	pool->gave++;
	return pool->next++;
}

static void pool_free(ioasid_t id, void *pdata)
{
	struct pool *pool = pdata;

	pool->got_back++;
	pool->last_back = id;
}

static ioasid_t other_alloc(ioasid_t min, ioasid_t max, void *pdata)
{
	return pool_alloc(min, max, pdata);
}

static void other_free(ioasid_t id, void *pdata)
{
	pool_free(id, pdata);
}

#define OPS(space, pool) { .alloc = space##_alloc, .free = space##_free, .pdata = pool }

static void allocator_register(void)
{
	struct pool pool = { .next = 500 };
	struct ioasid_allocator_ops ops = OPS(pool, &pool), bad = { .alloc = pool_alloc };
	struct ioasid_set *set = kernel_set();

	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 1);
	EXPECT(ioasid_register_allocator(&bad), -EINVAL);
	EXPECT(ioasid_register_allocator(NULL), -EINVAL);
	EXPECT(ioasid_unregister_allocator(&ops), -ENOENT);
	EXPECT(ioasid_register_allocator(&ops), -EAGAIN);
	EXPECT(ioasid_free(set, 1), 0);
	EXPECT(ioasid_register_allocator(&ops), 0);
	EXPECT(ioasid_register_allocator(&ops), -EEXIST);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 500);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 501);
	EXPECT(ioasid_get(set, 501), 0);
	EXPECT(ioasid_attach_spid(set, 501, 3), 0);
	EXPECT(ioasid_find_by_spid(set, 3, false), 501);
	/* IDs are in use, and no other allocator can take them back. */
	EXPECT(ioasid_unregister_allocator(&ops), -EBUSY);
	EXPECT(ioasid_free(set, 500), 0);
	EXPECT(pool.last_back, 500);
	EXPECT(ioasid_free(set, 501), 0);
	EXPECT(pool.got_back, 1);
	EXPECT(ioasid_unregister_allocator(&ops), -EBUSY);
	EXPECT(ioasid_put(set, 501), true);
	EXPECT(pool.last_back, 501);
	EXPECT(ioasid_unregister_allocator(&ops), 0);
	EXPECT(ioasid_unregister_allocator(&ops), -ENOENT);
	EXPECT(pool.gave, 2);
	EXPECT(pool.got_back, 2);
	/* The default allocator is active again and can be replaced again. */
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 1);
	EXPECT(ioasid_free(set, 1), 0);
	EXPECT(pool.got_back, 2);
	ioasid_set_put(set);
}

/*
 * Same functions, different data: one ID space that survives the replacement.
 */
static void allocator_share(void)
{
	struct pool first_pool = { .next = 500 }, second_pool = { .next = 600 };
	struct ioasid_allocator_ops first = OPS(pool, &first_pool), second = OPS(pool, &second_pool);
	struct ioasid_set *set = kernel_set();

	EXPECT(ioasid_register_allocator(&first), 0);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 500);
	EXPECT(ioasid_register_allocator(&second), 0);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 501);
	EXPECT(ioasid_unregister_allocator(&first), 0);
	EXPECT(ioasid_get(set, 500), 0);
	EXPECT(ioasid_put(set, 500), false);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 600);
	EXPECT(ioasid_free(set, 500), 0);
	EXPECT(second_pool.last_back, 500);
	EXPECT(first_pool.got_back, 0);
	EXPECT(ioasid_unregister_allocator(&second), -EBUSY);
	/* An inactive allocator can be unregistered at any time. */
	EXPECT(ioasid_register_allocator(&first), 0);
	EXPECT(ioasid_unregister_allocator(&first), 0);
	ioasid_free_all_in_set(set);
	EXPECT(second_pool.got_back, 3);
	EXPECT(ioasid_unregister_allocator(&second), 0);
	ioasid_set_put(set);
}

/*
 * Different functions: another ID space that takes over when the first one has
 * no IDs in use.
 */
static void allocator_hand_over(void)
{
	struct pool pool = { .next = 500 }, other_pool = { .next = 600 }, third_pool = { .next = 700 };
	struct ioasid_allocator_ops ops = OPS(pool, &pool), other = OPS(other, &other_pool);
	struct ioasid_allocator_ops third = OPS(pool, &third_pool);
	struct ioasid_set *set = kernel_set();

	EXPECT(ioasid_register_allocator(&ops), 0);
	EXPECT(ioasid_register_allocator(&other), 0);
	EXPECT(ioasid_register_allocator(&third), 0);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 500);
	/*
	 * An allocator with the same functions comes first, regardless of
	 * order.
	 */
	EXPECT(ioasid_unregister_allocator(&ops), 0);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 700);
	EXPECT(ioasid_unregister_allocator(&third), -EBUSY);
	EXPECT(ioasid_free(set, 500), 0);
	EXPECT(ioasid_free(set, 700), 0);
	EXPECT(third_pool.got_back, 2);
	EXPECT(ioasid_unregister_allocator(&third), 0);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 600);
	EXPECT(ioasid_free(set, 600), 0);
	EXPECT(other_pool.got_back, 1);
	EXPECT(ioasid_unregister_allocator(&other), 0);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 1);
	EXPECT(ioasid_free(set, 1), 0);
	ioasid_set_put(set);
}

/* An allocator that is exhausted, or returns an ID out of range or in use. */
static void allocator_errors(void)
{
	struct pool pool = { .next = 1001 };
	struct ioasid_allocator_ops ops = OPS(pool, &pool);
	struct ioasid_set *set = kernel_set();

	EXPECT(ioasid_register_allocator(&ops), 0);
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), -ENOSPC);
	pool.next = 5;
	EXPECT(ioasid_alloc(set, 6, 1000, NULL), -ENOSPC);
	EXPECT(pool.last_back, 5);
	pool.next = 0;
	EXPECT(ioasid_alloc(set, 0, 1000, NULL), -ENOSPC);
	pool.next = 10;
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), 10);
	pool.next = 10;
	EXPECT(ioasid_alloc(set, 1, 1000, NULL), -ENOSPC);
	EXPECT(pool.got_back, 2);
	EXPECT(state_of(10), IOASID_STATE_IDLE);
	EXPECT(ioasid_free(set, 10), 0);
	EXPECT(pool.got_back, 3);
	EXPECT(ioasid_unregister_allocator(&ops), 0);
	EXPECT(ioasid_set_free(set), 0);
}

const struct selftest_case allocator_cases[] = {
	{ "allocator_register", allocator_register },
	{ "allocator_share", allocator_share },
	{ "allocator_hand_over", allocator_hand_over },
	{ "allocator_errors", allocator_errors },
	{}
};
