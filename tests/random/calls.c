// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of calls. From the kinds of their fields arguments are generated:
 * mostly valid values, from pools of objects that earlier calls returned;
 * sometimes objects that were freed, boundary values and random ones; structs
 * that are too short, longer than known, or not in memory.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"
#include "random.h"

struct shared *shared;

/* --- Pools of live objects of the process --------------------------------- */

/* 0: empty. Any thread changes them at any time. */
struct pool {
	_Atomic uint64_t slots[12];
};

static struct pool pasids, spids, requests;
static struct pool spaces[IOASID_KIND_KVM];	/* by kind */
static struct pool attachments;			/* see attachment() */

static void put(struct pool *pool, uint64_t value)
{
	size_t slot = below(COUNT(pool->slots));

	for (size_t i = 0; pool->slots[slot] && i < COUNT(pool->slots); i++)
		slot = (slot + 1) % COUNT(pool->slots);
	pool->slots[slot] = value;
}

static uint64_t pick(struct pool *pool)
{
	uint64_t value = 0;

	for (int tries = 0; !value && tries < 8; tries++)
		value = pool->slots[below(COUNT(pool->slots))];
	return value;
}

/* Some stay, so that calls name them afterwards. */
static void drop(struct pool *pool, uint64_t value)
{
	for (size_t i = 0; i < COUNT(pool->slots); i++)
		if (pool->slots[i] == value && below(4))
			pool->slots[i] = 0;
}

static void clear(struct pool *pool)
{
	for (size_t i = 0; i < COUNT(pool->slots); i++)
		pool->slots[i] = 0;
}

void forget_objects(void)
{
	clear(&pasids);
	clear(&spids);
	clear(&requests);
	clear(&attachments);
	for (size_t i = 0; i < COUNT(spaces); i++)
		clear(&spaces[i]);
}

void remember_request(uint64_t id)
{
	put(&requests, id);
}

static unsigned int some_space(void)
{
	return pick(&spaces[1 + below(COUNT(spaces) - 1)]);
}

static unsigned int kind_of(uint64_t space)
{
	for (size_t kind = 1; kind < COUNT(spaces); kind++)
		for (size_t i = 0; i < COUNT(spaces[kind].slots); i++)
			if (spaces[kind].slots[i] == space)
				return kind;
	return IOASID_KIND_KERNEL;
}

/* What a DMA needs to know, in one number. @pasid 0: requests without PASID. */
static uint64_t attachment(const char *name, uint32_t pasid, unsigned int kind)
{
	return 1ull << 63 | (uint64_t)kind << 40 | (uint64_t)(name[3] & 3) << 36 | pasid;
}

/* --- Values --------------------------------------------------------------- */

/* The thread's own memory: for DMA and arrays, and for structs (three pages). */
static __thread char *data, *room;
#define DATA_SIZE (IOASID_DMA_MAX + PAGE)

static uint64_t boundary(void)
{
	static const uint64_t values[] = {
		0, 1, 2, 7, PAGE - 1, PAGE, PAGE + 1, 1u << 20, (1u << 20) - 1, (1u << 20) + 1, 1u << 31,
		UINT32_MAX, 0xfee00000, 1ull << 39, (1ull << 39) - PAGE, (1ull << 47) - PAGE,
		1ull << 47, (1ull << 48) - PAGE, 1ull << 48, 1ull << 52, 0xffff888000000000,
		1ull << 63, -(uint64_t)PAGE, UINT64_MAX,
	};

	return below(4) ? values[below(COUNT(values))] : draw() >> below(64);
}

static uint64_t bad_pointer(void)
{
	static const uint64_t pointers[] = {
		0, 8, PAGE - 4, (1ull << 47) - PAGE, 0xffff888000000000, -(uint64_t)PAGE, UINT64_MAX,
	};

	return below(8) ? pointers[below(COUNT(pointers))] : (uintptr_t)ARENA - (64u << 20);
}

static uint64_t in_arena(void)
{
	return below(ARENA_SIZE / PAGE) * PAGE;
}

static uint64_t some_iova(void)
{
	switch (below(8)) {
	case 0:
		return canary_address();
	case 1:
		return boundary();
	case 2:
		return (uintptr_t)ARENA + in_arena() + below(PAGE);
	case 3:
	case 4:		/* through a page table in the arena; not in the memory of a process */
		return ((1ull + below(2)) << 39) + ((uint64_t)below(2) << 30) + (below(4) << 21) +
		       below(8) * PAGE + below(PAGE);
	default:
		return IOVA_BASE + in_arena() + below(PAGE);
	}
}

