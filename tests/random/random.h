/* SPDX-License-Identifier: GPL-2.0-only */
/* Declarations shared by the parts of `random` (see main.c). */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PAGE 4096u
#define PASIDS 40		/* few, so that processes collide */
#define DEVICES 4

/* --- calls.c: the table of calls, and their results ----------------------- */

enum call {
	/* Calls of the device, which have arguments */
	VERSION, INFO, ALLOC, FREE, BIND, UNBIND, DMA, SPID_ATTACH, SPID_DETACH, DEVICE_INFO,
	EXTENSION, IOAS_ALLOC, IOAS_FREE, RANGES, MAP, UNMAP, TABLE_BIND, TABLE_UNBIND, INVALIDATE,
	ATTACH, DETACH, PAGE_RESPONSE, UNKNOWN, REQUESTS,
	/* The other ones */
	OPEN = REQUESTS, READ, STRANGER, KILL, CALLS
};

/* In memory shared by all processes. */
struct shared {
	uint64_t seed;
	atomic_ulong done[CALLS];
	atomic_ulong errors[CALLS][256];	/* by errno */
	atomic_ulong wrong;
};

extern struct shared *shared;

/* Count the result of @call and check errno. Returns @result. */
long note(enum call call, long result);
void wrong(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The calls that never succeeded, one per line. Returns their number. */
unsigned int print_never(bool print);
void print_counts(void);

/* Make the call with valid arguments. */
long issue(enum call call, void *args);
/* Make a random call, with random arguments. */
void random_call(void);
/* The same through a descriptor of another process: it must fail. */
void random_call_of_stranger(void);
/* Each thread calls this before its first call. */
void prepare_arguments(void);
void forget_objects(void);
void remember_request(uint64_t id);
/* Make a space with a page table and attach devices: random calls start from it. */
void build(void);

/* --- memory.c: what devices may access, and what they may not ------------- */

/*
 * The arena is the memory that calls name. Its first pages serve as page tables,
 * and the calls usually map it at IOVA_BASE. Any page of it may be absent at any
 * time, so this program accesses it only with system calls.
 *
 * The canaries are two areas before and after it, which no call names. Nothing
 * writes to them, and no DMA reads their pattern.
 */
#define ARENA ((char *)0x200000000000)
#define ARENA_SIZE (4u << 20)
#define TABLES 16u		/* pages */
#define IOVA_BASE 0x40000000ull

/*
 * @adjoining: without gaps between them. For processes that never share their
 * own memory with a device (`strict`): their DMAs may name the canaries.
 */
void map_memory(char digit, bool adjoining);
/* In a forked child: another thread may have changed the canaries. */
void renew_memory_of_child(void);
bool reaches_canary(uint64_t address, uint64_t length);
uint64_t canary_address(void);
void check_canaries(void);
/* The canaries get other pages, which may have been mapped for devices before. */
void renew_canaries(void);
/* Data that a device has read. */
void check_data(const char *data, size_t size);
/* Fill with the process's digit. */
void fill(char *data, size_t size);
void disturb_memory(void);
/* Write a random entry of a page table, or a valid table. */
void scribble(void);
void write_table(void);

/* --- client.c: a process that uses the device ----------------------------- */

extern atomic_int device;
extern bool strict;	/* never BIND, nor a space of kind PROCESS */

void become(unsigned int user);
void client(unsigned int user, unsigned int threads);

/* --- Random numbers: each thread has its own sequence --------------------- */

extern __thread uint64_t sequence;

void start_sequence(uint64_t number);

static inline uint64_t draw(void)
{
	uint64_t x = sequence += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static inline unsigned int below(unsigned int limit)
{
	return draw() % limit;
}

double now(void);

#endif
