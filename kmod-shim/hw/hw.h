/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interface of a backend: programs an IOMMU so that a device can access an
 * address space under a PASID. Each backend provides one struct of functions.
 */
#ifndef IOASID_HW_H
#define IOASID_HW_H

#include "../private.h"

struct ioasid_hw_ops {
	const char *name;
	u32 pasid_bits;		/* width of the backend's PASID tables */

	/*
	 * bind - let @dev access the memory of binding->set->mm under the PASID
	 *
	 * Called with dev->lock held for writing. May sleep, but only to wait
	 * for the hardware. Returns 0 or a negative errno.
	 */
	int (*bind)(struct ioasid_device *dev, struct ioasid_binding *binding);

	/*
	 * unbind - undo bind; cannot fail
	 *
	 * After it returns, no DMA under the PASID reaches memory. It does not
	 * wait for a DMA that waits for a page: ioasid_binding_enter() returns
	 * false from before this is called. Called with dev->lock held for
	 * writing. May sleep, but only to wait for the hardware.
	 */
	void (*unbind)(struct ioasid_device *dev, struct ioasid_binding *binding);

	/*
	 * dma - transfer @length bytes with the device's DMA engine for tests
	 * @write: from @data to memory; otherwise from memory to @data
	 *
	 * NULL if the device has no such engine. Called without locks. The
	 * caller holds a reference to the binding, but it may end at any time:
	 * access memory only between ioasid_binding_enter() and
	 * ioasid_binding_leave(). May sleep. Returns 0; -EFAULT, with the
	 * address that was not translated in @fault; -EINTR: interrupted by a
	 * signal while waiting for a page.
	 */
	int (*dma)(struct ioasid_device *dev, struct ioasid_binding *binding, u64 iova,
		   void *data, size_t length, bool write, u64 *fault);
};

#endif /* IOASID_HW_H */