static uint64_t some_pages(void)
{
	return below(16) ? (1 + below(16)) * PAGE : ARENA_SIZE;
}

static uint64_t some_bytes(void)
{
	return below(64) ? 1 + below(2 * PAGE) : 1 + below(IOASID_DMA_MAX);
}

/* Where the kernel reads data, or writes it. */
static uint64_t some_buffer(void)
{
	switch (below(8)) {
	case 0:
		return (uintptr_t)ARENA + in_arena() / 2 + below(PAGE);
	case 1:
		return bad_pointer();
	default:
		return (uintptr_t)data;
	}
}

/* Of struct ioasid_iova_range, which is returned, or struct ioasid_invalidate_entry. */
static uint64_t some_array(void)
{
	struct ioasid_invalidate_entry *entries = (void *)data;

	for (size_t i = 0; i < 8; i++)
		entries[i] = (struct ioasid_invalidate_entry){ some_iova() & -(uint64_t)PAGE, some_pages() };
	if (!below(8))
		entries[below(8)] = (struct ioasid_invalidate_entry){ boundary(), boundary() };
	if (!below(4))
		entries[0] = (struct ioasid_invalidate_entry){ 0, UINT64_MAX };
	return some_buffer();
}

static void set_device(char *name, bool wild)
{
	memset(name, 0, IOASID_NAME_LEN);
	sprintf(name, "sim%u", below(16) ? below(2) : below(DEVICES));
	if (!wild)
		return;
	switch (below(5)) {
	case 0:
		name[0] = '\0';
		break;
	case 1:
		name[3] = '9';
		break;
	case 2:
		memset(name, 's', IOASID_NAME_LEN);
		break;
	case 3:		/* not padded with zeros */
		name[IOASID_NAME_LEN - 1] = 's';
		break;
	}
}

/* --- Adjusting the fields to each other ------------------------------------ */

static void adjust_alloc(void *args)
{
	struct ioasid_alloc_request *request = args;

	request->range.min = 1 + below(PASIDS);
	request->range.max = below(8) ? PASIDS : 1 << 20 >> below(4);
	request->range.max -= request->range.max > PASIDS;
}

static void adjust_dma(void *args)
{
	struct ioasid_dma *dma = args;
	uint64_t which = below(8) ? pick(&attachments) : 0;

	dma->flags = below(2) ? IOASID_DMA_READ : IOASID_DMA_WRITE;
	if (dma->flags == IOASID_DMA_WRITE && below(2))
		fill(data, 2 * PAGE);
	if (!which)
		return;
	dma->device[3] = '0' + (which >> 36 & 3);
	dma->pasid = which & 0xfffff;
	if (!dma->pasid)
		dma->flags |= IOASID_DMA_NO_PASID;
	if ((which >> 40 & 7) == IOASID_KIND_PROCESS && below(8))
		dma->iova = (uintptr_t)ARENA + in_arena() + below(PAGE);
}

static void adjust_spid(void *args)
{
	struct ioasid_spid *spid = args;

	spid->spid = 1 + below(20);
}

static void adjust_spid_detach(void *args)
{
	struct ioasid_spid *spid = args;

	spid->spid = 0;
}

static void adjust_ioas_alloc(void *args)
{
	struct ioasid_ioas_alloc *alloc = args;

	alloc->flags = (below(2) ? IOASID_IOAS_FAULTS : 0) | (below(8) ? 0 : IOASID_IOAS_SNOOP);
	alloc->kind = below(16) ? 1 + below(3) : IOASID_KIND_KVM;
	alloc->format = alloc->parent = 0;
	alloc->base_iova = alloc->highest_iova = 0;
	if (alloc->kind == IOASID_KIND_USER) {
		alloc->format = IOASID_FORMAT_X86_64;
		alloc->parent = pick(&spaces[IOASID_KIND_KERNEL]);
	} else if (alloc->kind == IOASID_KIND_KERNEL && !below(4)) {
		alloc->base_iova = IOVA_BASE;
		alloc->highest_iova = IOVA_BASE + ARENA_SIZE - 1;
	}
}

/* Mostly at the address that the page tables of the arena assume */
static void adjust_map(void *args)
{
	struct ioasid_map *map = args;
	uint64_t offset = below(8) ? in_arena() : 0, length = below(4) ? some_pages() : ARENA_SIZE;

	map->flags = below(4) ? IOASID_MAP_READ | IOASID_MAP_WRITE : 1 + below(2);
	map->ioas_id = pick(&spaces[IOASID_KIND_KERNEL]);
	map->address = (uintptr_t)ARENA + offset;
	map->length = length < ARENA_SIZE - offset ? length : ARENA_SIZE - offset;
	if (below(8))
		map->iova = IOVA_BASE + offset;
}

