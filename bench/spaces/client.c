// SPDX-License-Identifier: GPL-2.0-only
/*
 * client calls    measure the calls for I/O address spaces, each with one page
 * client memory   measure mapping 1 GiB, and mlock() of as much
 *
 * Prints one line per figure, in nanoseconds. In a guest whose clock counts
 * instructions (see run), a nanosecond is one instruction.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"

enum { PAGE = 4096, IOTLB = 64, MANY = 10000, IOVA = 1 << 20 };
#define GIB	(1ull << 30)
#define DEVICE	"sim0"

static int fd;
static char *buffer, *data;
static uint32_t kernel, user, process, pasid;

static long need(long result, const char *what)
{
	if (result < 0) {
		perror(what);
		exit(1);
	}
	return result;
}

#define CALL(number, ...) need(ioctl(fd, IOASID_##number, __VA_ARGS__), #number)

static uint32_t space(uint32_t kind)
{
	struct ioasid_ioas_alloc args = { .size = sizeof(args), .kind = kind };

	if (kind == IOASID_KIND_USER) {
		args.format = IOASID_FORMAT_X86_64;
		args.parent = kernel;
	}
	CALL(IOAS_ALLOC, &args);
	return args.ioas_id;
}

static void map(uint32_t id, uint64_t iova, void *address, uint64_t length)
{
	struct ioasid_map args = {
		.size = sizeof(args), .flags = IOASID_MAP_READ | IOASID_MAP_WRITE, .ioas_id = id,
		.iova = iova, .length = length, .address = (uintptr_t)address,
	};

	CALL(MAP, &args);
}

static void unmap(uint32_t id, uint64_t iova, uint64_t length)
{
	struct ioasid_unmap args = {
		.size = sizeof(args), .ioas_id = id, .iova = iova, .length = length,
	};

	CALL(UNMAP, &args);
}

static uint32_t alloc(void)
{
	struct ioasid_alloc_request args = { .argsz = sizeof(args), .range = { 1, 0xfffff } };

	return CALL(REQUEST_ALLOC, &args);
}

static void attach(uint32_t id, uint32_t to)
{
	struct ioasid_attach args = {
		.size = sizeof(args), .flags = IOASID_ATTACH_PASID, .ioas_id = id, .pasid = to,
		.device = DEVICE,
	};

	CALL(ATTACH, &args);
}

static void detach(uint32_t from)
{
	struct ioasid_attach args = {
		.size = sizeof(args), .flags = IOASID_ATTACH_PASID, .pasid = from, .device = DEVICE,
	};

	CALL(DETACH, &args);
}

static void dma(uint64_t iova, uint64_t length)
{
	struct ioasid_dma args = {
		.size = sizeof(args), .flags = IOASID_DMA_WRITE, .pasid = pasid, .iova = iova,
		.length = length, .data = (uintptr_t)data, .device = DEVICE,
	};

	CALL(DMA, &args);
}

static void no_call(void)
{
	struct ioasid_extension_check args = {
		.size = sizeof(args), .extension = IOASID_EXT_KINDS,
	};

	CALL(CHECK_EXTENSION, &args);
}

static void copy(void)
{
	memcpy(buffer, data, PAGE);
	/* The copy has an effect. */
	__asm__ volatile("" : : "r"(buffer) : "memory");
}

static int file;

static void copy_by_kernel(void)
{
	need(pwrite(file, data, PAGE, 0), "pwrite");
}

static void lock_page(void)
{
	need(mlock(buffer, PAGE), "mlock");
	need(munlock(buffer, PAGE), "munlock");
}

/* Beside other mappings, and where tables have to be made for it. */
static void map_page(void)
{
	map(kernel, IOVA - PAGE, buffer, PAGE);
	unmap(kernel, IOVA - PAGE, PAGE);
}

static void map_page_alone(void)
{
	map(kernel, 2 * GIB, buffer, PAGE);
	unmap(kernel, 2 * GIB, PAGE);
}

static void alloc_free(void)
{
	uint32_t id = alloc();

	CALL(REQUEST_FREE, &id);
}

static uint32_t second;

static void attach_detach(void)
{
	attach(kernel, second);
	detach(second);
}

static void warm(void)
{
	dma(IOVA, PAGE);
}

static void warm_byte(void)
{
	dma(IOVA, 1);
}

/* Two pages that have the same place in the IOTLB. */
static void cold_byte(void)
{
	static int odd;

	dma(IOVA + (odd ^= 1) * IOTLB * PAGE, 1);
}

