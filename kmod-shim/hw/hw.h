/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a backend provides: how an IOMMU is told that a device may reach an
 * address space under a PASID. One struct of functions for each backend.
 */
#ifndef IOASID_HW_H
#define IOASID_HW_H

#include "../private.h"

struct ioasid_hw_ops {
	const char *name;
	u32 pasid_bits;		/* width that the backend's PASID tables have */

	/*
	 * bind - let @dev reach the memory of binding->set->mm under the PASID
	 *
	 * With dev->lock held for writing; may sleep, for the hardware and nobody
	 * else. 0 or a negative errno.
	 */
	int (*bind)(struct ioasid_device *dev, struct ioasid_binding *binding);

	/*
	 * unbind - undo bind; cannot fail
	 *
	 * No DMA under the PASID will land after it returns. One that waits for a
	 * page is not waited for: ioasid_binding_enter() refuses it from before
	 * this is called. With dev->lock held for writing; may sleep, for the
	 * hardware and nobody else.
	 */
	void (*unbind)(struct ioasid_device *dev, struct ioasid_binding *binding);

	/*
	 * dma - have the device's engine for tests move @length bytes
	 * @write: from @data to memory; otherwise from memory to @data
	 *
	 * Absent: the device has no such engine. With no lock held: the binding is
	 * held, but may end at any time, so memory is touched between
	 * ioasid_binding_enter() and ioasid_binding_leave() only. May sleep.
	 * Returns 0; -EFAULT with the address that was not translated in @fault;
	 * -EINTR: the caller was called away while it waited for a page.
	 */
	int (*dma)(struct ioasid_device *dev, struct ioasid_binding *binding, u64 iova,
		   void *data, size_t length, bool write, u64 *fault);
};

#endif /* IOASID_HW_H */
