/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface of a backend: programs an IOMMU so that a device can access an I/O
 * address space, under a PASID or without. Each backend provides one struct of
 * functions.
 */
#ifndef IOASID_HW_H
#define IOASID_HW_H

#include "../private.h"

struct ioasid_hw_ops {
	const char *name;

	/*
	 * attach - let @dev access binding->ioas under binding->data->id, or, if
	 * binding->data is NULL, with requests without PASID
	 *
	 * Called with dev->lock held for writing, before the binding is live. May
	 * sleep, but only to wait for the hardware. When a space is replaced, it is
	 * called before detach() of the old one. Returns 0 or a negative errno,
	 * except -EBUSY.
	 */
	int (*attach)(struct ioasid_device *dev, struct ioasid_binding *binding);

	/*
	 * detach - undo attach; cannot fail
	 *
	 * After it returns, no DMA through the binding reaches memory. It does not
	 * wait for a DMA that waits for a page: ioasid_binding_enter() returns
	 * false from before this is called. Called with dev->lock held for
	 * writing. May sleep, but only to wait for the hardware.
	 */
	void (*detach)(struct ioasid_device *dev, struct ioasid_binding *binding);

	/*
	 * invalidate - forget cached translations of the addresses @start to @last
	 *
	 * After it returned 0, no DMA through the binding uses a translation that
	 * was read before the call. Called with a reference to the binding, which
	 * may end at any time. May sleep, but only to wait for the hardware.
	 * Returns 0, or -EIO: the hardware did not complete it.
	 */
	int (*invalidate)(struct ioasid_device *dev, struct ioasid_binding *binding, u64 start,
			  u64 last);

	/*
	 * dma - transfer @length bytes with the device's DMA engine for tests,
	 * from access->address on: from @data to memory if access->access is
	 * IOASID_MAP_WRITE, otherwise from memory to @data
	 *
	 * NULL if the device has no such engine. Called without locks. The
	 * caller holds a reference to the binding, but it may end at any time:
	 * access memory only between ioasid_binding_enter() and
	 * ioasid_binding_leave(). May sleep. Returns 0; -EFAULT, with the address
	 * that was not translated and the reason in @access; -EINTR: interrupted by
	 * a signal while waiting for a page or for the engine; -EIO: the device or the
	 * IOMMU did not complete it; -ENOMEM.
	 */
	int (*dma)(struct ioasid_device *dev, struct ioasid_binding *binding, void *data,
		   size_t length, struct ioasid_access *access);
};

#endif /* IOASID_HW_H */