static void warm_process(void)
{
	dma((uintptr_t)buffer, PAGE);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

/* The mean of the fastest of several batches. */
static void measure(const char *name, void (*fn)(void))
{
	enum { BATCHES = 10, TIMES = 200 };
	double best = 1e18;

	for (int batch = 0; batch < BATCHES; batch++) {
		double begin = now();

		for (int n = 0; n < TIMES; n++)
			fn();
		if (now() - begin < best)
			best = now() - begin;
	}
	printf("%s: %.0f\n", name, best / TIMES);
}

/* In @buffer, mapped at IOVA: a page table that maps IOVA to IOVA. */
static void make_table(void)
{
	uint64_t *table = (uint64_t *)(buffer + PAGE), at = IOVA + PAGE;
	struct ioasid_table_bind args = {
		.size = sizeof(args), .ioas_id = user, .root = at,
	};

	for (int shift = 39; shift >= 12; shift -= 9, table += 512, at += PAGE)
		table[(IOVA >> shift) % 512] = (shift == 12 ? IOVA : at + PAGE) | 3;
	CALL(TABLE_BIND, &args);
}

static void calls(void)
{
	kernel = space(IOASID_KIND_KERNEL);
	user = space(IOASID_KIND_USER);
	process = space(IOASID_KIND_PROCESS);
	pasid = alloc();
	second = alloc();
	file = need(memfd_create("file", 0), "memfd_create");
	map(kernel, IOVA, buffer, 2 * IOTLB * PAGE);
	make_table();
	measure("a call that does nothing", no_call);
	measure("mlock + munlock of a page", lock_page);
	measure("map + unmap of a page", map_page);
	measure("map + unmap of a page, with tables", map_page_alone);
	measure("alloc + free", alloc_free);
	measure("attach + detach", attach_detach);
	measure("memcpy of 4 KiB in user space", copy);
	measure("pwrite of 4 KiB", copy_by_kernel);
	attach(kernel, pasid);
	measure("DMA of a byte", warm_byte);
	measure("DMA of a byte, not in the IOTLB", cold_byte);
	measure("DMA of 4 KiB, kernel", warm);
	for (int n = 0; n < MANY; n++) {
		alloc();
		map(kernel, 4 * GIB + 2 * n * PAGE, buffer, PAGE);
	}
	measure("DMA of 4 KiB, 10,000 PASIDs and mappings", warm);
	detach(pasid);
	attach(user, pasid);
	measure("DMA of 4 KiB, user", warm);
	detach(pasid);
	attach(process, pasid);
	measure("DMA of 4 KiB, process", warm_process);
}

static char *gib(int advice)
{
	char *at = mmap(NULL, 2 * GIB, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	need(at == MAP_FAILED ? -1 : 0, "mmap");
	at = (char *)(((uintptr_t)at + GIB - 1) & -GIB);
	need(madvise(at, GIB, advice), "madvise");
	return at;
}

static void memory(void)
{
	static const struct {
		const char *name;
		int advice;
	} kinds[] = { { "4 KiB", MADV_NOHUGEPAGE }, { "2 MiB", MADV_HUGEPAGE } };
	char *at;

	kernel = space(IOASID_KIND_KERNEL);
	for (int n = 0; n < 2; n++) {
		double begin;

		at = gib(kinds[n].advice);
		begin = now();
		need(mlock(at, GIB), "mlock");
		printf("mlock of 1 GiB, %s: %.0f\n", kinds[n].name, now() - begin);
		munmap(at, GIB);
		at = gib(kinds[n].advice);
		begin = now();
		map(kernel, GIB, at, GIB);
		printf("map of 1 GiB, %s: %.0f\n", kinds[n].name, now() - begin);
		begin = now();
		unmap(kernel, GIB, GIB);
		printf("unmap of 1 GiB, %s: %.0f\n", kinds[n].name, now() - begin);
		munmap(at, GIB);
	}
}

int main(int argc, char **argv)
{
	fd = need(open("/dev/ioasid", O_RDWR), "/dev/ioasid");
	buffer = mmap(NULL, 2 * IOTLB * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(buffer == MAP_FAILED ? -1 : 0, "mmap");
	data = calloc(1, PAGE);
	memset(buffer, 0, 2 * IOTLB * PAGE);
	if (argc == 2 && !strcmp(argv[1], "calls"))
		calls();
	else if (argc == 2 && !strcmp(argv[1], "memory"))
		memory();
	else
		return fprintf(stderr, "usage: client calls | client memory\n"), 2;
	return 0;
}
