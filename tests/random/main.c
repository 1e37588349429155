// SPDX-License-Identifier: GPL-2.0-only
/*
 * random: processes of several users make random calls of /dev/ioasid, from a
 * table of all calls (calls.c). Processes are killed at any time. Checked are:
 *
 *   - memory that was never mapped for devices is neither written nor read
 *   - each errno is one that <uapi/ioasid.h> documents for the call
 *   - a call changes nothing of its struct but what is returned
 *   - nobody can use the descriptor of another process
 *   - the last close unpins the memory and returns it to RLIMIT_MEMLOCK
 *   - in the end every PASID can be allocated and every device used
 *
 * No policy may let processes share PASIDs. Run as root. Exits 0 if nothing was
 * wrong, and each call succeeded at least once. Prints errors on stdout, and on
 * stderr how often each call succeeded and failed. The same seed gives the
 * same sequences of random numbers.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"
#include "random.h"

#define USERS 3
#define MAX_CLIENTS 64
#define LOCKED (16 * PAGE)	/* RLIMIT_MEMLOCK of the last check */
#define PATIENCE 60		/* seconds */

static unsigned int nr_clients = 6, nr_threads = 3;
static double seconds = 15;
static struct { pid_t pid; double begin; } clients[MAX_CLIENTS];
static pid_t group;			/* of all clients and their children */
static pid_t holders[USERS];
static int holders_pipe[2];

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* --- Clients -------------------------------------------------------------- */

/* Keeps the process group alive while it is otherwise empty. */
static void start_group(void)
{
	group = fork();
	if (!group) {
		setpgid(0, 0);
		close(holders_pipe[1]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	setpgid(group, group);
}

static void start_clients(void)
{
	static unsigned int number;

	for (size_t i = 0; i < nr_clients; i++) {
		if (clients[i].pid)
			continue;
		number++;
		clients[i].begin = now();
		clients[i].pid = fork();
		if (!clients[i].pid) {
			setpgid(0, group);
			close(holders_pipe[1]);
			start_sequence(number);
			client(i % USERS, nr_threads);
		}
		if (clients[i].pid > 0)
			setpgid(clients[i].pid, group);
		else
			clients[i].pid = 0;
	}
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-group, &status, WNOHANG)) > 0) {
		if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
			wrong("a process", "ended with signal %d", WTERMSIG(status));
		for (size_t i = 0; i < nr_clients; i++)
			if (clients[i].pid == pid)
				clients[i].pid = 0;
	}
}

static void kill_some(void)
{
	size_t i = below(nr_clients);

	if (clients[i].pid && (!below(30) || now() - clients[i].begin > 30))
		note(KILL, kill(clients[i].pid, SIGKILL));
}

/* Includes the children of killed clients. */
static void end_all(void)
{
	double end = now() + 2 * PATIENCE;

	while (waitpid(-group, NULL, WNOHANG) >= 0) {
		if (now() > end) {
			wrong("a killed process", "did not end");
			return;
		}
		kill(-group, SIGKILL);
		usleep(5000);
	}
}

/* --- Locked memory -------------------------------------------------------- */

