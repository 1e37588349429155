/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types shared by the kernel module, the BPF programs and user space, in
 * addition to the user ABI. All three compile this file: plain C, fixed-width
 * types, no padding.
 */
#ifndef IOASID_TYPES_H
#define IOASID_TYPES_H

#if !defined(__KERNEL__) && !defined(__bpf__)
#include <linux/types.h>
#endif

#define IOASID_COMM_LEN		16
#define IOASID_NO_ID		(~0u)	/* no PASID, no SPID */

/*
 * All event types: X(NUMBER, CONSTANT, name, help), ordered by number. Numbers
 * are stable: never reuse or change one, and give a new event the next number.
 * The tracepoints ioasid:ioasid_<name>, the BPF programs attached to them and
 * the names printed by user space are generated from this list. Every event
 * except `lost` has a tracepoint.
 */
#define IOASID_TRACEPOINTS(X)                                                  \
	X(1, ALLOC, alloc, "a PASID was allocated")                            \
	X(2, FREE, free, "a PASID was freed and reclaimed at once")            \
	X(3, FREE_PENDING, free_pending, "a PASID was freed while in use")     \
	X(4, RECLAIM, reclaim, "the last user of a freed PASID released it")   \
	X(5, BIND, bind, "a device was bound to an address space")             \
	X(6, UNBIND, unbind, "a device was unbound")                           \
	X(7, DENY, deny, "a request was denied, or would have been (audit)")   \
	X(8, WARN, warn, "usage crossed a rule's warning level")               \
	X(9, MOVE, move, "the charge of a process moved to another cgroup")    \
	X(10, FAULT, fault, "a DMA address was not translated")                \
	X(11, SPID_ATTACH, spid_attach, "a set-private ID was attached to a PASID") \
	X(12, SPID_DETACH, spid_detach, "a set-private ID was detached")       \
	X(13, POLICY, policy, "a policy was attached, replaced or removed")    \
	X(14, ATTACH, attach, "a device was attached to an I/O address space") \
	X(15, DETACH, detach, "a device was detached from an I/O address space") \
	X(16, MAP, map, "memory was mapped in an I/O address space")           \
	X(17, UNMAP, unmap, "mappings of an I/O address space were removed")   \
	X(18, PAGE_REQUEST, page_request, "a device requested a page from the user") \
	X(19, PAGE_RESPONSE, page_response, "a page request was answered or ended") \
	X(20, INVALIDATE, invalidate, "cached translations were invalidated by the user")

#define IOASID_EVENTS(X)                                                       \
	X(0, LOST, lost, "events were lost before this reader")                \
	IOASID_TRACEPOINTS(X)

enum ioasid_event_type {
#define X(number, constant, name, help) IOASID_EVENT_##constant = number,
	IOASID_EVENTS(X)
#undef X
	IOASID_NR_EVENTS,
};

/* Requested operations: X(CONSTANT, name). */
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

/* X(CONSTANT, name): life cycle of an IOASID; FREE is not visible outside. */
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

/* X(CONSTANT, name): a rule denies a request, or only reports the denial. */
#define IOASID_MODES(X)                                                        \
	X(ENFORCE, enforce)                                                    \
	X(AUDIT, audit)

enum ioasid_mode {
#define X(constant, name) IOASID_MODE_##constant,
	IOASID_MODES(X)
#undef X
	IOASID_NR_MODES,
};

/* Contents of @value in an event of type POLICY. */
enum ioasid_policy_change {
	IOASID_POLICY_ATTACHED,
	IOASID_POLICY_REPLACED,
	IOASID_POLICY_REMOVED,
};

/*
 * One event. The module fills it in, the tracepoint passes a pointer to it, the
 * BPF program copies it to the ring buffer and user space reads it, all with
 * the same layout.
 */
struct ioasid_event {
	__u64 ts_ns;		/* CLOCK_MONOTONIC */
	__u64 seq;		/* number of the event since the module was loaded */
	__u64 cgroup_id;	/* of @pid's process */
	__u64 other_cgroup_id;	/* DENY, WARN: cgroup whose limit applies; MOVE: previous
				 * cgroup; otherwise 0 */
	__u64 value;		/* FREE, RECLAIM: ns since alloc; UNBIND, DETACH: ns since
				 * bind or attach; FAULT, PAGE_REQUEST, PAGE_RESPONSE, MAP,
				 * UNMAP, INVALIDATE: IOVA; WARN: current use; MOVE: PASIDs
				 * moved; POLICY: enum ioasid_policy_change */
	__u64 length;		/* MAP, UNMAP, INVALIDATE: bytes; otherwise 0 */
	__u16 type;		/* enum ioasid_event_type */
	__u8 op;		/* DENY: enum ioasid_op */
	__u8 mode;		/* DENY: enum ioasid_mode */
	__u32 pasid;		/* IOASID_NO_ID: none */
	__u32 spid;		/* IOASID_NO_ID: none */
	__u32 pid;		/* thread group, in the initial pid namespace. DENY: process
				 * that made the request; otherwise the holder of the PASID */
	__u32 tid;		/* thread that caused the event, 0: the kernel */
	__s32 error;		/* 0 or a negative errno */
	__u32 device;		/* device id, 0: none */
	__u32 rule;		/* DENY, WARN: id of the rule, 0: none (denied by the core) */
	__u32 ioas;		/* id of the I/O address space, 0: none */
	__u32 reason;		/* FAULT, PAGE_REQUEST: enum ioasid_fault_reason */
	char comm[IOASID_COMM_LEN];	/* name of @pid's process */
};

