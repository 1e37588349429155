// SPDX-License-Identifier: GPL-2.0-only
/*
 * Causes events at full rate through /dev/ioasid: PAIRS times one allocation and
 * one free. Prints the CPU time of a pair in nanoseconds.
 *
 *   load PAIRS
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>

#include <uapi/ioasid.h>

static double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static int pairs_of(int fd, long pairs)
{
	struct ioasid_alloc_request request = {
		.argsz = sizeof(request),
		.range = { 1, 0xfffff },
	};

	for (; pairs > 0; pairs--) {
		int id = ioctl(fd, IOASID_REQUEST_ALLOC, &request);

		if (id < 0 || ioctl(fd, IOASID_REQUEST_FREE, &id) < 0)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long pairs = argc > 1 ? atol(argv[1]) : 0;
	int fd = open("/dev/ioasid", O_RDWR);
	double begin;

	if (fd < 0 || pairs <= 0) {
		perror("load");
		return 2;
	}
	begin = cpu_ns();
	if (pairs_of(fd, pairs)) {
		perror("load: ioctl");
		return 1;
	}
	printf("%.1f\n", (cpu_ns() - begin) / pairs);
	return 0;
}
