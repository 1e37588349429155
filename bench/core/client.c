// SPDX-License-Identifier: GPL-2.0-only
/*
 * client hold N CMD...   run CMD while N processes have /dev/ioasid open
 * client open            measure open, allocation and close of /dev/ioasid, and
 *                        open and close of /dev/null
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"

static int fail(const char *what)
{
	perror(what);
	return 1;
}

/* Reports that it has opened the device, and waits until the process group is killed. */
static void child(int ready)
{
	if (open("/dev/ioasid", O_RDWR) < 0 || write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static int hold(int count, char **command)
{
	int ready[2], status, n;
	pid_t pid;
	char byte;

	if (pipe(ready))
		return fail("pipe");
	for (n = 0; n < count; n++) {
		pid = fork();
		if (pid < 0)
			return fail("fork");
		if (!pid)
			child(ready[1]);
	}
	while (n-- && read(ready[0], &byte, 1) == 1)
		;
	pid = fork();
	if (!pid) {
		execvp(command[0], command);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return fail(command[0]);
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0)
		;
	return WEXITSTATUS(status);
}

static int open_null(void)
{
	int fd = open("/dev/null", O_RDWR);

	return fd < 0 ? -1 : close(fd);
}

static int open_alloc(void)
{
	struct ioasid_alloc_request request = {
		.argsz = sizeof(request), .range = { 1, 1 << 19 },
	};
	int fd = open("/dev/ioasid", O_RDWR), ret;

	if (fd < 0)
		return -1;
	ret = ioctl(fd, IOASID_REQUEST_ALLOC, &request);
	return close(fd) ?: ret < 0;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static int measure(const char *name, int (*fn)(void))
{
	enum { TIMES = 500 };
	double begin = 0;

	for (int n = -100; n < TIMES; n++) {
		if (!n)
			begin = now();
		if (fn())
			return fail(name);
	}
	printf("%s: %.0f\n", name, (now() - begin) / TIMES);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 3 && !strcmp(argv[1], "hold")) {
		setpgid(0, 0);
		return hold(atoi(argv[2]), argv + 3);
	}
	if (argc == 2 && !strcmp(argv[1], "open"))
		return measure("open + close of /dev/null", open_null) ||
		       measure("open + alloc + close of /dev/ioasid", open_alloc);
	fprintf(stderr, "usage: client hold N CMD... | client open\n");
	return 2;
}
