/* SPDX-License-Identifier: GPL-2.0-only */
/* The core as tests see it: its API, init and exit, and access to its state. */
#ifndef SHIM_CORE_H
#define SHIM_CORE_H

#include "api.h"

#ifdef __cplusplus
extern "C" {
#define private private_data	/* a keyword in C++, a name in ioasid.h */
#endif
#include "ioasid.h"
#ifdef __cplusplus
#undef private
#endif

enum core_event {
	CORE_alloc = 16,	/* after enum ioasid_notify_val */
	CORE_free,
	CORE_free_pending,
	CORE_reclaim,
	CORE_spid_attach,
	CORE_spid_detach,
};

struct core_sight {
	u32 users;		/* not counting the core */
	bool freed;
	u32 spid;
	struct ioasid_set *set;
	void *private_data;
};

struct core_count {		/* members of a set */
	int all, active, pending;
};

int core_start(void);
void core_stop(void);
bool core_look(u32 id, struct core_sight *look);
struct core_count core_set_count(struct ioasid_set *set);
u32 core_live(void);
u32 core_sets(void);
int core_cgroup_refs(void);
/* Defined by the test: called by each tracepoint. */
void core_emitted(int event, u32 id, u32 spid);

#ifdef __cplusplus
}
#endif

#endif /* SHIM_CORE_H */
