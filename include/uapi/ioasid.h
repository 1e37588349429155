/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/ioasid: the user ABI.
 *
 * A process opens the device once (a second open: EBUSY) and every descriptor
 * works only for the address space that opened it: a forked child or somebody
 * who received the descriptor gets EPERM. The last close frees what is left.
 *
 * Calls 0 to 3 are those of the 2021 proposal, version 4, bit for bit. Every
 * later call has a number of its own from IOASID_BASE + 32 on, and a struct
 * that starts with its size, grows at its end and treats zero as "not given":
 * a non-zero tail the kernel does not know, or a size above one page (4096
 * bytes), is E2BIG, an unknown flag or a non-zero reserved field EOPNOTSUPP. A
 * device's name is filled up with zeros: anything else behind its NUL is EINVAL.
 *
 * Errors of every call: EFAULT bad pointer, EINVAL argsz or size too short,
 * EPERM descriptor of another address space, ENOTTY unknown call.
 * All calls may sleep.
 */
#ifndef _UAPI_IOASID_H
#define _UAPI_IOASID_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define IOASID_TYPE		'i'
#define IOASID_BASE		100

#define IOASID_API_VERSION	0
#define IOASID_NAME_LEN		32	/* device name, with its NUL */

/* Returns IOASID_API_VERSION; for old clients only: probe for features. */
#define IOASID_GET_API_VERSION	_IO(IOASID_TYPE, IOASID_BASE + 0)

/**
 * struct ioasid_info - what the system's PASIDs look like
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

/* Both ends inclusive. */
struct ioasid_range {
	__u32 min;
	__u32 max;
};

/**
 * struct ioasid_alloc_request - ask for one PASID
 * @argsz: size of this struct
 * @flags: none defined
 * @range: the numbers wanted
 *
 * Returns the PASID. EINVAL: min > max, or max beyond the width; ENOSPC: none
 * free in the range; EDQUOT: a quota is reached; EAGAIN: a rate is exceeded;
 * EPERM: the policy permits none of the range. PASID 0 is never given.
 */
struct ioasid_alloc_request {
	__u32 argsz;
	__u32 flags;
	struct ioasid_range range;
};
#define IOASID_REQUEST_ALLOC	_IO(IOASID_TYPE, IOASID_BASE + 2)

/*
 * Argument: pointer to the PASID (__u32). ENOENT: no such PASID; EPERM:
 * somebody else's. A PASID still in use becomes free-pending and is reclaimed
 * with its last user; freeing it again succeeds and changes nothing.
 */
#define IOASID_REQUEST_FREE	_IO(IOASID_TYPE, IOASID_BASE + 3)

/**
 * struct ioasid_bind - the caller's address space <-> a device, under a PASID
 * @size: size of this struct
 * @flags: none defined
 * @pasid: a PASID of the caller
 * @__reserved: zero
 * @device: name of the device, NUL terminated
 *
 * After BIND the device reaches the caller's own memory under @pasid, until
 * UNBIND or until the address space ends: exactly what the process itself
 * reaches there, with the same page faults (memory shared by fork, a stack that
 * grows, a file system or a pager that takes its time), but for what the kernel
 * lets no device have. UNBIND does not wait for a DMA that waits for such a page;
 * that DMA ends with EFAULT. ENOENT: no such PASID; ENODEV: no such device;
 * EBUSY: bound already (BIND), or free-pending; EINVAL: not bound (UNBIND);
 * EPERM: not permitted; EINTR: a signal came first (BIND).
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
#define IOASID_DMA_MAX		(1u << 20)	/* bytes in one call */

/**
 * struct ioasid_dma - have a test device do one DMA
 * @size: size of this struct
 * @flags: exactly one of IOASID_DMA_READ, IOASID_DMA_WRITE
 * @pasid: tags the DMA
 * @__reserved: zero
 * @iova: where the device reads or writes, in the address space of @pasid
 * @length: bytes, 1 to IOASID_DMA_MAX
 * @data: pointer to the caller's copy of what is moved
 * @device: name of a device that has a DMA engine for tests
 *
 * The binding is looked up once, when @data was read, and used as it was found:
 * the caller must be permitted to use the PASID, and to reach the memory that the
 * binding leads to, which is of the process that bound, not of the one that
 * allocated. So nobody's memory is moved but what was asked for.
 *
 * Returns the bytes moved. EFAULT: the translation failed (also an event
 * `fault`), the binding ended meanwhile, or @data is bad; EPERM: the PASID or the
 * memory is somebody else's; EINTR: a signal came while the device waited for a
 * page, of which some may have been moved before.
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
 * struct ioasid_spid - give a PASID an ID private to its set (a guest's PASID)
 * @size: size of this struct
 * @flags: none defined
 * @pasid: a PASID of the caller
 * @spid: ATTACH: the private ID; DETACH: zero, or it is EOPNOTSUPP
 *
 * EEXIST: the set has this SPID already; EBUSY: the PASID has one already or
 * is free-pending; ENOENT: no such PASID, or nothing to detach.
 */
struct ioasid_spid {
	__u32 size;
	__u32 flags;
	__u32 pasid;
	__u32 spid;
};
#define IOASID_SPID_ATTACH	_IO(IOASID_TYPE, IOASID_BASE + 35)
#define IOASID_SPID_DETACH	_IO(IOASID_TYPE, IOASID_BASE + 36)

#endif /* _UAPI_IOASID_H */
