// SPDX-License-Identifier: GPL-2.0-only
/*
 * edu: QEMU's teaching device behind a VT-d unit. Its DMA engine copies between memory
 * and a buffer of the device; its requests carry no PASID.
 *
 * Only the engine can access the buffer. Data therefore takes a second DMA, between
 * the buffer and a page of the driver, which only the staging domain maps. The engine
 * does one DMA at a time, and the driver switches the device to the domain of each.
 * This also flushes the IOTLB before each write, which matters: units may block a write
 * that hits a cached read-only translation without reporting a fault.
 */
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "../fault.h"
#include "../ioas.h"
#include "hw.h"
#include "vtd.h"

static bool vtd;
module_param(vtd, bool, 0444);
MODULE_PARM_DESC(vtd, "take over VT-d units that nobody uses, for QEMU's edu devices");

#define EDU_SOURCE		0x80	/* 64 bits, like the following */
#define EDU_TARGET		0x88
#define EDU_COUNT		0x90
#define EDU_COMMAND		0x98
#define   EDU_RUN		BIT_ULL(0)	/* until the DMA is done */
#define   EDU_TO_MEMORY		BIT_ULL(1)
#define EDU_BUFFER		0x40000ull	/* as the engine addresses it; a page */
#define EDU_TIMEOUT_US		(5 * USEC_PER_SEC)	/* a DMA takes 0.1 s or more */

/* A domain for each attachment; two while a space is replaced. */
struct ioasid_edu_slot {
	struct ioasid_binding *binding;	/* NULL: unused */
	struct ioasid_vtd_domain domain;
};
#define SLOTS	2

struct ioasid_edu {
	struct ioasid_device dev;
	struct ioasid_device_caps caps;
	struct ioasid_vtd_device vtd;
	struct pci_dev *pdev;
	void __iomem *regs;
	int number;
	struct mutex lock;		/* the engine, the domain in use, changes of the slots */
	struct ioasid_edu_slot slots[SLOTS];
	struct ioasid_pgtable staging_table;
	struct ioasid_vtd_domain staging;
	u64 staging_address;		/* at which it maps the page; the widest possible */
	void *page;			/* freed with staging_table */
};

static DEFINE_IDA(ioasid_edu_numbers);

static struct ioasid_edu *ioasid_edu_of(struct ioasid_device *dev)
{
	return container_of(dev, struct ioasid_edu, dev);
}

/* --- Attachments ---------------------------------------------------------- */

/* The slot of @binding, or an unused one for NULL; NULL: there is none. */
static struct ioasid_edu_slot *ioasid_edu_slot(struct ioasid_edu *edu,
					       const struct ioasid_binding *binding)
{
	for (int i = 0; i < SLOTS; i++)
		if (READ_ONCE(edu->slots[i].binding) == binding)
			return &edu->slots[i];
	return NULL;
}

static int ioasid_edu_attach(struct ioasid_device *dev, struct ioasid_binding *binding)
{
	struct ioasid_edu *edu = ioasid_edu_of(dev);
	struct ioasid_edu_slot *slot;
	int ret;

	mutex_lock(&edu->lock);
	slot = ioasid_edu_slot(edu, NULL);
	slot->domain.table = virt_to_phys(binding->ioas->table.root);
	WRITE_ONCE(slot->binding, binding);
	/* Pairs with the one in ioasid_edu_invalidate(). */
	smp_mb();
	ret = ioasid_vtd_switch(&edu->vtd, &slot->domain);
	if (ret)
		WRITE_ONCE(slot->binding, NULL);
	mutex_unlock(&edu->lock);
	return ret;
}

/* The space that takes the place of another one was attached before. */
static struct ioasid_vtd_domain *ioasid_edu_other(struct ioasid_edu *edu,
						  const struct ioasid_edu_slot *slot)
{
	struct ioasid_edu_slot *other = &edu->slots[slot == edu->slots];

	return other->binding ? &other->domain : NULL;
}

static void ioasid_edu_detach(struct ioasid_device *dev, struct ioasid_binding *binding)
{
	struct ioasid_edu *edu = ioasid_edu_of(dev);
	struct ioasid_edu_slot *slot;

	mutex_lock(&edu->lock);
	slot = ioasid_edu_slot(edu, binding);
	/* If this fails, the device does no DMA any more. */
	if (edu->vtd.domain == &slot->domain)
		ioasid_vtd_switch(&edu->vtd, ioasid_edu_other(edu, slot));
	WRITE_ONCE(slot->binding, NULL);
	mutex_unlock(&edu->lock);
}

