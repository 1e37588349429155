/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/ioasid: user ABI. docs/uapi.md explains the objects and their life
 * cycles.
 *
 * Calling convention. Calls 0 to 3 are binary-compatible with version 4 of the
 * 2021 proposal. Later calls are numbered from IOASID_BASE + 32. Their structs
 * start with their size and can be extended at the end; zero means "not given".
 * Fields that a call returns are marked "out"; they are written if the call
 * succeeds, and where the field's description says so. All calls may sleep.
 *
 * A process can open the device once; a second open fails with EBUSY. A
 * process that keeps 16 descriptors open from before exec gets EMFILE. A
 * descriptor works only for the address space that opened it: a forked child
 * and a process that received the descriptor get EPERM. The last close detaches
 * all devices and frees the PASIDs and the I/O address spaces allocated through
 * the device.
 *
 * Errors have one meaning in all calls:
 *
 *   E2BIG       a struct longer than the kernel knows has a non-zero tail, or is
 *               longer than one page (4096 bytes)
 *   EAGAIN      a rate limit is exceeded; read(): nothing to read (O_NONBLOCK)
 *   EBUSY       the object is in use, or the place is taken by another object
 *   EDQUOT      a quota of the policy is reached
 *   EEXIST      it overlaps what exists
 *   EFAULT      bad pointer; DMA: the address was not translated
 *   EINTR       interrupted by a signal
 *   EINVAL      a value is out of range, misaligned or of the wrong kind, or
 *               the struct is shorter than its oldest version
 *   EIO         the device did not complete an invalidation
 *   EMSGSIZE    the array is too small; the needed number is returned
 *   ENODEV      no such device
 *   ENOENT      no such PASID, I/O address space, mapping or page request
 *   ENOMEM      no memory, or RLIMIT_MEMLOCK is reached
 *   ENOSPC      no PASID is free in the range, or the limit of 65,535 I/O
 *               address spaces is reached
 *   ENOTTY      unknown call
 *   EOPNOTSUPP  unknown flag or extension of a struct, non-zero reserved
 *               field, or an ability that the device or the kernel lacks
 *   EPERM       descriptor of another address space, or not permitted by the
 *               policy
 *   ERANGE      the PASID is wider than the device's PASIDs
 *
 * Device names are padded with zeros: any other byte after the NUL is EINVAL.
 */
#ifndef _UAPI_IOASID_H
#define _UAPI_IOASID_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define IOASID_TYPE		'i'
#define IOASID_BASE		100

#define IOASID_API_VERSION	0
#define IOASID_NAME_LEN		32	/* device name, including NUL */

/* Returns IOASID_API_VERSION. For old clients only; new ones probe features. */
#define IOASID_GET_API_VERSION	_IO(IOASID_TYPE, IOASID_BASE + 0)

/**
 * struct ioasid_info - properties of the system's PASIDs
 * @argsz: in: size of this struct
 * @flags: none defined
 * @ioasid_bits: out: width of a PASID in bits (20 on PCIe)
 */
struct ioasid_info {
	__u32 argsz;
	__u32 flags;
	__u32 ioasid_bits;
};
#define IOASID_GET_INFO		_IO(IOASID_TYPE, IOASID_BASE + 1)

/* Both ends are inclusive. */
struct ioasid_range {
	__u32 min;
	__u32 max;
};

/**
 * struct ioasid_alloc_request - allocate one PASID
 * @argsz: size of this struct
 * @flags: none defined
 * @range: range to allocate from
 *
 * Returns the PASID. PASID 0 is never allocated. EINVAL: min > max, or max is
 * beyond the width; ENOSPC: no PASID is free in the range; EDQUOT: a quota is
 * reached; EAGAIN: a rate limit is exceeded; EPERM: the policy permits no PASID
 * in the range.
 */
struct ioasid_alloc_request {
	__u32 argsz;
	__u32 flags;
	struct ioasid_range range;
};
#define IOASID_REQUEST_ALLOC	_IO(IOASID_TYPE, IOASID_BASE + 2)

