/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel module, the BPF programs and user space agree on besides the
 * user ABI. Plain C, fixed-width types, no padding: compiled by all three.
 */
#ifndef IOASID_TYPES_H
#define IOASID_TYPES_H

#if !defined(__KERNEL__) && !defined(__bpf__)
#include <linux/types.h>
#endif

#define IOASID_COMM_LEN		16
#define IOASID_NO_ID		(~0u)	/* no PASID, no SPID */

/*
 * Every event there is: X(NUMBER, CONSTANT, name, help), in the order of the numbers. A
 * number stays what it is for ever: a new event gets the next one. The tracepoints
 * ioasid:ioasid_<name>, the BPF programs on them and the names that user space prints
 * come from this list. Every event but `lost` has a tracepoint.
 */
#define IOASID_TRACEPOINTS(X)                                                  \
	X(1, ALLOC, alloc, "a PASID was allocated")                            \
	X(2, FREE, free, "a PASID was freed and reclaimed at once")            \
	X(3, FREE_PENDING, free_pending, "a PASID was freed while in use")     \
	X(4, RECLAIM, reclaim, "the last user of a freed PASID let go")        \
	X(5, BIND, bind, "a device was bound to an address space")             \
	X(6, UNBIND, unbind, "a device was unbound")                           \
	X(7, DENY, deny, "a request was refused, or would have been (audit)")  \
	X(8, WARN, warn, "use crossed a rule's warning level")                 \
	X(9, MOVE, move, "a process moved its charge to another cgroup")       \
	X(10, FAULT, fault, "a DMA was not translated")                        \
	X(11, SPID_ATTACH, spid_attach, "a PASID got an ID private to its set") \
	X(12, SPID_DETACH, spid_detach, "a PASID lost its private ID")         \
	X(13, POLICY, policy, "a policy was attached, replaced or removed")

#define IOASID_EVENTS(X)                                                       \
	X(0, LOST, lost, "events did not reach this reader")                   \
	IOASID_TRACEPOINTS(X)

enum ioasid_event_type {
#define X(number, constant, name, help) IOASID_EVENT_##constant = number,
	IOASID_EVENTS(X)
#undef X
	IOASID_NR_EVENTS,
};

/* What somebody asks for: X(CONSTANT, name). */
#define IOASID_OPS(X)                                                          \
	X(NONE, none)                                                          \
	X(ALLOC, alloc)                                                        \
	X(FREE, free)                                                          \
	X(BIND, bind)                                                          \
	X(UNBIND, unbind)                                                      \
	X(DMA, dma)                                                            \
	X(SPID_ATTACH, spid_attach)                                            \
	X(SPID_DETACH, spid_detach)

enum ioasid_op {
#define X(constant, name) IOASID_OP_##constant,
	IOASID_OPS(X)
#undef X
	IOASID_NR_OPS,
};

/* X(CONSTANT, name): life cycle of one IOASID; FREE is never seen outside. */
#define IOASID_STATES(X)                                                       \
	X(IDLE, idle)                                                          \
	X(ACTIVE, active)                                                      \
	X(FREE_PENDING, free_pending)

enum ioasid_state {
#define X(constant, name) IOASID_STATE_##constant,
	IOASID_STATES(X)
#undef X
	IOASID_NR_STATES,
};

/* X(CONSTANT, name): does a rule refuse, or only say that it would? */
#define IOASID_MODES(X)                                                        \
	X(ENFORCE, enforce)                                                    \
	X(AUDIT, audit)

enum ioasid_mode {
#define X(constant, name) IOASID_MODE_##constant,
	IOASID_MODES(X)
#undef X
	IOASID_NR_MODES,
};

/* What an event of type POLICY tells, in @value. */
enum ioasid_policy_change {
	IOASID_POLICY_ATTACHED,
	IOASID_POLICY_REPLACED,
	IOASID_POLICY_REMOVED,
};

/*
 * One event. The module fills it, a tracepoint carries a pointer to it, the
 * BPF program copies it into the ring buffer, user space reads it: one layout
 * for all of them.
 */