static int ioasid_edu_invalidate(struct ioasid_device *dev, struct ioasid_binding *binding,
				 u64 start, u64 last)
{
	struct ioasid_edu *edu = ioasid_edu_of(dev);
	struct ioasid_edu_slot *slot;

	/* Wait for ioasid_edu_reason(). */
	if (ioasid_binding_enter(binding))
		ioasid_binding_leave(binding);
	/*
	 * Without a slot, it is not attached yet, and the unit will read the changed
	 * table, or it was detached, and nothing is cached. Pairs with the one in
	 * ioasid_edu_attach().
	 */
	smp_mb();
	slot = ioasid_edu_slot(edu, binding);
	return slot ? ioasid_vtd_flush(&edu->vtd, &slot->domain, start, last) : 0;
}

/* --- DMA ------------------------------------------------------------------ */

/* Wait for the end of a DMA. -EIO: it does not end. The device then does no DMA any more. */
static int ioasid_edu_wait(struct ioasid_edu *edu)
{
	u64 value;

	if (!readq_poll_timeout(edu->regs + EDU_COMMAND, value, !(value & EDU_RUN), 2000,
				EDU_TIMEOUT_US))
		return 0;
	ioasid_vtd_stop(&edu->vtd);
	return -EIO;
}

/* With edu->lock held. -EIO as above. */
static int ioasid_edu_run(struct ioasid_edu *edu, u64 source, u64 target, size_t length,
			  u64 command)
{
	/* While the engine runs, it ignores what is written. */
	int ret = ioasid_edu_wait(edu);

	if (ret)
		return ret;
	writeq(source, edu->regs + EDU_SOURCE);
	writeq(target, edu->regs + EDU_TARGET);
	writeq(length, edu->regs + EDU_COUNT);
	writeq(command | EDU_RUN, edu->regs + EDU_COMMAND);
	return ioasid_edu_wait(edu);
}

static int ioasid_edu_to_memory(struct ioasid_edu *edu, struct ioasid_vtd_domain *domain,
				u64 address, size_t length)
{
	return ioasid_vtd_switch(&edu->vtd, domain) ?:
	       ioasid_edu_run(edu, EDU_BUFFER, address, length, EDU_TO_MEMORY);
}

static int ioasid_edu_from_memory(struct ioasid_edu *edu, struct ioasid_vtd_domain *domain,
				  u64 address, size_t length)
{
	return ioasid_vtd_switch(&edu->vtd, domain) ?:
	       ioasid_edu_run(edu, address, EDU_BUFFER, length, 0);
}

/*
 * Units report the same for a page that is not mapped and for one that does not permit
 * the access.
 */
static u32 ioasid_edu_reason(struct ioasid_binding *binding, const struct ioasid_vtd_fault *fault,
			     u64 address)
{
	u32 reason = ioasid_vtd_fault_reason(fault);

	if (reason == IOASID_FAULT_PERMISSION && ioasid_binding_enter(binding)) {
		if (!ioasid_pgtable_walk(&binding->ioas->table, address))
			reason = IOASID_FAULT_NOT_PRESENT;
		ioasid_binding_leave(binding);
	}
	return reason;
}

/* ioasid_vtd_fault_take(), with a message: the device does not know of the fault. */
static int ioasid_edu_fault_take(struct ioasid_edu *edu, struct ioasid_vtd_fault *fault)
{
	int ret = ioasid_vtd_fault_take(&edu->vtd, fault);

	if (ret != -EFAULT)
		return ret;
	pci_info_ratelimited(edu->pdev, "ioasid: edu%d: %s of %#llx blocked: fault %#x (%s)\n",
			     edu->number, fault->write ? "write" : "read", fault->address,
			     fault->code, ioasid_vtd_fault_text(fault));
	return ret;
}

/* Was the access blocked? */
static int ioasid_edu_check(struct ioasid_edu *edu, struct ioasid_binding *binding,
			    struct ioasid_access *access)
{
	struct ioasid_vtd_fault fault;
	int ret = ioasid_edu_fault_take(edu, &fault);