static void adjust_unmap(void *args)
{
	struct ioasid_unmap *unmap = args;

	unmap->ioas_id = pick(&spaces[IOASID_KIND_KERNEL]);
	switch (below(4)) {
	case 0:
		unmap->iova = 0;
		unmap->length = UINT64_MAX;
		break;
	case 1:
		unmap->iova = IOVA_BASE;
		unmap->length = ARENA_SIZE;
		break;
	}
}

static void adjust_table(void *args)
{
	struct ioasid_table_bind *bind = args;

	bind->ioas_id = pick(&spaces[IOASID_KIND_USER]);
	bind->root = IOVA_BASE + (below(2) ? below(TABLES) * PAGE : 0);
}

static void adjust_table_unbind(void *args)
{
	struct ioasid_ioas_id *ioas = args;

	ioas->ioas_id = pick(&spaces[IOASID_KIND_USER]);
}

static void adjust_invalidate(void *args)
{
	struct ioasid_invalidate *invalidate = args;

	invalidate->ioas_id = pick(&spaces[IOASID_KIND_USER]);
	invalidate->entry_size = sizeof(struct ioasid_invalidate_entry);
	invalidate->count = below(9);
}

static void adjust_attach(void *args)
{
	struct ioasid_attach *attach = args;

	if (below(5)) {
		attach->flags = IOASID_ATTACH_PASID;
		attach->pasid = pick(&pasids);
	} else if (below(2)) {
		attach->flags = IOASID_ATTACH_SPID;
		attach->pasid = pick(&spids);
	} else {
		attach->flags = attach->pasid = 0;
	}
	attach->flags |= below(4) ? 0 : IOASID_ATTACH_REPLACE;
}

static void adjust_detach(void *args)
{
	struct ioasid_attach *attach = args;

	adjust_attach(args);
	attach->flags &= ~IOASID_ATTACH_REPLACE;
	attach->ioas_id = 0;
}

static void adjust_response(void *args)
{
	struct ioasid_page_response *response = args;

	response->response = below(2) ? IOASID_RESPONSE_RETRY : IOASID_RESPONSE_FAILURE;
}

/* --- After a successful call ---------------------------------------------- */

static void done_alloc(const void *args, long result)
{
	(void)args;
	put(&pasids, result);
}

static void done_free(const void *args, long result)
{
	const __u32 *pasid = args;

	(void)result;
	drop(&pasids, *pasid);
}

static void done_bind(const void *args, long result)
{
	const struct ioasid_bind *bind = args;

	(void)result;
	put(&attachments, attachment(bind->device, bind->pasid, IOASID_KIND_PROCESS));
}

static void done_dma(const void *args, long result)
{
	const struct ioasid_dma *dma = args;

	if ((uint64_t)result != dma->length)
		wrong("DMA", "%ld of %llu bytes", result, dma->length);
	if ((dma->flags & IOASID_DMA_READ) && dma->data == (uintptr_t)data)
		check_data(data, result);
}

static void done_spid(const void *args, long result)
{
	const struct ioasid_spid *spid = args;

	(void)result;
	put(&spids, spid->spid);
}

static void done_ioas_alloc(const void *args, long result)
{
	const struct ioasid_ioas_alloc *alloc = args;

	(void)result;
	put(&spaces[alloc->kind], alloc->ioas_id);
}

static void done_ioas_free(const void *args, long result)
{
	const struct ioasid_ioas_id *ioas = args;

	(void)result;
	for (size_t kind = 1; kind < COUNT(spaces); kind++)
		drop(&spaces[kind], ioas->ioas_id);
}

static void done_unmap(const void *args, long result)
{
	const struct ioasid_unmap *unmap = args;

	(void)result;
	if (unmap->length % PAGE)
		wrong("unmap", "0x%llx bytes were mapped", unmap->length);
}

static void done_attach(const void *args, long result)
{
	const struct ioasid_attach *attach = args;
	uint32_t pasid = attach->flags & IOASID_ATTACH_PASID ? attach->pasid : 0;

	(void)result;
	if (!(attach->flags & IOASID_ATTACH_SPID))
		put(&attachments, attachment(attach->device, pasid, kind_of(attach->ioas_id)));
}

/* --- The table ------------------------------------------------------------ */

enum kind {
	ANY = 1,	/* a number without a meaning; also what is returned */
	ZERO,		/* reserved */
	PASID, SPID, SPACE, DEVICE, IOVA, IOVA_PAGE, BYTES, PAGES, ADDRESS, BUFFER, ARRAY, LENGTH, COUNTED,
	SPACE_KIND, REQUEST,
};