/*
 * Free a PASID. The argument is a pointer to the PASID (__u32). A PASID that is
 * in use becomes free-pending and is reclaimed when its last user releases it.
 * Freeing a free-pending PASID succeeds and has no effect. ENOENT: no such
 * PASID; EPERM: held by another process.
 */
#define IOASID_REQUEST_FREE	_IO(IOASID_TYPE, IOASID_BASE + 3)

/**
 * struct ioasid_bind - bind the caller's address space to a device and PASID
 * @size: size of this struct
 * @flags: none defined
 * @pasid: PASID held by the caller
 * @__reserved: zero
 * @device: name of the device, NUL-terminated
 *
 * After BIND the device accesses the caller's memory under @pasid until UNBIND
 * or until the address space ends. It can access exactly what the process can,
 * with the same page faults (memory shared by fork, a growing stack, a slow
 * file system or pager), except memory that the kernel makes available to no
 * device. UNBIND does not wait for a DMA that waits for a page; that DMA fails
 * with EFAULT.
 *
 * ENOENT: no such PASID; ENODEV: no such device; EBUSY: already bound (BIND) or
 * free-pending; EINVAL: not bound (UNBIND); EPERM: not permitted; EINTR:
 * interrupted by a signal (BIND).
 */
struct ioasid_bind {
	__u32 size;
	__u32 flags;
	__u32 pasid;
	__u32 __reserved;
	char device[IOASID_NAME_LEN];
};
#define IOASID_BIND		_IO(IOASID_TYPE, IOASID_BASE + 32)
#define IOASID_UNBIND		_IO(IOASID_TYPE, IOASID_BASE + 33)

#define IOASID_DMA_READ		(1u << 0)	/* device reads memory into @data */
#define IOASID_DMA_WRITE	(1u << 1)	/* device writes @data to memory */
#define IOASID_DMA_NO_PASID	(1u << 2)	/* a request without PASID; @pasid is zero */
#define IOASID_DMA_MAX		(1u << 20)	/* maximum bytes per call */

/**
 * struct ioasid_dma - start one DMA of a test device
 * @size: size of this struct
 * @flags: exactly one of IOASID_DMA_READ, IOASID_DMA_WRITE; also
 *	IOASID_DMA_NO_PASID
 * @pasid: PASID of the DMA
 * @__reserved: zero
 * @iova: address the device accesses, in the address space bound to @pasid
 * @length: bytes, 1 to IOASID_DMA_MAX
 * @data: pointer to the caller's buffer
 * @device: name of a device with a DMA engine for tests
 *
 * The binding is looked up once, after @data has been read, and used as found.
 * The caller must be permitted to use the PASID and to access the memory that
 * the binding leads to, which belongs to the process that bound the device, not
 * to the one that allocated the PASID. Memory of no other process is accessed.
 *
 * Returns the bytes transferred. EFAULT: the translation failed (also reported
 * as event `fault`), the binding ended meanwhile, or @data is invalid; EPERM:
 * the PASID or the memory belongs to another process; EINTR: interrupted by a
 * signal while the device waited for a page; part of the data may already have
 * been transferred.
 */
struct ioasid_dma {
	__u32 size;
	__u32 flags;
	__u32 pasid;
	__u32 __reserved;
	__u64 iova;
	__u64 length;
	__u64 data;
	char device[IOASID_NAME_LEN];
};
#define IOASID_DMA		_IO(IOASID_TYPE, IOASID_BASE + 34)

/**
 * struct ioasid_spid - attach a set-private ID (a guest's PASID) to a PASID
 * @size: size of this struct
 * @flags: none defined
 * @pasid: PASID held by the caller
 * @spid: ATTACH: the SPID; DETACH: zero, otherwise EOPNOTSUPP
 *
 * EEXIST: the set already has this SPID; EBUSY: the PASID already has an SPID
 * or is free-pending; ENOENT: no such PASID, or it has no SPID to detach.
 */
struct ioasid_spid {
	__u32 size;
	__u32 flags;
	__u32 pasid;
	__u32 spid;
};
#define IOASID_SPID_ATTACH	_IO(IOASID_TYPE, IOASID_BASE + 35)
#define IOASID_SPID_DETACH	_IO(IOASID_TYPE, IOASID_BASE + 36)

