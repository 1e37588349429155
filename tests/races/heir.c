// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens /dev/ioasid, allocates a PASID and leaves both to another process, which
 * moves to CGROUP and allocates one PASID for each line it reads, until it reads q:
 *
 *   heir memory CGROUP       clone(CLONE_VM): shares the memory, has a copy of the descriptor
 *   heir files CGROUP        the same, and shares the descriptor table
 *   heir descriptor CGROUP   fork(): has only the descriptor
 *   heir exec CGROUP         the same process, which executes another program with the descriptor
 *
 * It prints its PID, then the result of each call.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "../../include/uapi/ioasid.h"

static int device;
static const char *cgroup;

static void alloc(void)
{
	struct ioasid_alloc_request request = { .argsz = sizeof(request), .range = { 1, 0xfffff } };
	int pasid = ioctl(device, IOASID_REQUEST_ALLOC, &request);

	dprintf(1, "%s\n", pasid < 0 ? strerrorname_np(errno) : "one more");
}

static int go_on(void *unused)
{
	/* The C library may have cached the parent's PID. */
	pid_t self = (pid_t)syscall(SYS_getpid);
	char path[4096], text[32], byte;
	int fd;

	(void)unused;
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY);
	snprintf(text, sizeof(text), "%d\n", self);
	if (write(fd, text, strlen(text)) < 0)
		dprintf(1, "%s: %s\n", path, strerrorname_np(errno));
	close(fd);
	dprintf(1, "%d\n", self);
	while (read(0, &byte, 1) == 1 && byte != 'q')
		if (byte == '\n')
			alloc();
	syscall(SYS_exit_group, 0);
	return 0;
}

int main(int argc, char **argv)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	const char *what;
	int flags = SIGCHLD;

	if (argc == 4) {	/* after exec: descriptor in argv[3] */
		device = atoi(argv[3]);
		cgroup = argv[2];
		return go_on(NULL);
	}
	if (argc != 3)
		return 2;
	what = argv[1];
	cgroup = argv[2];
	device = open("/dev/ioasid", O_RDWR);
	alloc();
	if (!strcmp(what, "exec")) {
		char number[16];

		snprintf(number, sizeof(number), "%d", device);
		execl("/proc/self/exe", argv[0], what, cgroup, number, (char *)NULL);
		return 2;
	}
	if (!strcmp(what, "memory"))
		flags |= CLONE_VM;
	if (!strcmp(what, "files"))
		flags |= CLONE_VM | CLONE_FILES;
	if (clone(go_on, stack + sizeof(stack), flags, NULL) < 0)
		return 2;
	/* The memory belongs to the other process: exit without cleaning up. */
	syscall(SYS_exit_group, 0);
}
