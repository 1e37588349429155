// SPDX-License-Identifier: GPL-2.0
/* Events of one cgroup and those below it, see there. */
#define IOASID_CGROUP_FILTER
#include "events.bpf.c"