/* --- Devices -------------------------------------------------------------- */

/* Abilities of a device. */
#define IOASID_CAP_PASID	(1u << 0)	/* its requests can carry a PASID */
#define IOASID_CAP_PRI		(1u << 1)	/* page requests */
#define IOASID_CAP_NESTING	(1u << 2)	/* user page tables */
#define IOASID_CAP_SNOOP	(1u << 3)	/* snooping can be enforced */
#define IOASID_CAP_DMA		(1u << 4)	/* has a DMA engine for IOASID_DMA */

/*
 * X(NUMBER, CONSTANT, name): formats of user page tables.
 *
 * x86_64: four levels, 48 bits, as of an x86-64 processor: P (bit 0), R/W (1),
 * PS (7, for 2 MiB and 1 GiB pages), address (51:12). The device ignores the
 * other bits, except that reserved bits of a large page's address must be zero,
 * and does not set A and D.
 */
#define IOASID_FORMATS(X)							\
	X(0, NONE, none)							\
	X(1, X86_64, x86_64)

enum ioasid_format {
#define X(number, constant, name) IOASID_FORMAT_##constant = number,
	IOASID_FORMATS(X)
#undef X
};

/**
 * struct ioasid_device_info - abilities of a device
 * @size: size of this struct
 * @flags: none defined
 * @device: name of the device, NUL-terminated
 * @caps: out: IOASID_CAP_*
 * @pasid_bits: out: width of its PASIDs; 0: it has none
 * @iova_bits: out: width of its addresses
 * @formats: out: formats of user page tables, bit N for enum ioasid_format N
 * @page_sizes: out: page sizes of its IOMMU, bit N for 2^N bytes
 * @backend: out: name of the backend, NUL-terminated
 *
 * ENODEV: no such device.
 */
struct ioasid_device_info {
	__u32 size;
	__u32 flags;
	char device[IOASID_NAME_LEN];
	__u32 caps;
	__u32 pasid_bits;
	__u32 iova_bits;
	__u32 formats;
	__u64 page_sizes;
	char backend[16];
};
#define IOASID_DEVICE_INFO	_IO(IOASID_TYPE, IOASID_BASE + 37)

/* Extensions that IOASID_CHECK_EXTENSION reports. */
enum ioasid_extension {
	IOASID_EXT_KINDS = 1,	/* bit N: I/O address spaces of kind N */
	IOASID_EXT_FAULTS,	/* size of the fault queue, in records */
	IOASID_EXT_REPLACE,	/* 1: IOASID_ATTACH_REPLACE */
};

/**
 * struct ioasid_extension_check - ask whether this kernel has an extension
 * @size: size of this struct
 * @flags: none defined
 * @extension: enum ioasid_extension
 * @value: out: see the extension; 0: this kernel does not have it
 */
struct ioasid_extension_check {
	__u32 size;
	__u32 flags;
	__u32 extension;
	__u32 value;
};
#define IOASID_CHECK_EXTENSION	_IO(IOASID_TYPE, IOASID_BASE + 38)

/* --- I/O address spaces --------------------------------------------------- */

/* X(NUMBER, CONSTANT, name, help): kinds of I/O address spaces. */
#define IOASID_KINDS(X)								\
	X(1, KERNEL, kernel, "MAP and UNMAP fill its page table")		\
	X(2, USER, user, "its page table is in memory of its parent")		\
	X(3, PROCESS, process, "the memory of the process, as with BIND")	\
	X(4, KVM, kvm, "the memory of a virtual machine: EOPNOTSUPP")

enum ioasid_kind {
#define X(number, constant, name, help) IOASID_KIND_##constant = number,
	IOASID_KINDS(X)
#undef X
};

#define IOASID_IOAS_SNOOP	(1u << 0)	/* enforce snooping */
#define IOASID_IOAS_FAULTS	(1u << 1)	/* faults can be read from the descriptor */