static int open_device(void)
{
	int fd = open("/dev/ioasid", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		wrong("open, in the end", "%s", strerrorname_np(errno));
	return fd;
}

static uint32_t make_space(int fd)
{
	struct ioasid_ioas_alloc alloc = { .size = sizeof(alloc), .kind = IOASID_KIND_KERNEL };

	if (ioctl(fd, IOASID_IOAS_ALLOC, &alloc))
		wrong("ioas alloc, in the end", "%s", strerrorname_np(errno));
	return alloc.ioas_id;
}

static int map_pages(int fd, uint32_t space, uint64_t iova, void *memory, size_t length)
{
	struct ioasid_map map = {
		.size = sizeof(map), .flags = IOASID_MAP_READ | IOASID_MAP_WRITE, .ioas_id = space,
		.iova = iova, .length = length, .address = (uintptr_t)memory,
	};

	return ioctl(fd, IOASID_MAP, &map) ? errno : 0;
}

/* The user can lock as much as the limit permits, and not more. */
static void check_locked_memory(void)
{
	struct rlimit limit = { LOCKED, LOCKED };
	int fd, error;
	double end = now() + PATIENCE;
	char *memory = mmap(NULL, LOCKED + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t space;

	setrlimit(RLIMIT_MEMLOCK, &limit);
	fd = open_device();
	space = make_space(fd);
	while ((error = map_pages(fd, space, 0, memory, LOCKED)) == ENOMEM && now() < end)
		usleep(50000);
	if (error)
		wrong("locked memory is left", "%s", strerrorname_np(error));
	else if (map_pages(fd, space, LOCKED, memory + LOCKED, PAGE) != ENOMEM)
		wrong("locked memory", "was returned twice");
}

/*
 * One process per user lives all the time, because the kernel forgets what a
 * user has locked when no process is left.
 */
static void start_holders(void)
{
	char byte;

	if (pipe(holders_pipe)) {
		perror("random: pipe");
		exit(2);
	}
	for (unsigned int user = 0; user < USERS; user++) {
		holders[user] = fork();
		if (holders[user])
			continue;
		close(holders_pipe[1]);
		become(user);
		if (!read(holders_pipe[0], &byte, 1))	/* the parent closed it */
			check_locked_memory();
		_exit(0);
	}
}

static void let_holders_check(void)
{
	close(holders_pipe[1]);
	for (unsigned int user = 0; user < USERS; user++)
		waitpid(holders[user], NULL, 0);
}

/* --- In the end ----------------------------------------------------------- */

static void check_pasids(int fd)
{
	double end = now() + PATIENCE;

	for (uint32_t pasid = 1; pasid <= PASIDS; pasid++) {
		struct ioasid_alloc_request request = { sizeof(request), 0, { pasid, pasid } };
		int got;

		while ((got = ioctl(fd, IOASID_REQUEST_ALLOC, &request)) < 0 && now() < end)
			usleep(50000);
		if (got != (int)pasid)
			wrong("alloc, in the end", "PASID %u: %s", pasid, strerrorname_np(errno));
	}
}

static bool move(int fd, const char *name, uint32_t flags, char *data)
{
	struct ioasid_dma dma = {
		.size = sizeof(dma), .flags = flags | IOASID_DMA_NO_PASID, .iova = IOVA_BASE + 8,
		.length = 8, .data = (uintptr_t)data,
	};

	strcpy(dma.device, name);
	return ioctl(fd, IOASID_DMA, &dma) == 8;
}

/* No attachment was left. */
static void check_devices(int fd)
{
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ioasid_attach attach = { .size = sizeof(attach), .ioas_id = make_space(fd) };
	double end = now() + PATIENCE;

	if (map_pages(fd, attach.ioas_id, IOVA_BASE, memory, PAGE))
		wrong("map, in the end", "%s", strerrorname_np(errno));
	for (unsigned int i = 0; i < DEVICES; i++) {
		char data[8] = "written", back[8] = "";
		int error;

		sprintf(attach.device, "sim%u", i);
		while ((error = ioctl(fd, IOASID_ATTACH, &attach)) && errno == EBUSY && now() < end)
			usleep(50000);
		if (error)
			wrong("attach, in the end", "%s: %s", attach.device, strerrorname_np(errno));
		else if (!move(fd, attach.device, IOASID_DMA_WRITE, data) ||
			 !move(fd, attach.device, IOASID_DMA_READ, back) || strcmp(data, back) ||
			 strcmp(data, memory + 8))
			wrong("DMA, in the end", "%s", attach.device);
		memset(memory, 0, PAGE);
	}
}

static void check_all_is_free(void)
{
	int fd = open_device();

	if (fd < 0)
		return;
	check_pasids(fd);
	check_devices(fd);
	close(fd);
}

/* -------------------------------------------------------------------------- */

static void read_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "seconds", required_argument, NULL, 't' },
		{ "processes", required_argument, NULL, 'p' },
		{ "threads", required_argument, NULL, 'n' },
		{ 0 },
	};
	bool good = true;
	int option;

	shared->seed = time(NULL);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			shared->seed = strtoull(optarg, NULL, 0);
			break;
		case 't':
			seconds = atof(optarg);
			break;
		case 'p':
			nr_clients = atoi(optarg);
			break;
		case 'n':
			nr_threads = atoi(optarg);
			break;
		default:
			good = false;
		}
	}
	if (good && optind == argc && nr_clients && nr_clients <= MAX_CLIENTS && nr_threads)
		return;
	fprintf(stderr, "usage: random [--seed N] [--seconds N] [--processes N] [--threads N]\n");
	exit(2);
}

int main(int argc, char **argv)
{
	double begin = now();

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		perror("random: mmap");
		return 2;
	}
	read_options(argc, argv);
	fprintf(stderr, "seed %llu\n", (unsigned long long)shared->seed);
	start_sequence(0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	start_holders();
	start_group();
	/* Each call must succeed at least once, which takes longer on a slow machine. */
	while (now() < begin + seconds || (print_never(false) && now() < begin + seconds + 2 * PATIENCE)) {
		reap();
		start_clients();
		kill_some();
		usleep(below(20000));
	}
	end_all();
	let_holders_check();
	check_all_is_free();
	print_counts();
	return print_never(true) || shared->wrong;
}
