// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client: up to three threads call the device at random for some time,
 * including through a descriptor that another thread closes, on PASIDs that may
 * belong to another process, and with memory that changes during the DMA.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"
#include "stress.h"

#define THREADS 3
#define PASIDS 40		/* few, so that clients collide */
#define BUFFER (64 * 1024u)

static atomic_int device = -1;
static atomic_uint recent;	/* the last PASID allocated */
static char *buffer;		/* memory that the device accesses */

static unsigned int some_pasid(unsigned int *seed)
{
	return random_below(seed, 4) ? recent : 1 + random_below(seed, PASIDS);
}

static void set_name(char *name, unsigned int *seed)
{
	snprintf(name, IOASID_NAME_LEN, "sim%u", random_below(seed, 2));
}

static void do_alloc(unsigned int *seed)
{
	struct ioasid_alloc_request request = { .argsz = sizeof(request), .range = { 1, PASIDS } };
	long id;

	if (!random_below(seed, 3))
		request.range.max = 0xfffff;
	id = note(CALL_ALLOC, ioctl(device, IOASID_REQUEST_ALLOC, &request));
	if (id > 0)
		recent = id;
}

static void do_free(unsigned int *seed)
{
	__u32 id = some_pasid(seed);

	note(CALL_FREE, ioctl(device, IOASID_REQUEST_FREE, &id));
}

static void do_bind(unsigned int *seed)
{
	struct ioasid_bind bind = { .size = sizeof(bind), .pasid = some_pasid(seed) };

	set_name(bind.device, seed);
	note(CALL_BIND, ioctl(device, IOASID_BIND, &bind));
}

static void do_unbind(unsigned int *seed)
{
	struct ioasid_bind bind = { .size = sizeof(bind), .pasid = some_pasid(seed) };

	set_name(bind.device, seed);
	note(CALL_UNBIND, ioctl(device, IOASID_UNBIND, &bind));
}

static void do_dma(unsigned int *seed)
{
	static __thread char data[BUFFER];
	bool write = random_below(seed, 2);
	struct ioasid_dma dma = {
		.size = sizeof(dma),
		.flags = write ? IOASID_DMA_WRITE : IOASID_DMA_READ,
		.pasid = some_pasid(seed),
		.length = 1 + random_below(seed, BUFFER - 1),
		.iova = (uintptr_t)buffer,
		.data = (uintptr_t)data,
	};

	set_name(dma.device, seed);
	note(write ? CALL_WRITE : CALL_READ, ioctl(device, IOASID_DMA, &dma));
}

static void do_spid(unsigned int *seed)
{
	struct ioasid_spid spid = {
		.size = sizeof(spid), .pasid = some_pasid(seed), .spid = random_below(seed, 8),
	};

	note(CALL_SPID, ioctl(device, IOASID_SPID_ATTACH, &spid));
}

static void do_unspid(unsigned int *seed)
{
	struct ioasid_spid spid = { .size = sizeof(spid), .pasid = some_pasid(seed) };

	note(CALL_UNSPID, ioctl(device, IOASID_SPID_DETACH, &spid));
}

/* The process has one descriptor, or none. */
static void do_reopen(unsigned int *seed)
{
	int fd = atomic_exchange(&device, -1);

	(void)seed;
	if (fd >= 0)
		close(fd);
	fd = note(CALL_OPEN, open("/dev/ioasid", O_RDWR | O_CLOEXEC));
	if (fd >= 0)
		device = fd;
}

static void do_remap(unsigned int *seed)
{
	size_t offset = random_below(seed, BUFFER / 4096) * 4096;

	switch (random_below(seed, 3)) {
	case 0:
		munmap(buffer + offset, 4096);
		break;
	case 1:
		mprotect(buffer, BUFFER, PROT_READ);
		break;
	}
	mmap(buffer, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

/*
 * The descriptor is unusable in a child, and the child can close it without
 * effect.
 */
static void do_fork(unsigned int *seed)
{
	struct ioasid_alloc_request request = { .argsz = sizeof(request), .range = { 1, PASIDS } };
	bool wait = random_below(seed, 2);
	pid_t pid = fork();

	if (!pid) {
		note_refusal(CALL_FOREIGN, ioctl(device, IOASID_REQUEST_ALLOC, &request), EPERM);
		if (!wait)
			nap(0.02);
		_exit(0);
	}
	if (pid > 0 && wait)
		waitpid(pid, NULL, 0);
}

static const struct {
	void (*run)(unsigned int *seed);
	unsigned int weight;
} actions[] = {
	{ do_alloc, 30 }, { do_free, 20 }, { do_bind, 20 }, { do_unbind, 8 }, { do_dma, 20 },
	{ do_spid, 6 }, { do_unspid, 4 }, { do_reopen, 2 }, { do_remap, 3 }, { do_fork, 1 },
};

static void act(unsigned int *seed)
{
	unsigned int sum = 0, draw;

	for (size_t i = 0; i < COUNT(actions); i++)
		sum += actions[i].weight;
	draw = random_below(seed, sum);
	for (size_t i = 0; i < COUNT(actions); i++) {
		if (draw < actions[i].weight) {
			actions[i].run(seed);
			return;
		}
		draw -= actions[i].weight;
	}
}

struct worker {
	unsigned int seed;
	double end;
};

static void *work(void *argument)
{
	struct worker *worker = argument;

	while (now() < worker->end && !shared->quiet) {
		if (device < 0)
			do_reopen(&worker->seed);
		if (device < 0)
			nap(0.003);	/* give way to other processes */
		else
			act(&worker->seed);
	}
	return NULL;
}

void client(unsigned int seed)
{
	unsigned int count = 1 + random_below(&seed, THREADS);
	double end = now() + random_below(&seed, 400) / 1000.;
	struct worker workers[THREADS];
	pthread_t threads[THREADS];

	setpgid(0, 0);
	buffer = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (unsigned int i = 0; i < count; i++) {
		workers[i] = (struct worker){ .seed = rand_r(&seed), .end = end };
		if (i && pthread_create(&threads[i], NULL, work, &workers[i]))
			_exit(2);
	}
	work(&workers[0]);
	switch (random_below(&seed, 3)) {
	case 0:		/* in order */
		for (unsigned int i = 1; i < count; i++)
			pthread_join(threads[i], NULL);
		close(device);
		_exit(0);
	case 1:		/* while other threads are in a call */
		_exit(0);
	default:
		execl("/bin/true", "true", (char *)NULL);
		_exit(2);
	}
}