	if (ret != -EFAULT)
		return ret;
	/* The staging page was not reached. */
	if (fault.address != (access->address & PAGE_MASK))
		return -EIO;
	access->reason = ioasid_edu_reason(binding, &fault, access->address);
	return -EFAULT;
}

static int ioasid_edu_write(struct ioasid_edu *edu, struct ioasid_vtd_domain *domain,
			    const void *data, size_t length, u64 address)
{
	memcpy(edu->page, data, length);
	return ioasid_edu_from_memory(edu, &edu->staging, edu->staging_address, length) ?:
	       ioasid_edu_to_memory(edu, domain, address, length);
}

/* Access memory within one page. With edu->lock held. */
static int ioasid_edu_page(struct ioasid_edu *edu, struct ioasid_binding *binding, void *data,
			   size_t length, struct ioasid_access *access)
{
	struct ioasid_edu_slot *slot = ioasid_edu_slot(edu, binding);
	bool write = access->access == IOASID_MAP_WRITE;
	struct ioasid_vtd_fault stray;
	int ret;

	/* Of a DMA that the driver did not start. */
	ioasid_edu_fault_take(edu, &stray);
	access->reason = IOASID_FAULT_DETACHED;
	if (!slot)
		return -EFAULT;
	if (write)
		ret = ioasid_edu_write(edu, &slot->domain, data, length, access->address);
	else
		ret = ioasid_edu_from_memory(edu, &slot->domain, access->address, length);
	ret = ret ?: ioasid_edu_check(edu, binding, access);
	if (ret || write)
		return ret;
	ret = ioasid_edu_to_memory(edu, &edu->staging, edu->staging_address, length);
	if (!ret)
		memcpy(data, edu->page, length);
	return ret;
}

/* The engine ends with the newest attachment in use, as before. */
static int ioasid_edu_page_locked(struct ioasid_edu *edu, struct ioasid_binding *binding,
				  void *data, size_t length, struct ioasid_access *access)
{
	struct ioasid_vtd_domain *domain;
	int ret;

	if (mutex_lock_interruptible(&edu->lock))
		return -EINTR;
	domain = edu->vtd.domain;
	ret = ioasid_edu_page(edu, binding, data, length, access);
	ioasid_vtd_switch(&edu->vtd, domain);
	mutex_unlock(&edu->lock);
	return ret;
}

/*
 * Requests to these addresses are interrupts, which the unit does not translate: the
 * user could cause any.
 */
static bool ioasid_edu_is_interrupt(u64 address, size_t length)
{
	return address <= IOASID_MSI_LAST && address + length - 1 >= IOASID_MSI_START;
}

static int ioasid_edu_dma(struct ioasid_device *dev, struct ioasid_binding *binding, void *data,
			  size_t length, struct ioasid_access *access)
{
	struct ioasid_edu *edu = ioasid_edu_of(dev);
	size_t done = 0;
	int ret;

	while (done < length) {
		size_t part = min(length - done, PAGE_SIZE - (size_t)offset_in_page(access->address));

		/* The device may cut the address off, so that the unit sees another one. */
		access->reason = IOASID_FAULT_ADDRESS_WIDTH;
		if (access->address >> edu->caps.iova_bits)
			return -EFAULT;
		access->reason = IOASID_FAULT_NOT_PRESENT;
		if (ioasid_edu_is_interrupt(access->address, part))
			return -EFAULT;
		ret = signal_pending(current) ? -EINTR :
		      ioasid_edu_page_locked(edu, binding, data + done, part, access);
		if (ret)
			return ret;
		done += part;
		access->address += part;
	}
	return 0;
}

static const struct ioasid_hw_ops ioasid_edu_ops = {
	.name = "vtd",
	.attach = ioasid_edu_attach,
	.detach = ioasid_edu_detach,
	.invalidate = ioasid_edu_invalidate,
	.dma = ioasid_edu_dma,
};

/* --- Staging -------------------------------------------------------------- */

static void ioasid_edu_page_release(u64 phys, u64 size, bool writable)
{
	free_page((unsigned long)phys_to_virt(phys));
}