struct field {
	enum kind kind;
	unsigned int offset, size;
};

/* Memory that the call names, by the offsets of its fields. */
struct span {
	unsigned int address, length;	/* 0: none */
	bool iova;			/* of the process, if it is shared */
};

static const struct row {
	const char *name;
	unsigned int number, size;
	unsigned int weight;
	bool plain;			/* no size and flags */
	bool fixed;			/* a larger size is treated as the size */
	bool output, output_on_error;
	unsigned int flags;		/* known ones */
	struct field fields[8];
	struct span spans[2];
	int errors[9];			/* documented for this call; also those of all calls */
	void (*adjust)(void *args);
	void (*done)(const void *args, long result);
} rows[CALLS] = {
#define FIELD(type, member, kind) { kind, offsetof(type, member), sizeof(((type *)0)->member) }
#define CALL(call, number_, type, weight_, ...)						\
	[call] = { .number = number_, .size = sizeof(type), .weight = weight_, __VA_ARGS__ }
	[VERSION] = { .name = "version", .number = IOASID_GET_API_VERSION, .weight = 1 },
	CALL(INFO, IOASID_GET_INFO, struct ioasid_info, 1, .name = "info", .fixed = true, .output = true,
	     .fields = { FIELD(struct ioasid_info, ioasid_bits, ANY) }),
	CALL(ALLOC, IOASID_REQUEST_ALLOC, struct ioasid_alloc_request, 24, .name = "alloc", .fixed = true,
	     .fields = { FIELD(struct ioasid_alloc_request, range.min, PASID),
			 FIELD(struct ioasid_alloc_request, range.max, PASID) },
	     .errors = { ENOSPC, EDQUOT, EAGAIN, EPERM }, .adjust = adjust_alloc, .done = done_alloc),
	CALL(FREE, IOASID_REQUEST_FREE, __u32, 8, .name = "free", .plain = true,
	     .fields = { { PASID, 0, 4 } }, .errors = { ENOENT, EPERM }, .done = done_free),
	CALL(BIND, IOASID_BIND, struct ioasid_bind, 16, .name = "bind",
	     .fields = { FIELD(struct ioasid_bind, pasid, PASID),
			 FIELD(struct ioasid_bind, __reserved, ZERO),
			 FIELD(struct ioasid_bind, device, DEVICE) },
	     .errors = { ENOENT, ENODEV, EBUSY, EPERM, EINTR, EDQUOT }, .done = done_bind),
	CALL(UNBIND, IOASID_UNBIND, struct ioasid_bind, 5, .name = "unbind",
	     .fields = { FIELD(struct ioasid_bind, pasid, PASID),
			 FIELD(struct ioasid_bind, __reserved, ZERO),
			 FIELD(struct ioasid_bind, device, DEVICE) },
	     .errors = { ENOENT, ENODEV, EPERM }),
	CALL(DMA, IOASID_DMA, struct ioasid_dma, 120, .name = "dma",
	     .flags = IOASID_DMA_READ | IOASID_DMA_WRITE | IOASID_DMA_NO_PASID,
	     .fields = { FIELD(struct ioasid_dma, pasid, PASID),
			 FIELD(struct ioasid_dma, __reserved, ZERO),
			 FIELD(struct ioasid_dma, iova, IOVA), FIELD(struct ioasid_dma, length, BYTES),
			 FIELD(struct ioasid_dma, data, BUFFER), FIELD(struct ioasid_dma, device, DEVICE) },
	     .spans = { { offsetof(struct ioasid_dma, data), offsetof(struct ioasid_dma, length), false },
			{ offsetof(struct ioasid_dma, iova), offsetof(struct ioasid_dma, length), true } },
	     .errors = { ENODEV, EPERM, EINTR }, .adjust = adjust_dma, .done = done_dma),
	CALL(SPID_ATTACH, IOASID_SPID_ATTACH, struct ioasid_spid, 8, .name = "spid attach",
	     .fields = { FIELD(struct ioasid_spid, pasid, PASID), FIELD(struct ioasid_spid, spid, SPID) },
	     .errors = { ENOENT, EPERM, EBUSY, EEXIST }, .adjust = adjust_spid, .done = done_spid),
	CALL(SPID_DETACH, IOASID_SPID_DETACH, struct ioasid_spid, 4, .name = "spid detach",
	     .fields = { FIELD(struct ioasid_spid, pasid, PASID), FIELD(struct ioasid_spid, spid, ZERO) },
	     .errors = { ENOENT, EPERM }, .adjust = adjust_spid_detach),
	CALL(DEVICE_INFO, IOASID_DEVICE_INFO, struct ioasid_device_info, 2, .name = "device info",
	     .output = true, .fields = { FIELD(struct ioasid_device_info, device, DEVICE),
					 FIELD(struct ioasid_device_info, caps, ANY),
					 FIELD(struct ioasid_device_info, page_sizes, ANY) },
	     .errors = { ENODEV }),
	CALL(EXTENSION, IOASID_CHECK_EXTENSION, struct ioasid_extension_check, 2, .name = "extension",
	     .output = true, .fields = { FIELD(struct ioasid_extension_check, extension, SPACE_KIND),
					 FIELD(struct ioasid_extension_check, value, ANY) }),
	CALL(IOAS_ALLOC, IOASID_IOAS_ALLOC, struct ioasid_ioas_alloc, 14, .name = "ioas alloc",
	     .output = true, .flags = IOASID_IOAS_SNOOP | IOASID_IOAS_FAULTS,
	     .fields = { FIELD(struct ioasid_ioas_alloc, kind, SPACE_KIND),
			 FIELD(struct ioasid_ioas_alloc, format, SPACE_KIND),
			 FIELD(struct ioasid_ioas_alloc, parent, SPACE),
			 FIELD(struct ioasid_ioas_alloc, ioas_id, ANY),
			 FIELD(struct ioasid_ioas_alloc, base_iova, IOVA),
			 FIELD(struct ioasid_ioas_alloc, highest_iova, IOVA) },
	     .errors = { ENOENT, ENOSPC }, .adjust = adjust_ioas_alloc, .done = done_ioas_alloc),
	CALL(IOAS_FREE, IOASID_IOAS_FREE, struct ioasid_ioas_id, 8, .name = "ioas free",
	     .fields = { FIELD(struct ioasid_ioas_id, ioas_id, SPACE),
			 FIELD(struct ioasid_ioas_id, __reserved, ZERO) },
	     .errors = { ENOENT, EBUSY }, .done = done_ioas_free),
	CALL(RANGES, IOASID_IOAS_RANGES, struct ioasid_ioas_ranges, 3, .name = "ranges", .output = true,
	     .output_on_error = true,
	     .fields = { FIELD(struct ioasid_ioas_ranges, ioas_id, SPACE),
			 FIELD(struct ioasid_ioas_ranges, count, COUNTED),
			 FIELD(struct ioasid_ioas_ranges, ranges, ARRAY),
			 FIELD(struct ioasid_ioas_ranges, page_sizes, ANY) },
	     .errors = { ENOENT, EMSGSIZE }),
	CALL(MAP, IOASID_MAP, struct ioasid_map, 30, .name = "map",
	     .flags = IOASID_MAP_READ | IOASID_MAP_WRITE,
	     .fields = { FIELD(struct ioasid_map, ioas_id, SPACE),
			 FIELD(struct ioasid_map, __reserved, ZERO),
			 FIELD(struct ioasid_map, iova, IOVA_PAGE), FIELD(struct ioasid_map, length, PAGES),
			 FIELD(struct ioasid_map, address, ADDRESS) },
	     .spans = { { offsetof(struct ioasid_map, address), offsetof(struct ioasid_map, length), false } },
	     .errors = { ENOENT, EEXIST, EINTR }, .adjust = adjust_map),
	CALL(UNMAP, IOASID_UNMAP, struct ioasid_unmap, 14, .name = "unmap", .output = true,
	     .fields = { FIELD(struct ioasid_unmap, ioas_id, SPACE),
			 FIELD(struct ioasid_unmap, __reserved, ZERO),
			 FIELD(struct ioasid_unmap, iova, IOVA_PAGE),
			 FIELD(struct ioasid_unmap, length, PAGES) },
	     .errors = { ENOENT, EBUSY }, .adjust = adjust_unmap, .done = done_unmap),
	CALL(TABLE_BIND, IOASID_TABLE_BIND, struct ioasid_table_bind, 10, .name = "table bind",
	     .fields = { FIELD(struct ioasid_table_bind, ioas_id, SPACE),
			 FIELD(struct ioasid_table_bind, __reserved, ZERO),
			 FIELD(struct ioasid_table_bind, root, IOVA_PAGE) },
	     .errors = { ENOENT, EBUSY }, .adjust = adjust_table),
	CALL(TABLE_UNBIND, IOASID_TABLE_UNBIND, struct ioasid_ioas_id, 5, .name = "table unbind",
	     .fields = { FIELD(struct ioasid_ioas_id, ioas_id, SPACE),
			 FIELD(struct ioasid_ioas_id, __reserved, ZERO) },
	     .errors = { ENOENT }, .adjust = adjust_table_unbind),
	CALL(INVALIDATE, IOASID_INVALIDATE, struct ioasid_invalidate, 12, .name = "invalidate",
	     .output = true, .output_on_error = true,
	     .fields = { FIELD(struct ioasid_invalidate, ioas_id, SPACE),
			 FIELD(struct ioasid_invalidate, entry_size, LENGTH),
			 FIELD(struct ioasid_invalidate, entries, ARRAY),
			 FIELD(struct ioasid_invalidate, count, COUNTED),
			 FIELD(struct ioasid_invalidate, __reserved, ZERO) },
	     .errors = { ENOENT, EINTR }, .adjust = adjust_invalidate),
	CALL(ATTACH, IOASID_ATTACH, struct ioasid_attach, 26, .name = "attach",
	     .flags = IOASID_ATTACH_PASID | IOASID_ATTACH_SPID | IOASID_ATTACH_REPLACE,
	     .fields = { FIELD(struct ioasid_attach, ioas_id, SPACE),
			 FIELD(struct ioasid_attach, pasid, PASID),
			 FIELD(struct ioasid_attach, device, DEVICE) },
	     .errors = { ENOENT, ENODEV, EBUSY, ERANGE, EDQUOT, EPERM, EINTR },
	     .adjust = adjust_attach,
	     .done = done_attach),
	CALL(DETACH, IOASID_DETACH, struct ioasid_attach, 8, .name = "detach",
	     .flags = IOASID_ATTACH_PASID | IOASID_ATTACH_SPID,
	     .fields = { FIELD(struct ioasid_attach, ioas_id, ZERO),
			 FIELD(struct ioasid_attach, pasid, PASID),
			 FIELD(struct ioasid_attach, device, DEVICE) },
	     .errors = { ENOENT, ENODEV, EPERM }, .adjust = adjust_detach),
	CALL(PAGE_RESPONSE, IOASID_PAGE_RESPONSE, struct ioasid_page_response, 20, .name = "page response",
	     .fields = { FIELD(struct ioasid_page_response, id, REQUEST),
			 FIELD(struct ioasid_page_response, response, SPACE_KIND),
			 FIELD(struct ioasid_page_response, __reserved, ZERO) },
	     .errors = { ENOENT }, .adjust = adjust_response),
	/* Succeeds with ENOTTY. */
	[UNKNOWN] = { .name = "unknown", .weight = 1 },
	[OPEN] = { .name = "open", .errors = { EBUSY, EMFILE } },
	[READ] = { .name = "read", .errors = { EAGAIN, EINTR } },
	[STRANGER] = { .name = "by a stranger" },	/* succeeds with EPERM */
	[KILL] = { .name = "kill" },
};