/**
 * struct ioasid_ioas_alloc - allocate an I/O address space (IOAS)
 * @size: size of this struct
 * @flags: IOASID_IOAS_*
 * @kind: enum ioasid_kind
 * @format: KIND_USER: enum ioasid_format; otherwise 0
 * @parent: KIND_USER: ID of the KIND_KERNEL space that confines it; otherwise 0
 * @ioas_id: out: its ID within this descriptor
 * @base_iova: KIND_KERNEL: lowest address that will be mapped; 0: not given
 * @highest_iova: KIND_KERNEL: highest address that will be mapped; 0: not given
 *
 * With @base_iova and @highest_iova the space permits only mappings of whole
 * pages between them, and a device with fewer address bits can be attached.
 *
 * ENOENT: no such @parent; EINVAL: unknown @kind, @format or a @parent of
 * another kind; EOPNOTSUPP: KIND_KVM.
 */
struct ioasid_ioas_alloc {
	__u32 size;
	__u32 flags;
	__u32 kind;
	__u32 format;
	__u32 parent;
	__u32 ioas_id;
	__u64 base_iova;
	__u64 highest_iova;
};
#define IOASID_IOAS_ALLOC	_IO(IOASID_TYPE, IOASID_BASE + 39)

/**
 * struct ioasid_ioas_id - name an I/O address space
 * @size: size of this struct
 * @flags: none defined
 * @ioas_id: ID of the space
 * @__reserved: zero
 *
 * IOAS_FREE: free the space and its mappings. EBUSY: a device is attached to
 * it, or it has a child.
 *
 * TABLE_UNBIND: unbind the page table from a KIND_USER space: all accesses
 * fault. ENOENT: none is bound.
 */
struct ioasid_ioas_id {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 __reserved;
};
#define IOASID_IOAS_FREE	_IO(IOASID_TYPE, IOASID_BASE + 40)

struct ioasid_iova_range {
	__u64 start;
	__u64 last;		/* inclusive */
};

/**
 * struct ioasid_ioas_ranges - report the usable addresses of a space
 * @size: size of this struct
 * @flags: none defined
 * @ioas_id: ID of the space
 * @count: in: elements of @ranges; out: ranges of the space
 * @ranges: pointer to an array of struct ioasid_iova_range; out
 * @page_sizes: out: page sizes, bit N for 2^N bytes; mappings are multiples of
 *	the smallest
 *
 * KIND_KERNEL: the range of interrupt messages is excluded. A device with fewer
 * address bits that is attached narrows the space, also after it was detached.
 * EMSGSIZE: @count is too small; @count returns the needed number.
 */
struct ioasid_ioas_ranges {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 count;
	__u64 ranges;
	__u64 page_sizes;
};
#define IOASID_IOAS_RANGES	_IO(IOASID_TYPE, IOASID_BASE + 41)

#define IOASID_MAP_READ		(1u << 0)	/* devices may read */
#define IOASID_MAP_WRITE	(1u << 1)	/* devices may write */

/**
 * struct ioasid_map - map memory of the caller in a KIND_KERNEL space
 * @size: size of this struct
 * @flags: IOASID_MAP_READ, IOASID_MAP_WRITE or both
 * @ioas_id: ID of the space
 * @__reserved: zero
 * @iova: first address for devices, a multiple of 4096
 * @length: bytes, a multiple of 4096
 * @address: the caller's address, a multiple of 4096
 *
 * The memory is pinned and counts towards RLIMIT_MEMLOCK of the user. The
 * mapping keeps this memory, even if the process unmaps its own.
 *
 * EEXIST: overlaps a mapping; EINVAL: misaligned or not a usable address;
 * EFAULT: the caller cannot access the memory as requested; EINTR: interrupted
 * by a signal. Nothing is mapped on an error.
 */
struct ioasid_map {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 __reserved;
	__u64 iova;
	__u64 length;
	__u64 address;
};
#define IOASID_MAP		_IO(IOASID_TYPE, IOASID_BASE + 42)

