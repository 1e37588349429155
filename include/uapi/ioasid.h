/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/ioasid: user ABI.
 *
 * A process can open the device once; a second open fails with EBUSY. A
 * process that keeps 16 descriptors open from before exec gets EMFILE. A
 * descriptor works only for the address space that opened it: a forked child
 * and a process that received the descriptor get EPERM. The last close ends
 * the bindings and frees the PASIDs allocated through the device.
 *
 * Calls 0 to 3 are binary-compatible with version 4 of the 2021 proposal. Later
 * calls are numbered from IOASID_BASE + 32. Their structs start with their size
 * and can be extended at the end; zero means "not given". A non-zero tail that
 * the kernel does not know and a size above one page (4096 bytes) are E2BIG. An
 * unknown flag and a non-zero reserved field are EOPNOTSUPP. Device names are
 * padded with zeros: any other byte after the NUL is EINVAL.
 *
 * Errors of every call: EFAULT: bad pointer; EINVAL: argsz or size too short;
 * EPERM: descriptor of another address space; ENOTTY: unknown call. All calls
 * may sleep.
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
#define IOASID_DMA_MAX		(1u << 20)	/* maximum bytes per call */

/**
 * struct ioasid_dma - start one DMA of a test device
 * @size: size of this struct
 * @flags: exactly one of IOASID_DMA_READ, IOASID_DMA_WRITE
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

#endif /* _UAPI_IOASID_H */