/* --- Results -------------------------------------------------------------- */

void wrong(const char *what, const char *format, ...)
{
	char detail[128];
	va_list values;

	if (shared->wrong++ >= 20)
		return;
	va_start(values, format);
	vsnprintf(detail, sizeof(detail), format, values);
	va_end(values);
	dprintf(STDOUT_FILENO, "wrong: %s: %s (seed %llu)\n", what, detail, (unsigned long long)shared->seed);
}

static bool is_documented(enum call call, int error)
{
	/* EBADF: another thread closed the descriptor. */
	static const int of_all[] = { EBADF, E2BIG, EFAULT, EINVAL, ENOMEM, EOPNOTSUPP };

	for (size_t i = 0; i < COUNT(of_all); i++)
		if (of_all[i] == error)
			return true;
	for (size_t i = 0; i < COUNT(rows[call].errors); i++)
		if (rows[call].errors[i] == error)
			return error;
	return false;
}

long note(enum call call, long result)
{
	int error = errno;

	if (result >= 0) {
		shared->done[call]++;
		return result;
	}
	shared->errors[call][error & 255]++;
	if (!is_documented(call, error))
		wrong(rows[call].name, "%s", strerrorname_np(error));
	errno = error;
	return result;
}

/* The same for a call that must fail with @error */
static void note_failure(enum call call, long result, int error)
{
	if (result < 0 && errno == error)
		shared->done[call]++;
	else if (result < 0 && errno == EBADF)
		shared->errors[call][EBADF]++;
	else
		wrong(rows[call].name, "%s", result < 0 ? strerrorname_np(errno) : "succeeded");
}

