// SPDX-License-Identifier: GPL-2.0-only
/*
 * charges ATTEMPTS MADE CGROUP...: start a process in each CGROUP that allocates
 * PASIDs, ATTEMPTS in total, and in between frees them and reopens the device. A
 * watcher process continuously checks all counters of the policy for one that
 * exceeds its limit. If MADE is not empty, another process creates and removes
 * cgroups with this name and a number appended. A process whose CGROUP is `*` moves
 * to another of these cgroups whenever it holds no PASID.
 *
 * Prints violations on stdout, and at the end
 *
 *	attempts N granted N refused N looks N
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ioasid/node.h>
#include "../../include/uapi/ioasid.h"

#define MOUNT		"/sys/fs/cgroup"
#define NODES		"/sys/fs/bpf/pasidctl/nodes"
#define WATCHED		64	/* nodes; more than the test has cgroups */
#define HELD		24	/* PASIDs that a process holds at most */
#define REOPEN		128	/* mean number of calls before a reopen ... */
#define GO_ON		10	/* ... for processes that move between cgroups */
#define MADE		3	/* cgroups that are created and removed */

/* Shared by all processes, one entry each. */
struct tally {
	uint64_t granted, refused;
} *tallies;

struct watch {
	uint64_t looks;
	int over;
} *watch;

static void __attribute__((noreturn)) die(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static void *shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap");
	return memory;
}

static unsigned int below(uint64_t *seed, unsigned int end)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % end;
}

/* --- Allocating processes ------------------------------------------------- */

struct client {
	const char *made;	/* cgroups to move between; NULL: none */
	int fd;
	unsigned int nr_held;
	uint32_t held[HELD];
	uint64_t seed;
	struct tally *tally;
};

/* Returns 0 if the cgroup does not exist. */
static int enter(const char *cgroup)
{
	char path[256];
	int fd, entered;

	snprintf(path, sizeof(path), MOUNT "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return 0;
	entered = write(fd, "0", 1) == 1;
	close(fd);
	return entered;
}

static void go_elsewhere(struct client *client)
{
	char path[256];

	do
		snprintf(path, sizeof(path), "%s%u", client->made, below(&client->seed, MADE));
	while (!enter(path));
}

static void open_device(struct client *client)
{
	client->fd = open("/dev/ioasid", O_RDWR);
	if (client->fd < 0)
		die("/dev/ioasid");
	client->nr_held = 0;
}

static void begin_anew(struct client *client)
{
	close(client->fd);
	if (client->made)
		go_elsewhere(client);
	open_device(client);
}

static void attempt(struct client *client)
{
	struct ioasid_alloc_request request = {
		.argsz = sizeof(request), .range = { 1, 0xfffff },
	};
	int id = ioctl(client->fd, IOASID_REQUEST_ALLOC, &request);

	if (id >= 0) {
		client->held[client->nr_held++] = id;
		client->tally->granted++;
	} else if (errno == EDQUOT) {
		client->tally->refused++;
	} else {
		die("alloc");
	}
}

static void give_back(struct client *client)
{
	unsigned int which = below(&client->seed, client->nr_held);
	uint32_t id = client->held[which];

	if (ioctl(client->fd, IOASID_REQUEST_FREE, &id))
		die("free");
	client->held[which] = client->held[--client->nr_held];
}

static void run_client(const char *cgroup, const char *made, uint64_t attempts,
		       unsigned int number)
{
	struct client client = { .seed = number + 1, .tally = &tallies[number] };

	if (!strcmp(cgroup, "*"))
		client.made = made;
	else if (!enter(cgroup))
		die(cgroup);
	open_device(&client);
	while (client.tally->granted + client.tally->refused < attempts) {
		if (client.nr_held < HELD && below(&client.seed, 3))
			attempt(&client);
		else if (client.nr_held)
			give_back(&client);
		if (!below(&client.seed, client.made ? GO_ON : REOPEN))
			begin_anew(&client);
	}
	exit(0);
}

/* --- Watcher -------------------------------------------------------------- */

static const volatile struct ioasid_node *map_nodes(void)
{
	union bpf_attr attr = { .pathname = (uintptr_t)NODES };
	int fd = syscall(SYS_bpf, BPF_OBJ_GET, &attr, sizeof(attr));
	void *nodes;

	if (fd < 0)
		die(NODES);
	nodes = mmap(NULL, WATCHED * sizeof(struct ioasid_node), PROT_READ, MAP_SHARED, fd, 0);
	if (nodes == MAP_FAILED)
		die("mmap " NODES);
	return nodes;
}

static void check(const volatile struct ioasid_node *node, const char *what, uint64_t id,
		  const volatile struct ioasid_counter *counter)
{
	uint32_t now = counter->current;
	uint64_t max = counter->max;

	/* Ignore a node that was reused between the two reads. */
	if (now > max && id && node->cgroup_id == id && !watch->over++)
		printf("cgroup %llu: %s %u, max %llu\n", (unsigned long long)id, what, now,
		       (unsigned long long)max);
}

static void run_watcher(void)
{
	const volatile struct ioasid_node *nodes = map_nodes();

	for (;; watch->looks++) {
		for (int i = 1; i < WATCHED; i++) {
			uint64_t id = nodes[i].cgroup_id;

			check(&nodes[i], "pasids", id, &nodes[i].pasids);
			check(&nodes[i], "bindings", id, &nodes[i].bindings);
			check(&nodes[i], "own", id, &nodes[i].own);
		}
		fflush(stdout);
	}
}

/* --- Cgroup maker --------------------------------------------------------- */

static void run_maker(const char *prefix)
{
	uint64_t seed = 77;
	char path[256];

	for (;;) {
		snprintf(path, sizeof(path), MOUNT "%s%u", prefix, below(&seed, MADE));
		if (mkdir(path, 0755) && (errno != EEXIST || (rmdir(path) && errno != EBUSY)))
			die(path);
	}
}

static pid_t start(void (*run)(const char *), const char *argument)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid)
		run(argument);
	return pid;
}

