// SPDX-License-Identifier: GPL-2.0-only
/* The memory of a client: the arena and the canaries. */
#include <ctype.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"
#include "random.h"

#define CANARY_SIZE (16 * PAGE)
#define GAP (4 * IOASID_DMA_MAX)	/* no DMA that begins in the arena gets across */
#define WORD 8
#define GUARDED "CANARY"		/* what canaries contain, with the user's digit */
#define OWN "MEMORY"			/* the same for the arena */

static char *canaries[2];
static char canary_word[WORD], own_word[WORD];
static pthread_mutex_t canary_lock = PTHREAD_MUTEX_INITIALIZER;

static void fill_with(char *data, size_t size, const char *word)
{
	for (size_t i = 0; i < size; i++)
		data[i] = word[i % WORD];
}

void fill(char *data, size_t size)
{
	fill_with(data, size, own_word);
}

static void map_at(char *address, size_t size, int flags)
{
	mmap(address, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/* --- Canaries ------------------------------------------------------------- */

/* With the lock held. */
static void check_locked(void)
{
	for (size_t which = 0; which < COUNT(canaries); which++) {
		const char *canary = canaries[which];
		size_t i = 0;

		/* Is it the word, and each byte equal to that a word later? */
		if (!memcmp(canary, canary_word, WORD) && !memcmp(canary, canary + WORD, CANARY_SIZE - WORD))
			continue;
		while (canary[i] == canary_word[i % WORD])
			i++;
		wrong("canary", "byte %zu of area %zu is 0x%02x", i, which, (unsigned char)canary[i]);
		fill_with(canaries[which], CANARY_SIZE, canary_word);
	}
}

void check_canaries(void)
{
	pthread_mutex_lock(&canary_lock);
	check_locked();
	pthread_mutex_unlock(&canary_lock);
}

static void make_canaries(void)
{
	for (size_t which = 0; which < COUNT(canaries); which++) {
		map_at(canaries[which], CANARY_SIZE, MAP_PRIVATE);
		fill_with(canaries[which], CANARY_SIZE, canary_word);
	}
}

void renew_canaries(void)
{
	pthread_mutex_lock(&canary_lock);
	check_locked();
	make_canaries();
	pthread_mutex_unlock(&canary_lock);
}

void renew_memory_of_child(void)
{
	canary_lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
	make_canaries();
}

bool reaches_canary(uint64_t address, uint64_t length)
{
	uint64_t end = address + length < address ? UINT64_MAX : address + length;

	for (size_t which = 0; which < COUNT(canaries); which++) {
		uint64_t start = (uintptr_t)canaries[which];

		if (address < start + CANARY_SIZE && end > start)
			return true;
	}
	return false;
}

uint64_t canary_address(void)
{
	return (uintptr_t)canaries[below(COUNT(canaries))];
}

void check_data(const char *data, size_t size)
{
	const char *end = data + size, *at;

	if (memmem(data, size, GUARDED, strlen(GUARDED)))
		wrong("DMA", "read memory that was never mapped");
	for (at = data; (at = memmem(at, end - at, OWN, strlen(OWN))); at++) {
		const char *letter = at + strlen(OWN);

		/* A write that ended within a word leaves anything after it, but no digit. */
		if (letter < end && isdigit(*letter) && *letter != own_word[strlen(OWN)]) {
			wrong("DMA", "read memory of user %c", *letter);
			return;
		}
	}
}

/* --- The arena ------------------------------------------------------------ */

void map_memory(char digit, bool adjoining)
{
	size_t gap = adjoining ? 0 : GAP;

	snprintf(canary_word, sizeof(canary_word), GUARDED "%c", digit);
	snprintf(own_word, sizeof(own_word), OWN "%c", digit);
	canaries[0] = ARENA - gap - CANARY_SIZE;
	canaries[1] = ARENA + ARENA_SIZE + gap;
	map_at(ARENA, ARENA_SIZE, MAP_PRIVATE);
	/* Large pages are mapped as such, if they are aligned in both spaces. */
	if (below(2))
		madvise(ARENA, ARENA_SIZE, MADV_HUGEPAGE);
	fill(ARENA, ARENA_SIZE);
	memset(ARENA, 0, TABLES * PAGE);
	make_canaries();
}

static char *some_page(unsigned int pages)
{
	return ARENA + below(ARENA_SIZE / PAGE - pages + 1) * PAGE;
}

void disturb_memory(void)
{
	static const int protections[] = { PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE };
	unsigned int pages = 1 + below(8);
	char *at = some_page(pages), *to = some_page(pages);

	switch (below(6)) {
	case 0:
		munmap(at, pages * PAGE);
		return;
	case 1:
		mprotect(at, pages * PAGE, protections[below(COUNT(protections))]);
		return;
	case 2:
		mremap(at, pages * PAGE, pages * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to);
		return;
	case 3:
		madvise(at, pages * PAGE, MADV_DONTNEED);
		return;
	case 4:
		map_at(ARENA, ARENA_SIZE, MAP_PRIVATE);		/* repairs everything */
		return;
	default:
		map_at(at, pages * PAGE, below(2) ? MAP_PRIVATE : MAP_SHARED);
	}
}

/* --- Page tables in the arena --------------------------------------------- */

/* Fails if the page is not there. */
static void store(unsigned int table, unsigned int index, uint64_t entry)
{
	struct iovec from = { &entry, sizeof(entry) };
	struct iovec to = { ARENA + table * PAGE + index * sizeof(entry), sizeof(entry) };

	process_vm_writev(getpid(), &from, 1, &to, 1, 0);
}

static uint64_t some_target(void)
{
	const uint64_t outside[] = {
		0, 0xfee00000, IOVA_BASE - PAGE, IOVA_BASE + ARENA_SIZE, 1ull << 39, 1ull << 47,
		(1ull << 52) - PAGE, (uintptr_t)ARENA, canary_address(),
	};

	switch (below(8)) {
	case 0:
		return outside[below(COUNT(outside))];
	case 1:
		return draw() & ((1ull << 52) - PAGE);
	case 2:		/* large pages must be aligned */
		return IOVA_BASE + (below(4) << 21);
	case 3:
		return IOVA_BASE + below(ARENA_SIZE / PAGE) * PAGE;
	default:	/* other tables, also in cycles */
		return IOVA_BASE + below(TABLES) * PAGE;
	}
}

void scribble(void)
{
	/* Present, writable, large */
	static const unsigned int flags[] = { 0, 1, 2, 3, 3, 3, 3, 3, 3, 3, 0x83, 0x81 };

	for (unsigned int i = 1 + below(16); i; i--) {
		unsigned int index = below(16) ? below(8) : below(PAGE / 8);
		uint64_t entry = some_target() | flags[below(COUNT(flags))];

		store(below(TABLES), index, below(32) ? entry : draw());
	}
}

void write_table(void)
{
	/* For addresses from 1 << 39, see some_iova() */
	for (unsigned int table = 0; table < 3; table++)
		store(table, !table, (IOVA_BASE + (table + 1) * PAGE) | 3);
	for (unsigned int index = 0; index < 8; index++)
		store(3, index, (IOVA_BASE + (TABLES + below(TABLES)) * PAGE) | 3);
}
