// SPDX-License-Identifier: GPL-2.0-only
/*
 * sim: a software IOMMU with two devices, always present. It takes the place of
 * the hardware's page table walk: an address is translated page by page with
 * the page table of the bound process, and the DMA accesses the pages found.
 * Pages that are not present are requested. Nothing is cached, so nothing needs
 * to be invalidated.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "hw.h"

static int ioasid_sim_bind(struct ioasid_device *dev, struct ioasid_binding *binding)
{
	return 0;	/* the device's bindings serve as the PASID table */
}

static void ioasid_sim_unbind(struct ioasid_device *dev, struct ioasid_binding *binding)
{
}

/* Transfer data within one page. */
static int ioasid_sim_page(struct ioasid_binding *binding, u64 iova, void *data, size_t length,
			   bool write)
{
	struct page *page;
	void *memory;
	int ret;

	/* Like hardware with page request support. */
	ret = ioasid_page_get(binding->set->mm, iova, write, &page);
	if (ret)
		return ret;
	memory = kmap_local_page(page) + offset_in_page(iova);
	if (!ioasid_binding_enter(binding)) {
		ret = -EFAULT;
	} else {
		if (write)
			memcpy(memory, data, length);
		else
			memcpy(data, memory, length);
		ioasid_binding_leave(binding);
	}
	kunmap_local(memory);
	ioasid_page_put(page, write);
	return ret;
}

static int ioasid_sim_dma(struct ioasid_device *dev, struct ioasid_binding *binding, u64 iova,
			  void *data, size_t length, bool write, u64 *fault)
{
	struct mm_struct *mm = binding->set->mm;
	int ret = 0;

	*fault = iova;
	if (iova + length < iova || iova + length > TASK_SIZE_MAX || !mmget_not_zero(mm))
		return -EFAULT;
	while (length && !ret) {
		size_t part = min(length, PAGE_SIZE - (size_t)offset_in_page(iova));

		*fault = iova;
		ret = ioasid_sim_page(binding, iova, data, part, write);
		iova += part;
		data += part;
		length -= part;
	}
	mmput(mm);
	return ret;
}

static const struct ioasid_hw_ops sim_ops = {
	.name = "sim",
	.pasid_bits = IOASID_BITS,
	.bind = ioasid_sim_bind,
	.unbind = ioasid_sim_unbind,
	.dma = ioasid_sim_dma,
};

static struct ioasid_device sim_devices[2];
static const char *const sim_names[ARRAY_SIZE(sim_devices)] = { "sim0", "sim1" };

int ioasid_sim_init(void)
{
	int ret, i;

	for (i = 0; i < ARRAY_SIZE(sim_devices); i++) {
		ret = ioasid_device_register(&sim_devices[i], sim_names[i], &sim_ops);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	while (i--)
		ioasid_device_unregister(&sim_devices[i]);
	return ret;
}

void ioasid_sim_exit(void)
{
	for (int i = ARRAY_SIZE(sim_devices); i--;)
		ioasid_device_unregister(&sim_devices[i]);
}