/**
 * struct ioasid_unmap - remove mappings from a KIND_KERNEL space
 * @size: size of this struct
 * @flags: none defined
 * @ioas_id: ID of the space
 * @__reserved: zero
 * @iova: first address
 * @length: in: bytes; out: bytes that were mapped
 *
 * Removes the mappings that lie in the range. Address 0 and length 2^64 - 1 are
 * all mappings. No device accesses the memory any more when this returns.
 *
 * ENOENT: nothing is mapped in the range, or the range covers a part of a
 * mapping; nothing is removed. EBUSY: a mapping in the range is being made.
 */
struct ioasid_unmap {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 __reserved;
	__u64 iova;
	__u64 length;
};
#define IOASID_UNMAP		_IO(IOASID_TYPE, IOASID_BASE + 43)

/**
 * struct ioasid_table_bind - bind a page table to a KIND_USER space
 * @size: size of this struct
 * @flags: none defined
 * @ioas_id: ID of the space
 * @__reserved: zero
 * @root: address of the root table in the parent space, a multiple of 4096
 *
 * The table is in memory of the parent space, and its entries contain addresses
 * of the parent space. The caller may change the table at any time, and must
 * invalidate what devices may have cached of it. Whatever it contains, devices
 * only access what is mapped in the parent space. EBUSY: a table is bound;
 * EINVAL: @root is misaligned or too wide.
 */
struct ioasid_table_bind {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 __reserved;
	__u64 root;
};
#define IOASID_TABLE_BIND	_IO(IOASID_TYPE, IOASID_BASE + 44)
#define IOASID_TABLE_UNBIND	_IO(IOASID_TYPE, IOASID_BASE + 45)

struct ioasid_invalidate_entry {
	__u64 iova;
	__u64 length;		/* bytes; 2^64 - 1 from address 0: everything */
};

/**
 * struct ioasid_invalidate - invalidate what devices cached of a user page table
 * @size: size of this struct
 * @flags: none defined
 * @ioas_id: ID of a KIND_USER space
 * @entry_size: size of one element of @entries
 * @entries: pointer to an array of struct ioasid_invalidate_entry
 * @count: in: elements of @entries; out: elements done, also on an error
 * @__reserved: zero
 *
 * Stops at the first element that fails. EINVAL: bad range; EIO: a device did
 * not complete it; EINTR: interrupted by a signal.
 */
struct ioasid_invalidate {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 entry_size;
	__u64 entries;
	__u32 count;
	__u32 __reserved;
};
#define IOASID_INVALIDATE	_IO(IOASID_TYPE, IOASID_BASE + 46)

/* --- Attaching devices ---------------------------------------------------- */

#define IOASID_ATTACH_PASID	(1u << 0)	/* @pasid is a PASID */
#define IOASID_ATTACH_SPID	(1u << 1)	/* @pasid is an SPID of the caller */
#define IOASID_ATTACH_REPLACE	(1u << 2)	/* ATTACH: replace another space */

/**
 * struct ioasid_attach - attach a device to an I/O address space, or detach it
 * @size: size of this struct
 * @flags: IOASID_ATTACH_PASID or IOASID_ATTACH_SPID, or neither: requests of the
 *	device without PASID; ATTACH: also IOASID_ATTACH_REPLACE
 * @ioas_id: ATTACH: ID of the space; DETACH: zero
 * @pasid: PASID or SPID; otherwise zero
 * @device: name of the device, NUL-terminated
 *
 * Each attachment counts towards the limit `max_bindings` of a policy. Attaching
 * the space that is attached succeeds and has no effect. An attachment ends with
 * DETACH, and with the end of the PASID, the process, the descriptor or the
 * device. DETACH also ends what BIND made, and UNBIND what ATTACH made.
 *
 * EBUSY: another space is attached, or the PASID is free-pending; with
 * IOASID_ATTACH_REPLACE: the other space belongs to another process; ENOENT: no
 * such space, PASID or SPID; DETACH: not attached; ENODEV: no such device;
 * ERANGE: the PASID is too wide for the device; EOPNOTSUPP: the device lacks
 * an ability that the space needs; EINVAL: a mapping of the space is not usable
 * for the device; EDQUOT, EPERM: denied by the policy; EINTR: interrupted by a
 * signal (ATTACH). If replacing fails, the old space stays attached.
 */