static void watcher(const char *unused)
{
	(void)unused;
	run_watcher();
}

int main(int argc, char **argv)
{
	int count = argc - 3, status, failed = 0;
	pid_t helpers[2] = { 0 }, *clients;
	uint64_t granted = 0, refused = 0;
	char path[256];

	if (count < 1) {
		fprintf(stderr, "usage: charges ATTEMPTS MADE CGROUP...\n");
		return 2;
	}
	tallies = shared(count * sizeof(*tallies));
	watch = shared(sizeof(*watch));
	clients = calloc(count, sizeof(*clients));
	helpers[0] = start(watcher, NULL);
	if (*argv[2])
		helpers[1] = start(run_maker, argv[2]);
	for (int i = 0; i < count; i++) {
		clients[i] = fork();
		if (clients[i] < 0)
			die("fork");
		if (!clients[i])
			run_client(argv[3 + i], argv[2], strtoull(argv[1], NULL, 0) / count, i);
	}
	for (int i = 0; i < count; i++)
		if (waitpid(clients[i], &status, 0) != clients[i] || status)
			failed = 1;
	for (int i = 0; i < 2; i++)
		if (helpers[i]) {
			/* A helper that has exited has printed why. */
			if (kill(helpers[i], SIGKILL) || waitpid(helpers[i], &status, 0) < 0 || WIFEXITED(status))
				failed = 1;
		}
	for (int i = 0; i < MADE; i++) {
		snprintf(path, sizeof(path), MOUNT "%s%d", argv[2], i);
		if (*argv[2])
			rmdir(path);
	}
	for (int i = 0; i < count; i++) {
		granted += tallies[i].granted;
		refused += tallies[i].refused;
	}
	printf("attempts %llu granted %llu refused %llu looks %llu\n",
	       (unsigned long long)(granted + refused), (unsigned long long)granted,
	       (unsigned long long)refused, (unsigned long long)watch->looks);
	if (watch->over)
		printf("above a limit %d times\n", watch->over);
	return failed || watch->over;
}
