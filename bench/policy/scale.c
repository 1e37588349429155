// SPDX-License-Identifier: GPL-2.0-only
/*
 * Works on 100 cgroups below /b with 100 children each, in a guest whose clock
 * counts instructions:
 *
 *	scale make       create them
 *	scale peer       write a limit to misc.max of each of the 10,000 children
 *	scale first      measure the first allocation in each of some new cgroups,
 *	                 and a later one
 *	scale visit      allocate and free in each of the 10,000 children
 *
 * Prints the time in nanoseconds; `first` prints the means of both allocations.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../include/uapi/ioasid.h"

#define ROOT	"/sys/fs/cgroup"
#define OUTER	100
#define INNER	100
#define NEW	50

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ll + time.tv_nsec;
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

static void make_one(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		die(path);
}

static void each(void (*fn)(const char *path))
{
	char path[128];

	for (int outer = 0; outer < OUTER; outer++)
		for (int inner = 0; inner < INNER; inner++) {
			snprintf(path, sizeof(path), ROOT "/b/t%d/g%d", outer, inner);
			fn(path);
		}
}

static void make_all(void)
{
	char path[128];

	put(ROOT "/cgroup.subtree_control", "+misc");
	make_one(ROOT "/b");
	put(ROOT "/b/cgroup.subtree_control", "+misc");
	for (int outer = 0; outer < OUTER; outer++) {
		snprintf(path, sizeof(path), ROOT "/b/t%d", outer);
		make_one(path);
		strcat(path, "/cgroup.subtree_control");
		put(path, "+misc");
	}
	each(make_one);
}

static void limit_one(const char *path)
{
	char file[160];

	snprintf(file, sizeof(file), "%s/misc.max", path);
	put(file, "sev 64");
}

static void enter(const char *path)
{
	char file[160];

	snprintf(file, sizeof(file), "%s/cgroup.procs", path);
	put(file, "0");
}

static int device;

static long long pair(void)
{
	struct ioasid_alloc_request request = {
		.argsz = sizeof(request), .range = { 1, 0xfffff },
	};
	long long begin = now(), end;
	int id = ioctl(device, IOASID_REQUEST_ALLOC, &request);

	end = now();
	if (id < 0 || ioctl(device, IOASID_REQUEST_FREE, &id))
		die("alloc and free");
	return end - begin;
}

static void visit_one(const char *path)
{
	enter(path);
	pair();
}

static void first(void)
{
	long long first = 0, later = 0;
	char path[128];

	for (int n = 0; n < NEW; n++) {
		snprintf(path, sizeof(path), ROOT "/b/t7/new%d", n);
		make_one(path);
		enter(path);
		first += pair();
		pair();
		later += pair();
	}
	enter(ROOT);
	for (int n = 0; n < NEW; n++) {
		snprintf(path, sizeof(path), ROOT "/b/t7/new%d", n);
		rmdir(path);
	}
	printf("%lld %lld\n", first / NEW, later / NEW);
}

int main(int argc, char **argv)
{
	const char *what = argc == 2 ? argv[1] : "";
	long long begin = now();

	device = open("/dev/ioasid", O_RDWR);
	if (device < 0)
		die("/dev/ioasid");
	if (!strcmp(what, "first")) {
		pair();
		first();
		return 0;
	}
	if (!strcmp(what, "make"))
		make_all();
	else if (!strcmp(what, "peer"))
		each(limit_one);
	else if (!strcmp(what, "visit"))
		each(visit_one);
	else
		return 2;
	enter(ROOT);
	printf("%lld\n", now() - begin);
	return 0;
}