unsigned int print_never(bool print)
{
	unsigned int count = 0;

	for (enum call call = 0; call < CALLS; call++) {
		if (shared->done[call])
			continue;
		count++;
		if (print)
			printf("never: %s\n", rows[call].name);
	}
	return count;
}

void print_counts(void)
{
	for (enum call call = 0; call < CALLS; call++) {
		fprintf(stderr, "%-16s: %9lu done", rows[call].name, shared->done[call]);
		for (int error = 0; error < 256; error++)
			if (shared->errors[call][error])
				fprintf(stderr, " %9lu %s", shared->errors[call][error], strerrorname_np(error));
		fprintf(stderr, "\n");
	}
}

/* --- Calls ---------------------------------------------------------------- */

void prepare_arguments(void)
{
	room = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	data = mmap(NULL, DATA_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED || data == MAP_FAILED || mprotect(room + 2 * PAGE, PAGE, PROT_NONE))
		_exit(2);
}

long issue(enum call call, void *args)
{
	long result = note(call, ioctl(device, rows[call].number, args));

	if (result >= 0 && rows[call].done)
		rows[call].done(args, result);
	return result;
}

static uint64_t valid_value(enum kind kind)
{
	switch (kind) {
	case PASID:
		return below(8) ? pick(&pasids) : 1 + below(PASIDS);
	case SPID:
		return pick(&spids);
	case SPACE:
		return some_space();
	case IOVA:
		return some_iova();
	case IOVA_PAGE:
		return some_iova() & -(uint64_t)PAGE;
	case BYTES:
		return some_bytes();
	case PAGES:
		return some_pages();
	case ADDRESS:
		return (uintptr_t)ARENA + in_arena();
	case BUFFER:
		return some_buffer();
	case ARRAY:
		return some_array();
	case LENGTH:
		return 16 + 8 * below(2);
	case COUNTED:
		return below(9);
	case SPACE_KIND:
		return below(6);
	case REQUEST:
		return pick(&requests);
	default:
		return 0;
	}
}

