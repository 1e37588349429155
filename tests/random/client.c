// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client: several threads call the device, change its memory, read and answer
 * faults, close and open the device, and fork. The main thread interrupts their
 * calls with signals.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"
#include "random.h"

#define MAX_THREADS 64

atomic_int device = -1;
bool strict;
__thread uint64_t sequence;

static bool blocking;		/* read() waits */
static bool restarting;		/* system calls are restarted after a signal */
static bool is_child;
static atomic_bool stop;

void start_sequence(uint64_t number)
{
	sequence = shared->seed ^ number << 32;
	sequence = draw();
}

/* --- The descriptor ------------------------------------------------------- */

static void close_device(void)
{
	int fd = atomic_exchange(&device, -1);

	if (fd >= 0)
		close(fd);
}

/* A child or a call may keep the previous descriptor open: EBUSY. */
static void reopen(void)
{
	int fd;

	close_device();
	fd = note(OPEN, open("/dev/ioasid", O_RDWR | O_CLOEXEC | (blocking ? 0 : O_NONBLOCK)));
	if (fd < 0)
		return;
	forget_objects();
	device = fd;
}

/* --- Faults --------------------------------------------------------------- */

static void check_fault(const struct ioasid_fault *fault)
{
	bool request = fault->type == IOASID_FAULT_TYPE_PAGE_REQUEST;

	if (fault->size != sizeof(*fault) || (!request && fault->type != IOASID_FAULT_TYPE_DMA) ||
	    fault->reason < IOASID_FAULT_DETACHED || fault->reason > IOASID_FAULT_NO_MEMORY ||
	    (fault->access != IOASID_MAP_READ && fault->access != IOASID_MAP_WRITE) ||
	    request != !!fault->id || !fault->ioas_id || strncmp(fault->device, "sim", 3) ||
	    !memchr(fault->device, 0, sizeof(fault->device)))
		wrong("a fault record", "type %u reason %u access %u id %llu space %u", fault->type,
		      fault->reason, fault->access, (unsigned long long)fault->id, fault->ioas_id);
	if (request)
		remember_request(fault->id);
}

static void read_faults(void)
{
	struct ioasid_fault records[8];
	struct pollfd poll_one = { .fd = device, .events = POLLIN };
	size_t size = below(8) ? sizeof(records) : below(sizeof(records));
	bool bad = !below(32);
	long got;

	poll(&poll_one, 1, below(4));
	if (blocking && !(poll_one.revents & POLLIN) && below(8))
		return;
	got = note(READ, read(poll_one.fd, bad ? (void *)8 : records, size));
	if (got < 0)
		return;
	if (bad || got % sizeof(records[0]) || (size_t)got > size || !got)
		wrong("read", "%ld bytes of %zu", got, size);
	for (size_t i = 0; i < got / sizeof(records[0]); i++)
		check_fault(&records[i]);
}

/* --- Other processes ------------------------------------------------------ */

static void act(void);

static void on_signal(int number)
{
	static volatile sig_atomic_t count;

	(void)number;
	if (is_child && ++count > 100)
		_exit(0);
}

/* The descriptor of the parent is of no use. Then the child has its own. */
static void run_child(void)
{
	struct itimerval timer = { { 0, 5000 }, { 0, 5000 } };
	struct pollfd poll_one = { .fd = device, .events = POLLIN };
	char byte[128];

	is_child = true;
	if (below(4))
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	start_sequence(draw() >> 32);
	renew_memory_of_child();
	setitimer(ITIMER_REAL, &timer, NULL);
	for (int i = below(4); i; i--)
		random_call_of_stranger();
	if (device >= 0) {
		if (read(device, byte, sizeof(byte)) >= 0 || (errno != EPERM && errno != EBADF))
			wrong("read by a stranger", "was not denied");
		if (poll(&poll_one, 1, 0) != 1 || !(poll_one.revents & (POLLERR | POLLNVAL)))
			wrong("poll by a stranger", "was not denied");
	}
	if (below(2))
		close_device();
	device = -1;
	forget_objects();
	for (int i = below(60); i; i--)
		act();
	check_canaries();
	_exit(0);
}

static void do_fork(void)
{
	pid_t pid;

	if (is_child)
		return;
	pid = fork();
	if (!pid)
		run_child();
	if (pid > 0 && below(2))
		waitpid(pid, NULL, 0);
}

/* --- Threads -------------------------------------------------------------- */

