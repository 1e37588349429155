// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows the host that the guest is alive: a process runs on each CPU in turn
 * and writes one byte a second. It cannot run on a dead CPU, so the bytes stop
 * even if all other CPUs work.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "agent.h"

static void beat(int port)
{
	long cpus = sysconf(_SC_NPROCESSORS_CONF);
	cpu_set_t set;

	for (long cpu = 0;; cpu = (cpu + 1) % cpus) {
		CPU_ZERO(&set);
		CPU_SET(cpu, &set);
		if (sched_setaffinity(0, sizeof(set), &set))
			continue;	/* this CPU is offline */
		if (write(port, "", 1) != 1)
			_exit(1);
		sleep(1);
	}
}

void start_pulse(const char *path)
{
	int port = open_port(path, O_WRONLY);

	switch (fork()) {
	case -1:
		fail("fork: %s", strerror(errno));
	case 0:
		prctl(PR_SET_NAME, "lab-pulse");
		beat(port);
	}
	close(port);
}
