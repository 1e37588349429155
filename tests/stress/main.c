// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress SECONDS [MODULE]: start and kill clients of /dev/ioasid, move them
 * between cgroups and remove cgroups; meanwhile unload and reload MODULE
 * whenever possible.
 *
 * Exits 0 if no call returned an unexpected result. Prints unexpected results
 * on stdout, and on stderr how often each call succeeded and failed.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"

#define CLIENTS 5
#define CGROUPS "/sys/fs/cgroup/t"

static pid_t clients[CLIENTS];

double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

void nap(double seconds)
{
	struct timespec time = { .tv_nsec = seconds * 1e9 };

	nanosleep(&time, NULL);
}

/* --- Cgroups: three, each with three children ----------------------------- */

static void random_cgroup(char *path, size_t size, unsigned int *seed)
{
	unsigned int outer = random_below(seed, 3), inner = random_below(seed, 3);

	snprintf(path, size, random_below(seed, 3) ? CGROUPS "/%u/%u" : CGROUPS "/%u", outer, inner);
}

static void make_cgroup(const char *path)
{
	char parent[64];

	snprintf(parent, sizeof(parent), "%s", path);
	*strrchr(parent, '/') = '\0';
	mkdir(CGROUPS, 0755);
	mkdir(parent, 0755);
	mkdir(path, 0755);
}

static void move_client(pid_t pid, unsigned int *seed)
{
	char path[64], file[96], number[16];
	int fd, length = snprintf(number, sizeof(number), "%d", pid);

	random_cgroup(path, sizeof(path), seed);
	make_cgroup(path);
	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	fd = open(file, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	note(CALL_MOVE, write(fd, number, length));
	close(fd);
}

static void remove_cgroup(unsigned int *seed)
{
	char path[64];

	random_cgroup(path, sizeof(path), seed);
	note(CALL_RMDIR, rmdir(path));
}

/* --- Clients -------------------------------------------------------------- */

/* Returns the number of remaining clients. */
static int reap(void)
{
	int count = 0;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		for (size_t i = 0; i < CLIENTS; i++)
			if (clients[i] == pid)
				clients[i] = 0;
	for (size_t i = 0; i < CLIENTS; i++)
		count += clients[i] != 0;
	return count;
}

static void start_clients(unsigned int *seed)
{
	for (size_t i = 0; i < CLIENTS; i++) {
		if (clients[i])
			continue;
		clients[i] = fork();
		if (!clients[i])
			client(rand_r(seed));
		if (clients[i] < 0)
			clients[i] = 0;
		else if (random_below(seed, 2))
			move_client(clients[i], seed);
	}
}

/* Used when the device has to be idle: the clients end soon. */
static void end_clients(void)
{
	for (double end = now() + 2; reap() && now() < end;)
		nap(0.005);
	for (size_t i = 0; i < CLIENTS; i++)
		if (clients[i])
			kill(-clients[i], SIGKILL);
	while (reap())
		nap(0.005);
}

static void disturb(unsigned int *seed)
{
	pid_t pid = clients[random_below(seed, CLIENTS)];
	unsigned int draw = random_below(seed, 6);

	if (draw == 0)
		remove_cgroup(seed);
	else if (!pid)
		return;
	else if (draw == 1)	/* alone, or with its children */
		note(CALL_KILL, kill(random_below(seed, 2) ? pid : -pid, SIGKILL));
	else
		move_client(pid, seed);
}

/* --- The module ----------------------------------------------------------- */

static bool reload(const char *module)
{
	int fd;

	if (note(CALL_UNLOAD, syscall(SYS_delete_module, "ioasid_shim", O_NONBLOCK)))
		return false;
	nap(0.02);
	fd = open(module, O_RDONLY | O_CLOEXEC);
	note(CALL_LOAD, syscall(SYS_finit_module, fd, "", 0));
	close(fd);
	return true;
}

/*
 * A process of its own. Unloading mostly fails, and succeeds while the device
 * is not open.
 */
static void module_loop(const char *module)
{
	while (!shared->stop) {
		for (int i = 0; i < 20 && !shared->stop; i++) {
			nap(0.2);
			reload(module);
		}
		shared->quiet = true;
		for (int i = 0; i < 10 && !reload(module); i++)
			nap(0.03);
		shared->quiet = false;
	}
	_exit(0);
}

static pid_t start_unloader(const char *module)
{
	pid_t pid = module ? fork() : 0;

	if (module && !pid)
		module_loop(module);
	return pid;
}

/* -------------------------------------------------------------------------- */

static void run(double seconds)
{
	unsigned int seed = time(NULL);
	double end = now() + seconds;

	while (now() < end) {
		reap();
		if (!shared->quiet)
			start_clients(&seed);
		disturb(&seed);
		nap(random_below(&seed, 10) / 1000.);
	}
}

int main(int argc, char **argv)
{
	const char *module = argc > 2 ? argv[2] : NULL;
	pid_t unloader;

	if (argc < 2) {
		fprintf(stderr, "usage: stress SECONDS [MODULE]\n");
		return 2;
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) {
		perror("stress: mmap");
		return 2;
	}
	unloader = start_unloader(module);
	run(atof(argv[1]));
	shared->stop = true;
	if (unloader > 0)
		waitpid(unloader, NULL, 0);
	shared->quiet = true;
	end_clients();
	return !report();
}