static void ioasid_edu_staging_exit(struct ioasid_edu *edu)
{
	u64 last = edu->staging_address + PAGE_SIZE - 1;

	ioasid_pgtable_block(&edu->staging_table, edu->staging_address, last);
	ioasid_pgtable_reap(&edu->staging_table, edu->staging_address, last,
			    ioasid_edu_page_release);
	ioasid_pgtable_exit(&edu->staging_table);
}

static int ioasid_edu_staging_init(struct ioasid_edu *edu)
{
	int ret = ioasid_pgtable_init(&edu->staging_table);

	if (ret)
		return ret;
	edu->staging.table = virt_to_phys(edu->staging_table.root);
	edu->staging_address = BIT_ULL(ioasid_vtd_iova_bits(&edu->vtd) - 1);
	edu->page = may_fail(NULL, (void *)get_zeroed_page(GFP_KERNEL));
	ret = edu->page ? ioasid_pgtable_map(&edu->staging_table, edu->staging_address,
					     virt_to_phys(edu->page), PAGE_SIZE,
					     IOASID_PTE_READ | IOASID_PTE_WRITE) : -ENOMEM;
	if (ret) {
		free_page((unsigned long)edu->page);
		ioasid_pgtable_exit(&edu->staging_table);
	}
	return ret;
}

/* --- Devices -------------------------------------------------------------- */

static struct ioasid_vtd_domain *ioasid_edu_domain(struct ioasid_edu *edu, int i)
{
	return i < SLOTS ? &edu->slots[i].domain : &edu->staging;
}

static void ioasid_edu_domains_exit(struct ioasid_edu *edu, int nr)
{
	while (nr--)
		ioasid_vtd_domain_exit(&edu->vtd, ioasid_edu_domain(edu, nr));
}

static int ioasid_edu_domains_init(struct ioasid_edu *edu)
{
	int ret;

	for (int i = 0; i <= SLOTS; i++) {
		ret = ioasid_vtd_domain_init(&edu->vtd, ioasid_edu_domain(edu, i));
		if (ret) {
			ioasid_edu_domains_exit(edu, i);
			return ret;
		}
	}
	return 0;
}

static int ioasid_edu_register(struct ioasid_edu *edu)
{
	char name[sizeof(edu->dev.name)];

	edu->caps = (struct ioasid_device_caps){
		.caps = IOASID_CAP_DMA,
		.iova_bits = ioasid_vtd_iova_bits(&edu->vtd),
		.page_sizes = IOASID_PAGE_SIZES,
	};
	snprintf(name, sizeof(name), "edu%d", edu->number);
	return ioasid_device_register(&edu->dev, name, &ioasid_edu_ops, &edu->caps);
}

/* By default, the device cuts addresses off silently, so that DMA goes elsewhere. */
static int ioasid_edu_test_width(struct ioasid_edu *edu)
{
	struct ioasid_vtd_fault fault;
	int ret;

	mutex_lock(&edu->lock);
	/* Those lost earlier are not of this device. */
	ioasid_edu_fault_take(edu, &fault);
	ret = ioasid_edu_from_memory(edu, &edu->staging, edu->staging_address, sizeof(u64)) ?:
	      ioasid_edu_fault_take(edu, &fault);
	if (ret == -EFAULT) {
		pci_info(edu->pdev, "ioasid: not using the device: it needs dma_mask=0xffffffffffffffff\n");
		ret = -ENODEV;
	}
	ioasid_vtd_switch(&edu->vtd, NULL);
	mutex_unlock(&edu->lock);
	return ret;
}

/* The unit blocks the device before it may do DMA. */
static int ioasid_edu_start(struct ioasid_edu *edu)
{
	int ret;

	pci_set_master(edu->pdev);
	ret = ioasid_edu_test_width(edu) ?: ioasid_edu_register(edu);
	if (ret)
		pci_clear_master(edu->pdev);
	return ret;
}

/* Undo ioasid_edu_translate(). The device does no DMA any more. */
static void ioasid_edu_untranslate(struct ioasid_edu *edu)
{
	/* Unless the unit may still use them. */
	if (!ioasid_vtd_switch(&edu->vtd, NULL)) {
		ioasid_edu_staging_exit(edu);
		ioasid_edu_domains_exit(edu, SLOTS + 1);
	}
	ioasid_vtd_remove(&edu->vtd);
}