static void generate_once(const struct row *row, char *args, bool wild)
{
	for (const struct field *field = row->fields; field < row->fields + COUNT(row->fields); field++) {
		bool odd = wild && !below(3);
		uint64_t value;

		if (!field->kind)
			break;
		if (field->kind == DEVICE) {
			set_device(args + field->offset, odd);
			continue;
		}
		value = odd ? boundary() : valid_value(field->kind);
		/* The machines are little-endian. */
		memcpy(args + field->offset, &value, field->size);
	}
	if (row->adjust && (!wild || below(2)))
		row->adjust(args);
	if (wild && !row->plain && row->size && !below(3))
		((__u32 *)args)[1] = below(2) ? row->flags & draw() : 1u << below(32);
}

/* Would this call let a device access a canary, or the kernel write to it? */
static bool is_forbidden(const struct row *row, const char *args)
{
	const struct ioasid_ioas_alloc *alloc = (const void *)args;

	if (strict && row == &rows[IOAS_ALLOC] && alloc->kind == IOASID_KIND_PROCESS)
		return true;
	for (size_t i = 0; i < COUNT(row->spans); i++) {
		const struct span *span = &row->spans[i];
		uint64_t address, length;

		if (!span->length || (span->iova && strict))
			continue;
		memcpy(&address, args + span->address, sizeof(address));
		memcpy(&length, args + span->length, sizeof(length));
		if (reaches_canary(address, length))
			return true;
	}
	return false;
}

/* The size that the struct says it has. Writes its tail. */
static uint32_t choose_size(const struct row *row, char *args, bool wild)
{
	uint32_t size = row->size, space = 2 * PAGE;

	if (row->plain || !size)
		return size;
	if (wild && !below(4))
		switch (below(6)) {
		case 0:
			size = below(size);
			break;
		case 1:		/* zeros: valid */
			size += 1 + below(64);
			break;
		case 2:
			size = PAGE;
			break;
		case 3:
			size += 1 + below(PAGE - size - 1);
			args[size - 1] = 1;
			break;
		case 4:
			size = PAGE + 1 + below(PAGE);
			break;
		case 5:
			size = boundary();
			break;
		}
	memcpy(args, &size, sizeof(size));
	return size < space ? size : space;
}

#define GUARD 64	/* bytes after the struct that must not change */

/* The struct in the thread's memory: what may the kernel have changed? */
static void check_struct(const struct row *row, const char *at, const char *args, uint32_t size, bool wrote)
{
	uint32_t same = wrote ? row->size : 0;

	if (same < size && memcmp(at + same, args + same, size - same))
		wrong(row->name, "changed the struct after byte %u", same);
	for (uint32_t i = size; i < size + GUARD; i++)
		if (at[i] != 0x5a) {
			wrong(row->name, "wrote beyond the struct");
			return;
		}
}

