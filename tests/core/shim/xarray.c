// SPDX-License-Identifier: GPL-2.0
/*
 * The xarray: a tree of fixed depth. Readers take no lock; what they may still
 * see is freed after a grace period.
 */
#include "internal.h"

#define BITS	6
#define SLOTS	(1u << BITS)
#define LEVELS	6		/* 36 bits; indices have 32 */

struct xa_node {
	void *slots[SLOTS];	/* nodes, or entries at level 0 */
	u64 count;		/* entries below; under the lock */
};

static unsigned int slot_of(u64 index, int level)
{
	return (index >> (level * BITS)) & (SLOTS - 1);
}

void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	(void)flags;
	spin_lock_init(&xa->xa_lock);
	xa->root = NULL;
}

/* Every node below, entries excepted. */
static void free_nodes(struct xa_node *node, int level)
{
	if (!node)
		return;
	for (unsigned int i = 0; level && i < SLOTS; i++)
		free_nodes(node->slots[i], level - 1);
	shim_free_later(node);
}

void *xa_load(struct xarray *xa, unsigned long index)
{
	struct xa_node *node;

	rcu_read_lock();
	node = __atomic_load_n(&xa->root, __ATOMIC_ACQUIRE);
	for (int level = LEVELS - 1; level >= 0 && node; level--)
		node = __atomic_load_n((struct xa_node **)&node->slots[slot_of(index, level)],
				       __ATOMIC_ACQUIRE);
	rcu_read_unlock();
	return node;
}

/* With the lock held. The entry must not be there. */
static void insert(struct xarray *xa, u64 index, void *entry)
{
	void **slot = (void **)&xa->root;
	struct xa_node *node;

	for (int level = LEVELS - 1; level >= 0; level--) {
		if (!*slot)
			__atomic_store_n(slot, shim_calloc(sizeof(*node)), __ATOMIC_RELEASE);
		node = *slot;
		node->count++;
		slot = &node->slots[slot_of(index, level)];
	}
	__atomic_store_n(slot, entry, __ATOMIC_RELEASE);
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	struct xa_node *node;
	void *entry;

	spin_lock(&xa->xa_lock);
	node = xa->root;
	entry = xa_load(xa, index);
	for (int level = LEVELS - 1; entry && level >= 0; level--) {
		void **slot = &node->slots[slot_of(index, level)];

		node->count--;
		if (!level)
			__atomic_store_n(slot, NULL, __ATOMIC_RELEASE);
		node = *slot;
	}
	if (entry && !xa->root->count) {
		node = xa->root;
		__atomic_store_n(&xa->root, NULL, __ATOMIC_RELEASE);
		free_nodes(node, LEVELS - 1);
	}
	spin_unlock(&xa->xa_lock);
	return entry;
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	int ret = 0;

	shim_may_sleep(gfp);
	spin_lock(&xa->xa_lock);
	if (xa_load(xa, index))
		ret = -EBUSY;
	else if (shim_fails())
		ret = -ENOMEM;
	else
		insert(xa, index, entry);
	spin_unlock(&xa->xa_lock);
	return ret;
}