static int ioasid_edu_translate(struct ioasid_edu *edu)
{
	int ret = ioasid_vtd_add(&edu->vtd, edu->pdev);

	if (ret)
		return ret;
	ret = ioasid_edu_domains_init(edu);
	if (ret)
		goto remove;
	ret = ioasid_edu_staging_init(edu);
	if (ret)
		goto exit;
	ret = ioasid_edu_start(edu);
	if (ret)
		ioasid_edu_untranslate(edu);
	return ret;
exit:
	ioasid_edu_domains_exit(edu, SLOTS + 1);
remove:
	ioasid_vtd_remove(&edu->vtd);
	return ret;
}

static int ioasid_edu_map(struct ioasid_edu *edu)
{
	int ret = pci_enable_device(edu->pdev);

	if (ret)
		return ret;
	ret = pci_request_regions(edu->pdev, "ioasid edu");
	if (ret)
		goto disable;
	edu->regs = pci_iomap(edu->pdev, 0, 0);
	if (edu->regs)
		return 0;
	ret = -ENOMEM;
	pci_release_regions(edu->pdev);
disable:
	pci_disable_device(edu->pdev);
	return ret;
}

static void ioasid_edu_unmap(struct ioasid_edu *edu)
{
	pci_iounmap(edu->pdev, edu->regs);
	pci_release_regions(edu->pdev);
	pci_disable_device(edu->pdev);
}

static int ioasid_edu_init_parts(struct ioasid_edu *edu)
{
	int ret = ioasid_edu_map(edu);

	if (ret)
		return ret;
	ret = ioasid_edu_translate(edu);
	if (ret)
		ioasid_edu_unmap(edu);
	return ret;
}

static int ioasid_edu_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct ioasid_edu *edu = may_fail(NULL, kzalloc(sizeof(*edu), GFP_KERNEL));
	int ret;

	if (!edu)
		return -ENOMEM;
	edu->pdev = pdev;
	mutex_init(&edu->lock);
	edu->number = may_fail(-ENOMEM, ida_alloc(&ioasid_edu_numbers, GFP_KERNEL));
	ret = edu->number < 0 ? edu->number : ioasid_edu_init_parts(edu);
	if (!ret) {
		pci_set_drvdata(pdev, edu);
		return 0;
	}
	if (edu->number >= 0)
		ida_free(&ioasid_edu_numbers, edu->number);
	kfree(edu);
	return ret;
}

static void ioasid_edu_remove(struct pci_dev *pdev)
{
	struct ioasid_edu *edu = pci_get_drvdata(pdev);

	ioasid_device_unregister(&edu->dev);
	/* No DMA from here on: the unit may be given back. */
	pci_clear_master(pdev);
	ioasid_edu_untranslate(edu);
	ioasid_edu_unmap(edu);
	ida_free(&ioasid_edu_numbers, edu->number);
	kfree(edu);
}

/* Must not wait for users. The next kernel must not find the unit in use. */
static void ioasid_edu_shutdown(struct pci_dev *pdev)
{
	struct ioasid_edu *edu = pci_get_drvdata(pdev);

	ioasid_vtd_shutdown(&edu->vtd);
}

/* The unit would be reset, and DMA would not be translated after that. */
static int ioasid_edu_suspend(struct device *dev)
{
	dev_info(dev, "ioasid: the system cannot sleep while the device is used; unload ioasid_shim\n");
	return -EBUSY;
}

static const struct dev_pm_ops ioasid_edu_pm_ops = {
	.suspend = ioasid_edu_suspend,
	.freeze = ioasid_edu_suspend,
};

static const struct pci_device_id ioasid_edu_ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{}
};

static struct pci_driver ioasid_edu_driver = {
	.name = "ioasid_edu",
	.id_table = ioasid_edu_ids,
	.probe = ioasid_edu_probe,
	.remove = ioasid_edu_remove,
	.shutdown = ioasid_edu_shutdown,
	.driver.pm = &ioasid_edu_pm_ops,
	.driver_managed_dma = true,
};

int ioasid_edu_init(void)
{
	if (!vtd)
		return 0;
	/* Before the first space: units that read tables from memory only may come later. */
	ioasid_pgtable_write_through();
	return pci_register_driver(&ioasid_edu_driver);
}

void ioasid_edu_exit(void)
{
	if (vtd)
		pci_unregister_driver(&ioasid_edu_driver);
}