/* Make the call with the struct @args of @size bytes somewhere. */
static long call_with(const struct row *row, unsigned int number, const char *args, uint32_t size, bool wild)
{
	unsigned int where = wild ? below(24) : 8;
	bool fits = size + GUARD <= 2 * PAGE;
	char *at = room;
	long result;
	int error;

	if (where == 0)
		return ioctl(device, number, bad_pointer());
	if (where <= 2) {	/* at the end of the memory, or half of it */
		at = room + 2 * PAGE - size / where;
		memcpy(at, args, size / where);
		return ioctl(device, number, at);
	}
	memset(at, 0x5a, fits ? size + GUARD : 2 * PAGE);
	memcpy(at, args, size);
	if (where == 3 && row->output) {	/* the kernel cannot return anything */
		mprotect(room, 2 * PAGE, PROT_READ);
		result = ioctl(device, number, at);
		error = errno;
		mprotect(room, 2 * PAGE, PROT_READ | PROT_WRITE);
		errno = error;
		return result;
	}
	result = ioctl(device, number, at);
	error = errno;
	if (fits)
		check_struct(row, at, args, size, row->output && (result >= 0 || row->output_on_error));
	if (result >= 0 && row->done)
		row->done(at, result);
	errno = error;
	return result;
}

static unsigned int unknown_number(void)
{
	unsigned int number = IOASID_TYPE << 8 | below(256);

	for (enum call call = 0; call < UNKNOWN; call++)
		if (rows[call].number == number)	/* with a direction and a size */
			return number | (1u + below(3)) << 30 | below(256) << 16;
	return number;
}

/* BIND shares the memory of the process. */
static unsigned int weight_of(enum call call)
{
	return strict && call == BIND ? 0 : rows[call].weight;
}

static enum call some_call(void)
{
	enum call call = VERSION;
	unsigned int number = 0;

	for (enum call each = 0; each < REQUESTS; each++)
		number += weight_of(each);
	for (number = below(number); number >= weight_of(call); call++)
		number -= weight_of(call);
	return call;
}

static long make_call(enum call call)
{
	static __thread char args[2 * PAGE];
	const struct row *row = &rows[call];
	bool wild = !below(6);
	uint32_t size;

	memset(args, 0, sizeof(args));
	do
		generate_once(row, args, wild);
	while (is_forbidden(row, args));
	size = choose_size(row, args, wild);
	return call_with(row, call == UNKNOWN ? unknown_number() : row->number, args, size, wild);
}

void random_call(void)
{
	enum call call = some_call();
	long result = make_call(call);

	if (call == UNKNOWN)
		note_failure(UNKNOWN, result, ENOTTY);
	else
		note(call, result);
}

void random_call_of_stranger(void)
{
	note_failure(STRANGER, make_call(some_call()), EPERM);
}

void build(void)
{
	struct ioasid_alloc_request pasid = { .argsz = sizeof(pasid), .range = { 1, PASIDS } };
	struct ioasid_ioas_alloc parent = { .size = sizeof(parent), .kind = IOASID_KIND_KERNEL };
	struct ioasid_ioas_alloc child = {
		.size = sizeof(child), .flags = below(4) ? IOASID_IOAS_FAULTS : 0,
		.kind = IOASID_KIND_USER, .format = IOASID_FORMAT_X86_64,
	};
	struct ioasid_map map = {
		.size = sizeof(map), .flags = IOASID_MAP_READ | IOASID_MAP_WRITE, .iova = IOVA_BASE,
		.length = 2 * TABLES * PAGE, .address = (uintptr_t)ARENA,
	};
	struct ioasid_table_bind table = { .size = sizeof(table), .root = IOVA_BASE };
	struct ioasid_attach attach = { .size = sizeof(attach), .flags = IOASID_ATTACH_PASID };

	set_device(attach.device, false);
	if (issue(IOAS_ALLOC, &parent) < 0)
		return;
	map.ioas_id = child.parent = parent.ioas_id;
	issue(MAP, &map);
	map.iova += map.length;
	map.address += map.length;
	map.length = ARENA_SIZE - map.length;
	issue(MAP, &map);
	if (issue(IOAS_ALLOC, &child) < 0)
		return;
	table.ioas_id = child.ioas_id;
	attach.ioas_id = below(4) ? child.ioas_id : parent.ioas_id;
	write_table();
	issue(TABLE_BIND, &table);
	attach.pasid = below(4) ? issue(ALLOC, &pasid) : 0;
	if ((int)attach.pasid < 0)
		return;
	if (!attach.pasid)
		attach.flags = 0;
	issue(ATTACH, &attach);
}