struct ioasid_attach {
	__u32 size;
	__u32 flags;
	__u32 ioas_id;
	__u32 pasid;
	char device[IOASID_NAME_LEN];
};
#define IOASID_ATTACH		_IO(IOASID_TYPE, IOASID_BASE + 47)
#define IOASID_DETACH		_IO(IOASID_TYPE, IOASID_BASE + 48)

/* --- Faults and page requests --------------------------------------------- */

/* X(NUMBER, CONSTANT, name, help): why an address was not translated. */
#define IOASID_FAULT_REASONS(X)							\
	X(1, DETACHED, detached, "no space is attached")			\
	X(2, NO_TABLE, no_table, "no page table is bound to the space")		\
	X(3, NOT_PRESENT, not_present, "the address is not mapped")		\
	X(4, PERMISSION, permission, "the mapping does not permit the access")	\
	X(5, TABLE_ADDRESS, table_address, "a table is not in memory of the parent space") \
	X(6, PARENT_ADDRESS, parent_address, "the result is not mapped in the parent space") \
	X(7, RESERVED_BIT, reserved_bit, "a table entry has a reserved bit set") \
	X(8, ADDRESS_WIDTH, address_width, "the address is too wide")		\
	X(9, REFUSED, refused, "the page request was answered with a failure")	\
	X(10, NOT_ANSWERED, not_answered, "the page request could not be queued, or was ended") \
	X(11, NO_MEMORY, no_memory, "the process cannot access the address either")

enum ioasid_fault_reason {
#define X(number, constant, name, help) IOASID_FAULT_##constant = number,
	IOASID_FAULT_REASONS(X)
#undef X
};

enum ioasid_fault_type {
	IOASID_FAULT_TYPE_DMA = 1,	/* a DMA failed */
	IOASID_FAULT_TYPE_PAGE_REQUEST,	/* a DMA waits for PAGE_RESPONSE */
};

/**
 * struct ioasid_fault - one record read from the descriptor
 * @size: size of this record
 * @type: enum ioasid_fault_type
 * @reason: enum ioasid_fault_reason
 * @access: IOASID_MAP_READ or IOASID_MAP_WRITE
 * @id: page request: its number, otherwise 0
 * @address: address of the access
 * @ts_ns: CLOCK_MONOTONIC
 * @ioas_id: ID of the space
 * @pasid: 2^32 - 1: none
 * @spid: 2^32 - 1: none
 * @lost: records lost since the previous read()
 * @device: name of the device, NUL-terminated
 *
 * read() returns whole records, as many as fit; EINVAL if none fits. poll()
 * reports POLLIN if there is a record. The queue holds a limited number of
 * records (IOASID_EXT_FAULTS): when it is full, new records are lost, and page
 * requests fail. Only accesses through spaces with IOASID_IOAS_FAULTS are
 * reported.
 */
struct ioasid_fault {
	__u32 size;
	__u32 type;
	__u32 reason;
	__u32 access;
	__u64 id;
	__u64 address;
	__u64 ts_ns;
	__u32 ioas_id;
	__u32 pasid;
	__u32 spid;
	__u32 lost;
	char device[IOASID_NAME_LEN];
};

enum ioasid_response {
	IOASID_RESPONSE_RETRY,		/* the page is there: translate again */
	IOASID_RESPONSE_FAILURE,	/* the DMA fails */
};

/**
 * struct ioasid_page_response - answer a page request
 * @size: size of this struct
 * @flags: none defined
 * @id: number of the page request
 * @response: enum ioasid_response
 * @__reserved: zero
 *
 * A page request that is not answered makes only its own DMA wait, until a
 * signal or until the attachment ends. ENOENT: no such request, or it has ended.
 */
struct ioasid_page_response {
	__u32 size;
	__u32 flags;
	__u64 id;
	__u32 response;
	__u32 __reserved;
};
#define IOASID_PAGE_RESPONSE	_IO(IOASID_TYPE, IOASID_BASE + 49)

#endif /* _UAPI_IOASID_H */
