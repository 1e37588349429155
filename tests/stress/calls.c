// SPDX-License-Identifier: GPL-2.0-only
/* The calls and the errors that each may return. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "stress.h"

struct shared *shared;

/* EBADF: another thread closed the descriptor. */
static const struct {
	const char *name;
	int errors[8];
} calls[NR_CALLS] = {
	[CALL_OPEN] = { "open", { EBUSY, ENOENT, ENODEV, ENXIO } },
	[CALL_ALLOC] = { "alloc", { EBADF, ENOSPC, EDQUOT } },
	[CALL_FREE] = { "free", { EBADF, ENOENT, EPERM } },
	[CALL_BIND] = { "bind", { EBADF, ENOENT, EPERM, EBUSY } },
	[CALL_UNBIND] = { "unbind", { EBADF, ENOENT, EPERM, EINVAL } },
	[CALL_READ] = { "read", { EBADF, EPERM, EFAULT } },
	[CALL_WRITE] = { "write", { EBADF, EPERM, EFAULT } },
	[CALL_SPID] = { "spid attach", { EBADF, ENOENT, EPERM, EBUSY, EEXIST } },
	[CALL_UNSPID] = { "spid detach", { EBADF, ENOENT, EPERM } },
	[CALL_FOREIGN] = { "call by a child", { EBADF } },
	[CALL_KILL] = { "kill", { ESRCH } },
	[CALL_MOVE] = { "move", { ESRCH, ENOENT, ENODEV, EBUSY } },
	[CALL_RMDIR] = { "rmdir", { EBUSY, ENOENT } },
	[CALL_UNLOAD] = { "unload", { EWOULDBLOCK, EBUSY, ENOENT } },
	[CALL_LOAD] = { "load", { EEXIST } },
};

static bool permitted(enum call call, int error)
{
	for (size_t i = 0; error && i < COUNT(calls[call].errors); i++)
		if (calls[call].errors[i] == error)
			return true;
	return false;
}

static const char *error_name(int error)
{
	return error ? strerrorname_np(error) : "unexpectedly succeeded";
}

long note(enum call call, long result)
{
	if (result >= 0)
		shared->done[call]++;
	else
		shared->refused[call][errno & 255]++;
	return result;
}

void note_refusal(enum call call, long result, int error)
{
	if (result < 0 && errno == error)
		shared->done[call]++;
	else
		shared->refused[call][result < 0 ? errno & 255 : 0]++;
}

static bool report_call(enum call call)
{
	bool right = true;

	fprintf(stderr, "%-16s: %9lu done", calls[call].name, shared->done[call]);
	for (int error = 0; error < 256; error++) {
		unsigned long count = shared->refused[call][error];

		if (!count)
			continue;
		fprintf(stderr, " %9lu %s", count, error_name(error));
		if (!permitted(call, error)) {
			printf("unexpected result: %s: %s\n", calls[call].name, error_name(error));
			right = false;
		}
	}
	fprintf(stderr, "\n");
	return right;
}

bool report(void)
{
	bool right = true;

	for (enum call call = 0; call < NR_CALLS; call++)
		right &= report_call(call);
	return right;
}