static const struct {
	void (*run)(void);
	unsigned int weight;
} actions[] = {
	{ random_call, 800 }, { read_faults, 40 }, { scribble, 60 }, { write_table, 15 },
	{ disturb_memory, 25 }, { build, 12 }, { check_canaries, 10 }, { renew_canaries, 10 },
	{ reopen, 3 }, { do_fork, 2 },
};

static void act(void)
{
	unsigned int number = 0;
	size_t i = 0;

	if (device < 0)
		reopen();
	if (device < 0) {
		usleep(2000);	/* give way to what keeps it open */
		return;
	}
	for (size_t each = 0; each < COUNT(actions); each++)
		number += actions[each].weight;
	for (number = below(number); number >= actions[i].weight; i++)
		number -= actions[i].weight;
	actions[i].run();
}

static void *work(void *argument)
{
	start_sequence((uintptr_t)argument);
	prepare_arguments();
	while (!stop)
		act();
	return NULL;
}

/* --- The process ---------------------------------------------------------- */

void become(unsigned int user)
{
	uid_t id = 1000 + user;

	if (setgroups(0, NULL) || setresgid(id, id, id) || setresuid(id, id, id))
		_exit(2);
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* KiB, or -1 */
static long pinned_memory(void)
{
	FILE *file = fopen("/proc/self/status", "r");
	char line[256];
	long pinned = -1;

	while (file && fgets(line, sizeof(line), file))
		sscanf(line, "VmPin: %ld", &pinned);
	if (file)
		fclose(file);
	return pinned;
}

/* End the threads. A call may keep the device open, or wait for an answer. */
static bool end_threads(pthread_t *threads, unsigned int count)
{
	unsigned int i = 0;

	stop = true;
	for (double end = now() + 10; i < count && now() < end; usleep(1000)) {
		close_device();
		pthread_kill(threads[i], SIGALRM);
		i += !pthread_tryjoin_np(threads[i], NULL);
	}
	return i == count;
}

/* After the last close no memory is pinned. A child may keep the device open. */
static void check_pinned(void)
{
	double end = now() + 10;
	long pinned;

	close_device();
	reopen();
	if (device < 0)
		return;
	while ((pinned = pinned_memory()) > 0 && now() < end)
		usleep(10000);
	if (pinned)
		wrong("VmPin", "%ld KiB after the last close", pinned);
}

/* Does not wait: the threads may all be waiting. */
static void answer_fault(void)
{
	struct ioasid_page_response response = { .size = sizeof(response) };
	struct ioasid_fault fault;
	int fd = device;

	if (blocking || read(fd, &fault, sizeof(fault)) != sizeof(fault))
		return;
	check_fault(&fault);
	response.id = fault.id;
	response.response = below(2);
	if (fault.id)
		note(PAGE_RESPONSE, ioctl(fd, IOASID_PAGE_RESPONSE, &response));
}

static void limit_memory(void)
{
	rlim_t bytes = below(4) ? 16u << 20 : 64u << 10 << below(6);
	struct rlimit limit = { bytes, bytes }, none = { 0, 0 };

	setrlimit(RLIMIT_MEMLOCK, &limit);
	setrlimit(RLIMIT_CORE, &none);
}

void client(unsigned int user, unsigned int count)
{
	double end = now() + (200 + below(2000)) / 1000.;
	struct sigaction action = { .sa_handler = on_signal };
	pthread_t threads[MAX_THREADS];

	strict = below(2);
	restarting = below(2);
	blocking = !restarting && below(2);
	limit_memory();
	become(user);
	map_memory('0' + user, strict);
	action.sa_flags = restarting ? SA_RESTART : 0;
	sigaction(SIGALRM, &action, NULL);
	signal(SIGCHLD, SIG_IGN);
	reopen();
	if (count > MAX_THREADS)
		count = MAX_THREADS;
	for (unsigned int i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)(uintptr_t)(draw() >> 32)))
			_exit(2);
	for (; now() < end; usleep(below(5000))) {
		pthread_kill(threads[below(count)], SIGALRM);
		if (below(2))
			answer_fault();
	}
	check_canaries();
	switch (below(3)) {
	case 0:		/* while other threads are in a call */
		_exit(0);
	case 1:
		execl("/bin/true", "true", (char *)NULL);
		_exit(2);
	}
	if (end_threads(threads, count))
		check_pinned();
	check_canaries();
	_exit(0);
}