struct ioasid_event {
	__u64 ts_ns;		/* CLOCK_MONOTONIC */
	__u64 seq;		/* counts every event emitted since load */
	__u64 cgroup_id;	/* of the process the event is about; DENY: of who asked */
	__u64 other_cgroup_id;	/* DENY, WARN: whose limit; MOVE: where from; else 0 */
	__u64 value;		/* FREE, RECLAIM, UNBIND: ns since alloc, bind;
				 * FAULT: the IOVA; WARN: current use; MOVE: PASIDs moved;
				 * POLICY: enum ioasid_policy_change */
	__u16 type;		/* enum ioasid_event_type */
	__u8 op;		/* DENY: enum ioasid_op */
	__u8 mode;		/* DENY: enum ioasid_mode */
	__u32 pasid;		/* IOASID_NO_ID: none */
	__u32 spid;		/* IOASID_NO_ID: none */
	__u32 pid;		/* thread group, in the initial pid namespace: DENY: of who
				 * asked, otherwise of the process that holds the PASID */
	__u32 tid;		/* thread that caused the event, 0: the kernel itself */
	__s32 error;		/* 0 or a negative errno */
	__u32 device;		/* device id, 0: none */
	__u32 rule;		/* DENY, WARN: the rule's id, 0: none (the core itself) */
	char comm[IOASID_COMM_LEN];	/* of @pid's process */
};

#define IOASID_STACK_DEPTH	32

/* What a reader gets who asked for stacks. */
struct ioasid_stacked_event {
	struct ioasid_event event;
	__s32 kernel_bytes;	/* of @kernel; negative: none */
	__s32 user_bytes;
	__u64 kernel[IOASID_STACK_DEPTH];	/* innermost first */
	__u64 user[IOASID_STACK_DEPTH];
};

/* A snapshot's rows, in the order of their ids. */

struct ioasid_row {		/* one live IOASID */
	__u64 set_id;
	__u64 cgroup_id;	/* 0: the kernel's own */
	__u64 alloc_ns;		/* CLOCK_MONOTONIC */
	__u64 used_ns;		/* last bind, unbind or DMA set-up; alloc_ns: never */
	__u32 pasid;
	__u32 spid;		/* IOASID_NO_ID: none */
	__u32 refs;
	__u32 state;		/* enum ioasid_state */
	__u32 pid;		/* 0: the kernel's own */
	__u32 uid;
	char comm[IOASID_COMM_LEN];
};

struct ioasid_set_row {		/* who holds IOASIDs: one per address space */
	__u64 set_id;
	__u64 cgroup_id;	/* 0: the kernel's own */
	__u64 oldest_ns;	/* CLOCK_MONOTONIC, when its oldest IOASID was allocated; 0: none */
	__u32 pasids;		/* IOASIDs held */
	__u32 active;		/* of them by state */
	__u32 free_pending;
	__u32 bindings;		/* of devices under any of them, whoever bound them */
	__u32 pid;		/* 0: the kernel's own */
	__u32 uid;
	char comm[IOASID_COMM_LEN];
};

struct ioasid_binding_row {	/* one device bound under one PASID */
	__u64 bind_ns;		/* CLOCK_MONOTONIC */
	__u64 faults;
	__u32 pasid;
	__u32 device;		/* device id */
};

struct ioasid_device_row {	/* one device */
	__u64 faults;
	__u64 dmas;
	__u32 id;		/* from 1, never used again while the module is loaded */
	__u32 bindings;
	__u32 pasid_bits;
	__u32 __reserved;
	char name[32];
	char backend[16];
};

struct ioasid_system_row {	/* the system as a whole */
	__u64 events;		/* since load, listened to or not */
	__u64 denials;
	__u32 capacity;		/* PASIDs that can exist at once */
	__u32 live;
	__u32 sets;
	__u32 pasid_bits;
	__u32 policy_attached;	/* 0 or 1 */
	__u32 fail_closed;	/* 0 or 1 */
	char version[32];
};

/*
 * Context of the snapshot programs: rows from @start on, at most @limit, land
 * in their array map. A binding's position is (device id << 32 | PASID).
 */
struct ioasid_snapshot_args {
	__u64 start;
	__u64 next;		/* out: where to go on, 0: there is no more */
	__u32 limit;
	__u32 count;		/* out: rows written */
};

#endif /* IOASID_TYPES_H */
