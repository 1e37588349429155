// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page tables of kernel-managed I/O address spaces. A mapping is removed in two
 * steps, because a device may still walk the tables or have cached an entry:
 * block, then (after the caches are flushed) reap.
 */
#include <linux/cacheflush.h>
#include <linux/gfp.h>
#include <linux/io.h>
#include <linux/sched.h>

#include "fault.h"
#include "ioas.h"

#define LEVELS		4
#define ENTRIES		512

/* Devices do not see what is in the caches of the CPUs. */
static bool write_through;

void ioasid_pgtable_write_through(void)
{
	write_through = true;
}

static void ioasid_table_sync(void *start, size_t size)
{
#ifdef CONFIG_X86_64
	if (write_through)
		clflush_cache_range(start, size);
#endif
}

/* Bytes that one entry of a table of @level (1: the lowest) covers. */
static u64 ioasid_level_size(int level)
{
	return 1ull << (12 + 9 * (level - 1));
}

static unsigned int ioasid_level_index(u64 iova, int level)
{
	return (iova >> (12 + 9 * (level - 1))) & (ENTRIES - 1);
}

static u64 *ioasid_table_of(u64 entry)
{
	return phys_to_virt(entry & IOASID_PTE_ADDRESS);
}

static bool ioasid_is_leaf(u64 entry, int level)
{
	return level == 1 || (entry & IOASID_PTE_LARGE);
}

static u64 *ioasid_table_new(void)
{
	u64 *table = may_fail(NULL, (u64 *)get_zeroed_page(GFP_KERNEL_ACCOUNT));

	if (table)
		ioasid_table_sync(table, PAGE_SIZE);
	return table;
}

int ioasid_pgtable_init(struct ioasid_pgtable *table)
{
	table->root = ioasid_table_new();
	return table->root ? 0 : -ENOMEM;
}

static void ioasid_tables_free(u64 *table, int level)
{
	if (level > 1)
		for (int i = 0; i < ENTRIES; i++)
			if (table[i])
				ioasid_tables_free(ioasid_table_of(table[i]), level - 1);
	free_page((unsigned long)table);
	cond_resched();
}

void ioasid_pgtable_exit(struct ioasid_pgtable *table)
{
	if (table->root)
		ioasid_tables_free(table->root, LEVELS);
	table->root = NULL;
}

int ioasid_pgtable_map(struct ioasid_pgtable *pgtable, u64 iova, u64 phys, u64 size, u64 prot)
{
	int last_level = size == IOASID_LARGE_SIZE ? 2 : 1;
	u64 *table = pgtable->root, *next, *entry;

	for (int level = LEVELS; level > last_level; level--) {
		entry = &table[ioasid_level_index(iova, level)];
		if (!*entry) {
			next = ioasid_table_new();
			if (!next)
				return -ENOMEM;
			/* Pairs with the address dependency in ioasid_pgtable_walk(). */
			smp_store_release(entry, virt_to_phys(next) | IOASID_PTE_PRESENT);
			ioasid_table_sync(entry, sizeof(*entry));
		}
		if (WARN_ON_ONCE(!(*entry & IOASID_PTE_PRESENT)))
			return -EEXIST;
		table = ioasid_table_of(*entry);
	}
	entry = &table[ioasid_level_index(iova, last_level)];
	if (*entry)
		return -EEXIST;
	if (last_level == 2)
		prot |= IOASID_PTE_LARGE;
	if (prot & IOASID_PTE_WRITE)
		prot |= IOASID_PTE_PINNED_WRITE;
	smp_store_release(entry, phys | prot);
	ioasid_table_sync(entry, sizeof(*entry));
	return 0;
}

/* The entries of the table at @base that cover addresses from @start to @last. */
#define for_each_entry(i, base, level, start, last)				\
	for (unsigned int i = (start) <= (base) ? 0 :				\
			      ((start) - (base)) / ioasid_level_size(level);	\
	     i < ENTRIES && (base) + i * ioasid_level_size(level) <= (last); i++)

static bool ioasid_is_empty(const u64 *table)
{
	for (int i = 0; i < ENTRIES; i++)
		if (table[i] & IOASID_PTE_PRESENT)
			return false;
	return true;
}

/* Tables that become empty are blocked too, so that they can be freed. */
static void ioasid_block_level(u64 *table, int level, u64 base, u64 start, u64 last)
{
	u64 size = ioasid_level_size(level);

	for_each_entry(i, base, level, start, last) {
		u64 first = base + i * size;
		u64 entry = table[i];
		u64 *child = ioasid_table_of(entry);
		bool whole = first >= start && first + size - 1 <= last;

		if (!(entry & IOASID_PTE_PRESENT))
			continue;
		if (!ioasid_is_leaf(entry, level) && !whole) {
			ioasid_block_level(child, level - 1, first, start, last);
			if (!ioasid_is_empty(child))
				continue;
		}
		WRITE_ONCE(table[i], entry & ~IOASID_PTE_PRESENT);
		ioasid_table_sync(&table[i], sizeof(*table));
	}
}

void ioasid_pgtable_block(struct ioasid_pgtable *table, u64 start, u64 last)
{
	ioasid_block_level(table->root, LEVELS, 0, start, last);
}

typedef void ioasid_release_fn(u64 phys, u64 size, bool writable);

/* Release all pages below @entry, a blocked one, and free its tables. */
static void ioasid_reap_entry(u64 entry, int level, ioasid_release_fn *release)
{
	u64 *table = ioasid_table_of(entry);

	if (!entry)
		return;
	if (ioasid_is_leaf(entry, level)) {
		release(entry & IOASID_PTE_ADDRESS, ioasid_level_size(level),
			entry & IOASID_PTE_PINNED_WRITE);
		return;
	}
	for (int i = 0; i < ENTRIES; i++)
		ioasid_reap_entry(table[i], level - 1, release);
	free_page((unsigned long)table);
	cond_resched();
}

static void ioasid_reap_level(u64 *table, int level, u64 base, u64 start, u64 last,
			      ioasid_release_fn *release)
{
	for_each_entry(i, base, level, start, last) {
		u64 entry = table[i];

		if (!(entry & IOASID_PTE_PRESENT)) {
			WRITE_ONCE(table[i], 0);
			ioasid_table_sync(&table[i], sizeof(*table));
			ioasid_reap_entry(entry, level, release);
		} else if (!ioasid_is_leaf(entry, level)) {
			ioasid_reap_level(ioasid_table_of(entry), level - 1,
					  base + i * ioasid_level_size(level), start, last, release);
		}
	}
}

void ioasid_pgtable_reap(struct ioasid_pgtable *table, u64 start, u64 last,
			 ioasid_release_fn *release)
{
	ioasid_reap_level(table->root, LEVELS, 0, start, last, release);
}

u64 ioasid_pgtable_walk(const struct ioasid_pgtable *pgtable, u64 iova)
{
	const u64 *table = pgtable->root;
	u64 prot = IOASID_PTE_PRESENT;

	if (iova >> IOASID_IOVA_BITS)
		return 0;
	for (int level = LEVELS; level; level--) {
		u64 entry = READ_ONCE(table[ioasid_level_index(iova, level)]);
		u64 offset = iova & (ioasid_level_size(level) - 1) & PAGE_MASK;

		prot &= entry;
		if (!prot)
			return 0;
		if (ioasid_is_leaf(entry, level))
			return ((entry & IOASID_PTE_ADDRESS) + offset) | prot;
		table = ioasid_table_of(entry);
	}
	return 0;
}