#define IOASID_STACK_DEPTH	32

/* Event record if the reader requested stacks. */
struct ioasid_stacked_event {
	struct ioasid_event event;
	__s32 kernel_bytes;	/* size of @kernel; negative: no stack */
	__s32 user_bytes;
	__u64 kernel[IOASID_STACK_DEPTH];	/* innermost frame first */
	__u64 user[IOASID_STACK_DEPTH];
};

/* Rows of a snapshot, ordered by id. */

struct ioasid_row {		/* one allocated IOASID */
	__u64 set_id;
	__u64 cgroup_id;	/* 0: held by the kernel */
	__u64 alloc_ns;		/* CLOCK_MONOTONIC */
	__u64 used_ns;		/* last bind, unbind or DMA setup; alloc_ns: never used */
	__u32 pasid;
	__u32 spid;		/* IOASID_NO_ID: none */
	__u32 refs;
	__u32 state;		/* enum ioasid_state */
	__u32 pid;		/* 0: held by the kernel */
	__u32 uid;
	char comm[IOASID_COMM_LEN];
};

struct ioasid_set_row {		/* a holder of IOASIDs: one per address space */
	__u64 set_id;
	__u64 cgroup_id;	/* 0: the kernel */
	__u64 oldest_ns;	/* CLOCK_MONOTONIC, allocation of the oldest IOASID; 0: none */
	__u32 pasids;		/* IOASIDs held */
	__u32 active;		/* IOASIDs by state */
	__u32 free_pending;
	__u32 bindings;		/* bindings under its IOASIDs, by any process */
	__u32 pid;		/* 0: the kernel */
	__u32 uid;
	char comm[IOASID_COMM_LEN];
};

struct ioasid_binding_row {	/* one attachment of a device */
	__u64 bind_ns;		/* CLOCK_MONOTONIC */
	__u64 faults;
	__u64 set_id;		/* process whose address space is attached */
	__u32 pasid;		/* 0: requests without PASID */
	__u32 device;		/* device id */
	__u32 ioas;		/* id of the I/O address space; 0: made by BIND */
	__u32 __reserved;
};

struct ioasid_space_row {	/* one I/O address space */
	__u64 number;		/* not reused while the module is loaded */
	__u64 set_id;		/* its owner */
	__u64 cgroup_id;	/* of its owner */
	__u64 alloc_ns;		/* CLOCK_MONOTONIC */
	__u64 mapped;		/* bytes */
	__u32 ioas;		/* its id; unique within its set */
	__u32 parent;		/* id of the parent space, 0: none */
	__u32 kind;		/* enum ioasid_kind */
	__u32 format;		/* enum ioasid_format */
	__u32 attachments;
	__u32 pid;
	__u32 uid;
	__u32 flags;		/* IOASID_IOAS_* */
	char comm[IOASID_COMM_LEN];
};

struct ioasid_device_row {	/* one device */
	__u64 faults;
	__u64 dmas;
	__u32 id;		/* from 1, not reused while the module is loaded */
	__u32 bindings;
	__u32 pasid_bits;	/* 0: none */
	__u32 caps;		/* IOASID_CAP_* */
	char name[32];
	char backend[16];
};

struct ioasid_system_row {	/* system-wide state */
	__u64 events;		/* since load, traced or not */
	__u64 denials;
	__u32 capacity;		/* maximum number of PASIDs */
	__u32 live;
	__u32 sets;
	__u32 pasid_bits;
	__u32 policy_attached;	/* 0 or 1 */
	__u32 fail_closed;	/* 0 or 1 */
	char version[32];
};

/*
 * Context of the snapshot programs. They write rows from @start on, at most
 * @limit, to their array map. The position of an attachment is (device id << 32
 * | PASID).
 */
struct ioasid_snapshot_args {
	__u64 start;
	__u64 next;		/* out: position to continue from, 0: end */
	__u32 limit;
	__u32 count;		/* out: rows written */
};

#endif /* IOASID_TYPES_H */
