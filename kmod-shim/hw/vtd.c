// SPDX-License-Identifier: GPL-2.0-only
/*
 * vtd: take over, program and give back an Intel VT-d unit that neither the firmware
 * nor the kernel uses. Numbers of sections are those of Intel's specification.
 *
 * All devices behind a unit are translated as soon as it translates at all. Those
 * that were not added here share one context table that passes them through, so they
 * keep access to all memory.
 *
 * The tables of a unit and the list of its devices are changed with ioasid_vtd_lock
 * held. unit->lock is for the queue and the faults. The entry of PASID 0 of a device
 * is protected by the driver of the device.
 */
#include <linux/acpi.h>
#include <linux/bitfield.h>
#include <linux/cacheflush.h>
#include <linux/idr.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "../fault.h"
#include "../ioas.h"
#include "vtd.h"
#include "vtd_format.h"

static bool vtd_bad_descriptor;
module_param(vtd_bad_descriptor, bool, 0644);
MODULE_PARM_DESC(vtd_bad_descriptor, "send an invalid descriptor to the VT-d unit, once (tests)");

#define WORDS			IOASID_VTD_DESCRIPTOR_WORDS
#define QUEUE_ENTRIES		(PAGE_SIZE / (WORDS * sizeof(u64)))
#define ROOT_HALVES		512
#define CONTEXTS		128	/* in a context table */
#define TIMEOUT_US		USEC_PER_SEC
#define OTHERS_DOMAIN		1	/* 0 may be reserved */

struct ioasid_vtd_unit {
	struct list_head link;		/* in ioasid_vtd_units */
	u64 address, size;		/* of the registers */
	char name[16];			/* of their region, which may outlive the module */
	void __iomem *regs;
	u64 cap, ecap;
	struct mutex lock;
	struct list_head devices;	/* changed with both locks held */
	struct ida domains;
	u64 *queue;			/* under lock, like the following */
	u32 tail;			/* index of the next descriptor */
	u32 sequence;			/* of the last wait descriptor; not 0 */
	u32 completed;			/* written by the unit */
	u64 *root;
	/* Of the devices that were not added. */
	u64 *others, *others_directory, *others_table;
};

static LIST_HEAD(ioasid_vtd_units);
static DEFINE_MUTEX(ioasid_vtd_lock);

/* --- Memory that the unit reads ------------------------------------------- */

static u64 *ioasid_vtd_page(void)
{
	return may_fail(NULL, (u64 *)get_zeroed_page(GFP_KERNEL));
}

static void ioasid_vtd_page_free(u64 *page)
{
	free_page((unsigned long)page);
}

/* Make a change visible to the unit, before the next one. */
static void ioasid_vtd_sync(const struct ioasid_vtd_unit *unit, void *start, size_t size)
{
	if (unit->ecap & IOASID_VTD_ECAP_COHERENT)
		dma_wmb();
	else
		clflush_cache_range(start, size);
}

/* Fill @entry, which is not present. The first word, with the bit that says so, is last. */
static void ioasid_vtd_publish(const struct ioasid_vtd_unit *unit, u64 *entry, const u64 *words,
			       int nr)
{
	for (int i = nr; --i;)
		WRITE_ONCE(entry[i], words[i]);
	ioasid_vtd_sync(unit, entry, nr * sizeof(*entry));
	WRITE_ONCE(entry[0], words[0]);
	ioasid_vtd_sync(unit, entry, sizeof(*entry));
}

/*
 * The caller flushes what the unit cached. The other words, with the domain, must not
 * change before that (6.5.3.3); the next entry overwrites them.
 */
static void ioasid_vtd_retract(const struct ioasid_vtd_unit *unit, u64 *entry)
{
	WRITE_ONCE(entry[0], 0);
	ioasid_vtd_sync(unit, entry, sizeof(*entry));
}

/* --- Commands (11.4.4) ---------------------------------------------------- */

static u32 ioasid_vtd_read(const struct ioasid_vtd_unit *unit, u32 offset)
{
	return readl(unit->regs + offset);
}

/* Set a bit of the status; for ROOT_TABLE: take the address. -ETIMEDOUT. */
static int ioasid_vtd_command(struct ioasid_vtd_unit *unit, u32 bit, bool on)
{
	u32 status = ioasid_vtd_read(unit, IOASID_VTD_STATUS) & IOASID_VTD_STATUS_KEPT;

	writel(on ? status | bit : status & ~bit, unit->regs + IOASID_VTD_COMMAND);
	return readl_poll_timeout(unit->regs + IOASID_VTD_STATUS, status, !(status & bit) == !on,
				  10, TIMEOUT_US);
}

/* --- Queued invalidation (6.5.2) ------------------------------------------ */

static int ioasid_vtd_queue_start(struct ioasid_vtd_unit *unit)
{
	unit->tail = 0;
	writeq(0, unit->regs + IOASID_VTD_QUEUE_TAIL);
	writeq(virt_to_phys(unit->queue) | IOASID_VTD_QUEUE_WIDE,
	       unit->regs + IOASID_VTD_QUEUE_ADDRESS);
	return ioasid_vtd_command(unit, IOASID_VTD_QUEUE, true);
}

static void ioasid_vtd_queue_set(struct ioasid_vtd_unit *unit, u32 index, const u64 *descriptor)
{
	u64 *entry = unit->queue + index * WORDS;

	memcpy(entry, descriptor, WORDS * sizeof(*entry));
	ioasid_vtd_sync(unit, entry, WORDS * sizeof(*entry));
}

static void ioasid_vtd_queue_add(struct ioasid_vtd_unit *unit, const u64 *descriptor)
{
	ioasid_vtd_queue_set(unit, unit->tail, descriptor);
	unit->tail = (unit->tail + 1) % QUEUE_ENTRIES;
}

static void ioasid_vtd_queue_go(struct ioasid_vtd_unit *unit)
{
	writeq(FIELD_PREP(IOASID_VTD_QUEUE_INDEX, unit->tail), unit->regs + IOASID_VTD_QUEUE_TAIL);
}

/* What follows waits for what precedes. Units may execute descriptors out of order. */
static void ioasid_vtd_make_fence(struct ioasid_vtd_unit *unit, u64 *words)
{
	ioasid_vtd_make_wait(words, virt_to_phys(&unit->completed), 0);
}

/* 0: the last descriptor was executed; -EAGAIN: not yet; -EIO: the queue has stopped. */
static int ioasid_vtd_queue_state(struct ioasid_vtd_unit *unit)
{
	if (READ_ONCE(unit->completed) == unit->sequence)
		return 0;
	return ioasid_vtd_read(unit, IOASID_VTD_FAULT_STATUS) & IOASID_VTD_FAULT_OF_QUEUE ?
	       -EIO : -EAGAIN;
}

static int ioasid_vtd_queue_wait(struct ioasid_vtd_unit *unit)
{
	int state, ret;

	ret = read_poll_timeout(ioasid_vtd_queue_state, state, state != -EAGAIN, 5, TIMEOUT_US,
				false, unit);
	return ret ?: state;
}

/* Let a queue that has stopped go on; without the descriptor that it does not know. */
static void ioasid_vtd_queue_skip(struct ioasid_vtd_unit *unit)
{
	u32 status = ioasid_vtd_read(unit, IOASID_VTD_FAULT_STATUS);
	u64 head = readq(unit->regs + IOASID_VTD_QUEUE_HEAD);
	u64 fence[WORDS] = {};

	if (status & IOASID_VTD_FAULT_QUEUE) {
		ioasid_vtd_make_fence(unit, fence);
		ioasid_vtd_queue_set(unit, FIELD_GET(IOASID_VTD_QUEUE_INDEX, head), fence);
	}
	writel(status & IOASID_VTD_FAULT_OF_QUEUE, unit->regs + IOASID_VTD_FAULT_STATUS);
	ioasid_vtd_queue_go(unit);
}

/* Empty the queue after @error. 0: it works again. */
static int ioasid_vtd_queue_recover(struct ioasid_vtd_unit *unit, int error)
{
	u32 on = IOASID_VTD_TRANSLATION | IOASID_VTD_ROOT_TABLE | IOASID_VTD_QUEUE;

	pr_err_ratelimited("ioasid: vtd: unit at %#llx: %s, status %#x, head %#llx\n",
			   unit->address, error == -EIO ? "queue error" : "queue timed out",
			   ioasid_vtd_read(unit, IOASID_VTD_FAULT_STATUS),
			   readq(unit->regs + IOASID_VTD_QUEUE_HEAD));
	/* It was reset or switched off: with a queue only, DMA would not be translated. */
	if ((ioasid_vtd_read(unit, IOASID_VTD_STATUS) & on) != on)
		return -EIO;
	if (error == -EIO) {
		ioasid_vtd_queue_skip(unit);
		if (!ioasid_vtd_queue_wait(unit))
			return 0;
	}
	return ioasid_vtd_command(unit, IOASID_VTD_QUEUE, false) ?: ioasid_vtd_queue_start(unit);
}

static int ioasid_vtd_queue_run(struct ioasid_vtd_unit *unit, u64 (*list)[WORDS], int nr)
{
	static const u64 unknown[WORDS] = { 0xf };
	u64 wait[WORDS] = {};

	if (READ_ONCE(vtd_bad_descriptor)) {
		WRITE_ONCE(vtd_bad_descriptor, false);
		ioasid_vtd_queue_add(unit, unknown);
	}
	unit->sequence = unit->sequence + 1 ?: 1;
	ioasid_vtd_make_wait(wait, virt_to_phys(&unit->completed), unit->sequence);
	for (int i = 0; i < nr; i++)
		ioasid_vtd_queue_add(unit, list[i]);
	ioasid_vtd_queue_add(unit, wait);
	ioasid_vtd_queue_go(unit);
	return ioasid_vtd_queue_wait(unit);
}

/*
 * Execute descriptors, and wait for them: one register is written, and none is read
 * if the unit is done immediately. -EIO: the unit did not complete them.
 */
static int ioasid_vtd_submit(struct ioasid_vtd_unit *unit, u64 (*list)[WORDS], int nr)
{
	int ret;

	mutex_lock(&unit->lock);
	ret = ioasid_vtd_queue_run(unit, list, nr);
	/* Which descriptors were executed is not known; executing them again does no harm. */
	if (ret && !ioasid_vtd_queue_recover(unit, ret))
		ret = ioasid_vtd_queue_run(unit, list, nr);
	mutex_unlock(&unit->lock);
	return ret ? -EIO : 0;
}

static void ioasid_vtd_drain(const struct ioasid_vtd_unit *unit, u64 *iotlb)
{
	ioasid_vtd_set_iotlb_drain_writes(iotlb, !!(unit->cap & IOASID_VTD_CAP_DRAIN_WRITES));
	ioasid_vtd_set_iotlb_drain_reads(iotlb, !!(unit->cap & IOASID_VTD_CAP_DRAIN_READS));
}

/* After a change of a root or context entry, in the order of 6.5.3.3. */
static int ioasid_vtd_flush_all(struct ioasid_vtd_unit *unit)
{
	u64 list[5][WORDS] = {};

	ioasid_vtd_make_context_cache_global(list[0]);
	ioasid_vtd_make_fence(unit, list[1]);
	ioasid_vtd_make_pasid_cache_global(list[2]);
	ioasid_vtd_make_fence(unit, list[3]);
	ioasid_vtd_make_iotlb_global(list[4]);
	ioasid_vtd_drain(unit, list[4]);
	return ioasid_vtd_submit(unit, list, ARRAY_SIZE(list));
}

/* After the entry of PASID 0, which led to @domain, was removed. */
static int ioasid_vtd_flush_entry(struct ioasid_vtd_unit *unit, u16 domain)
{
	u64 list[3][WORDS] = {};

	ioasid_vtd_make_pasid_cache(list[0], domain, 0);
	ioasid_vtd_make_fence(unit, list[1]);
	ioasid_vtd_make_iotlb_domain(list[2], domain);
	ioasid_vtd_drain(unit, list[2]);
	return ioasid_vtd_submit(unit, list, ARRAY_SIZE(list));
}

int ioasid_vtd_flush(struct ioasid_vtd_device *dev, const struct ioasid_vtd_domain *domain,
		     u64 start, u64 last)
{
	struct ioasid_vtd_unit *unit = dev->unit;
	u32 order = fls64((start ^ last) >> PAGE_SHIFT);	/* of the aligned block around it */
	u64 list[1][WORDS] = {};

	if (unit->cap & IOASID_VTD_CAP_PAGE_SELECTIVE &&
	    order <= FIELD_GET(IOASID_VTD_CAP_MAX_MASK, unit->cap))
		ioasid_vtd_make_iotlb_pages(list[0], domain->id,
					    start & ~((PAGE_SIZE << order) - 1), order);
	else
		ioasid_vtd_make_iotlb_domain(list[0], domain->id);
	ioasid_vtd_drain(unit, list[0]);
	return ioasid_vtd_submit(unit, list, ARRAY_SIZE(list));
}

/* --- Faults (7.1.3 and 11.4.14) ------------------------------------------- */

static const struct ioasid_vtd_meaning {
	u8 code;
	u8 reason;
	const char *text;
} ioasid_vtd_meanings[] = {
	{ 0x01, IOASID_FAULT_DETACHED, "root entry not present" },
	{ 0x02, IOASID_FAULT_DETACHED, "context entry not present" },
	{ 0x03, IOASID_FAULT_DETACHED, "invalid context entry" },
	{ 0x04, IOASID_FAULT_ADDRESS_WIDTH, "address too wide" },
	{ 0x05, IOASID_FAULT_PERMISSION, "no write permission in the second stage" },
	{ 0x06, IOASID_FAULT_PERMISSION, "no read permission in the second stage" },
	{ 0x07, IOASID_FAULT_TABLE_ADDRESS, "cannot read a second-stage table" },
	{ 0x08, IOASID_FAULT_DETACHED, "cannot read the root table" },
	{ 0x09, IOASID_FAULT_DETACHED, "cannot read a context table" },
	{ 0x0a, IOASID_FAULT_RESERVED_BIT, "reserved bit in a root entry" },
	{ 0x0b, IOASID_FAULT_RESERVED_BIT, "reserved bit in a context entry" },
	{ 0x0c, IOASID_FAULT_RESERVED_BIT, "reserved bit in a second-stage entry" },
	{ 0x0d, IOASID_FAULT_DETACHED, "request blocked by the context entry" },
	{ 0x30, IOASID_FAULT_DETACHED, "invalid root table" },
	{ 0x38, IOASID_FAULT_DETACHED, "cannot read the root table" },
	{ 0x39, IOASID_FAULT_DETACHED, "root entry not present" },
	{ 0x3a, IOASID_FAULT_RESERVED_BIT, "reserved bit in a root entry" },
	{ 0x40, IOASID_FAULT_DETACHED, "cannot read a context table" },
	{ 0x41, IOASID_FAULT_DETACHED, "context entry not present" },
	{ 0x42, IOASID_FAULT_RESERVED_BIT, "reserved bit in a context entry" },
	{ 0x43, IOASID_FAULT_DETACHED, "invalid context entry" },
	{ 0x50, IOASID_FAULT_DETACHED, "cannot read the PASID directory" },
	{ 0x51, IOASID_FAULT_DETACHED, "PASID directory entry not present" },
	{ 0x52, IOASID_FAULT_RESERVED_BIT, "reserved bit in a PASID directory entry" },
	{ 0x58, IOASID_FAULT_DETACHED, "cannot use the PASID table entry" },
	{ 0x59, IOASID_FAULT_DETACHED, "PASID table entry not present" },
	{ 0x5a, IOASID_FAULT_RESERVED_BIT, "reserved bit in a PASID table entry" },
	{ 0x5b, IOASID_FAULT_DETACHED, "invalid PASID table entry" },
	{ 0x71, IOASID_FAULT_NOT_PRESENT, "first-stage entry not present" },
	{ 0x78, IOASID_FAULT_TABLE_ADDRESS, "cannot read a second-stage table" },
	{ 0x79, IOASID_FAULT_PERMISSION, "no permission in the second stage" },
	{ 0x7a, IOASID_FAULT_RESERVED_BIT, "reserved bit in a second-stage entry" },
	{ 0x7b, IOASID_FAULT_TABLE_ADDRESS, "invalid second-stage table" },
	{ 0x83, IOASID_FAULT_ADDRESS_WIDTH, "address too wide" },
	{ 0x84, IOASID_FAULT_ADDRESS_WIDTH, "address too wide for the second stage" },
	{ 0x85, IOASID_FAULT_PERMISSION, "no write permission" },
	{ 0x86, IOASID_FAULT_PERMISSION, "no read permission" },
};

static const struct ioasid_vtd_meaning *ioasid_vtd_meaning(const struct ioasid_vtd_fault *fault)
{
	static const struct ioasid_vtd_meaning unknown = { 0, IOASID_FAULT_DETACHED, "unknown" };

	for (int i = 0; i < ARRAY_SIZE(ioasid_vtd_meanings); i++)
		if (ioasid_vtd_meanings[i].code == fault->code)
			return &ioasid_vtd_meanings[i];
	return &unknown;
}

const char *ioasid_vtd_fault_text(const struct ioasid_vtd_fault *fault)
{
	return ioasid_vtd_meaning(fault)->text;
}

u32 ioasid_vtd_fault_reason(const struct ioasid_vtd_fault *fault)
{
	return ioasid_vtd_meaning(fault)->reason;
}

/* Give a fault to its device, or to the kernel log. With unit->lock held. */
static void ioasid_vtd_dispatch(struct ioasid_vtd_unit *unit, const struct ioasid_vtd_fault *fault)
{
	struct ioasid_vtd_device *dev;
	u16 source = fault->source;

	list_for_each_entry(dev, &unit->devices, link) {
		if (pci_dev_id(dev->pdev) != source)
			continue;
		if (!dev->faulted)
			dev->fault = *fault;
		dev->faulted = true;
		return;
	}
	pr_info_ratelimited("ioasid: vtd: %s of %#llx by %02x:%02x.%u blocked: fault %#x (%s)\n",
			    fault->write ? "write" : "read", fault->address, source >> 8,
			    PCI_SLOT(source & 0xff), PCI_FUNC(source & 0xff), fault->code,
			    ioasid_vtd_fault_text(fault));
}

/* Read and clear the record at @at. With unit->lock held. */
static bool ioasid_vtd_record_take(struct ioasid_vtd_unit *unit, void __iomem *at)
{
	u64 words[2] = { 0, readq(at + 8) };

	if (!ioasid_vtd_record_fault(words))
		return false;
	words[0] = readq(at);
	writel(IOASID_VTD_RECORD_CLEAR, at + 12);
	ioasid_vtd_dispatch(unit, &(struct ioasid_vtd_fault){
		.address = ioasid_vtd_record_address(words) << PAGE_SHIFT,
		.source = ioasid_vtd_record_source(words),
		.code = ioasid_vtd_record_reason(words),
		.write = !ioasid_vtd_record_read(words),
	});
	return true;
}

static void __iomem *ioasid_vtd_records(const struct ioasid_vtd_unit *unit)
{
	return unit->regs + 16 * FIELD_GET(IOASID_VTD_CAP_FAULT_OFFSET, unit->cap);
}

/* Dispatch all faults. With unit->lock held. */
static void ioasid_vtd_collect(struct ioasid_vtd_unit *unit)
{
	u32 nr = FIELD_GET(IOASID_VTD_CAP_FAULT_RECORDS, unit->cap) + 1;
	u32 status = ioasid_vtd_read(unit, IOASID_VTD_FAULT_STATUS);
	u32 index = FIELD_GET(IOASID_VTD_FAULT_INDEX, status);
	struct ioasid_vtd_device *dev;

	if (status & IOASID_VTD_FAULT_PENDING)
		for (u32 i = 0; i < nr; i++)
			if (!ioasid_vtd_record_take(unit, ioasid_vtd_records(unit) +
						    (index + i) % nr * 16))
				break;
	if (!(status & IOASID_VTD_FAULT_OVERFLOW))
		return;
	/* Whose fault was not recorded is not known. */
	list_for_each_entry(dev, &unit->devices, link)
		dev->lost = true;
	/* Records nothing until this is cleared. */
	writel(IOASID_VTD_FAULT_OVERFLOW, unit->regs + IOASID_VTD_FAULT_STATUS);
}

int ioasid_vtd_fault_take(struct ioasid_vtd_device *dev, struct ioasid_vtd_fault *fault)
{
	struct ioasid_vtd_unit *unit = dev->unit;
	int ret = 0;

	mutex_lock(&unit->lock);
	ioasid_vtd_collect(unit);
	if (dev->faulted)
		ret = -EFAULT;
	else if (dev->lost || READ_ONCE(dev->broken))
		ret = -EIO;
	dev->faulted = false;
	dev->lost = false;
	*fault = dev->fault;
	mutex_unlock(&unit->lock);
	return ret;
}

/* --- Taking over and giving back ------------------------------------------ */

static const struct {
	u64 cap, ecap;
	const char *name;
} ioasid_vtd_needed[] = {
	{ 0, IOASID_VTD_ECAP_QUEUE, "queued invalidation" },
	{ 0, IOASID_VTD_ECAP_SCALABLE, "scalable mode" },
	{ 0, IOASID_VTD_ECAP_SECOND_STAGE, "second-stage translation" },
	{ 0, IOASID_VTD_ECAP_PASS_THROUGH, "pass-through" },
	{ IOASID_VTD_CAP_48_BITS, 0, "tables of four levels" },
	{ IOASID_VTD_CAP_2M_PAGES, 0, "pages of 2 MiB" },
};

/* Why the unit cannot be used; NULL: it can. */
static const char *ioasid_vtd_obstacle(const struct ioasid_vtd_unit *unit)
{
	u32 status = ioasid_vtd_read(unit, IOASID_VTD_STATUS);

	if (unit->cap == U64_MAX)
		return "does not respond";
	if (status & (IOASID_VTD_TRANSLATION | IOASID_VTD_QUEUE | IOASID_VTD_REMAPPING))
		return "is in use";
	if (unit->cap & IOASID_VTD_CAP_PROTECTED &&
	    ioasid_vtd_read(unit, IOASID_VTD_PROTECTED) & IOASID_VTD_PROTECTED_STATUS)
		return "protects memory for the firmware";
	if (unit->cap & IOASID_VTD_CAP_WRITE_BUFFER)
		return "has a write buffer";
	/* It would have to be flushed for each new mapping. */
	if (unit->cap & IOASID_VTD_CAP_CACHING_MODE)
		return "caches entries that are not present";
	if (ioasid_vtd_records(unit) + 16 * (FIELD_GET(IOASID_VTD_CAP_FAULT_RECORDS, unit->cap) + 1) >
	    unit->regs + unit->size)
		return "has more registers than the firmware says";
	return NULL;
}

static const char *ioasid_vtd_lacking(const struct ioasid_vtd_unit *unit)
{
	for (int i = 0; i < ARRAY_SIZE(ioasid_vtd_needed); i++)
		if ((unit->cap & ioasid_vtd_needed[i].cap) != ioasid_vtd_needed[i].cap ||
		    (unit->ecap & ioasid_vtd_needed[i].ecap) != ioasid_vtd_needed[i].ecap)
			return ioasid_vtd_needed[i].name;
	return NULL;
}

static int ioasid_vtd_unit_check(const struct ioasid_vtd_unit *unit)
{
	const char *obstacle = ioasid_vtd_obstacle(unit), *lacking = ioasid_vtd_lacking(unit);

	if (!obstacle && !lacking)
		return 0;
	pr_info("ioasid: vtd: not using the unit at %#llx: it %s%s\n", unit->address,
		obstacle ?: "lacks ", obstacle ? "" : lacking);
	return -ENODEV;
}

/* The kernel's drivers reserve the registers of the units that they use. */
static int ioasid_vtd_unit_map(struct ioasid_vtd_unit *unit)
{
	if (!request_mem_region(unit->address, unit->size, unit->name)) {
		pr_info("ioasid: vtd: not using the unit at %#llx: the kernel does (boot it with intel_iommu=off intremap=off)\n",
			unit->address);
		return -ENODEV;
	}
	unit->regs = ioremap(unit->address, unit->size);
	if (!unit->regs) {
		release_mem_region(unit->address, unit->size);
		return -ENOMEM;
	}
	unit->cap = readq(unit->regs + IOASID_VTD_CAP);
	unit->ecap = readq(unit->regs + IOASID_VTD_ECAP);
	return 0;
}

static void ioasid_vtd_unit_unmap(struct ioasid_vtd_unit *unit)
{
	iounmap(unit->regs);
	release_mem_region(unit->address, unit->size);
}

static void ioasid_vtd_tables_free(struct ioasid_vtd_unit *unit)
{
	for (int i = 0; unit->root && i < ROOT_HALVES; i++) {
		u64 *table = phys_to_virt(ioasid_vtd_root_context_table(&unit->root[i]) << PAGE_SHIFT);

		if (ioasid_vtd_root_present(&unit->root[i]) && table != unit->others)
			ioasid_vtd_page_free(table);
	}
	ioasid_vtd_page_free(unit->queue);
	ioasid_vtd_page_free(unit->root);
	ioasid_vtd_page_free(unit->others);
	ioasid_vtd_page_free(unit->others_directory);
	ioasid_vtd_page_free(unit->others_table);
}

static int ioasid_vtd_tables_alloc(struct ioasid_vtd_unit *unit)
{
	unit->queue = ioasid_vtd_page();
	unit->root = ioasid_vtd_page();
	unit->others = ioasid_vtd_page();
	unit->others_directory = ioasid_vtd_page();
	unit->others_table = ioasid_vtd_page();
	return unit->queue && unit->root && unit->others && unit->others_directory &&
	       unit->others_table ? 0 : -ENOMEM;
}

/* Pass all devices through. The unit does not read the tables yet. */
static void ioasid_vtd_tables_fill(struct ioasid_vtd_unit *unit)
{
	ioasid_vtd_make_pass_through(unit->others_table, OTHERS_DOMAIN,
				     unit->cap & IOASID_VTD_CAP_57_BITS ? IOASID_VTD_57_BITS :
									  IOASID_VTD_48_BITS);
	ioasid_vtd_make_directory(unit->others_directory, virt_to_phys(unit->others_table));
	for (int i = 0; i < CONTEXTS; i++)
		ioasid_vtd_make_context(unit->others + i * IOASID_VTD_CONTEXT_WORDS,
					virt_to_phys(unit->others_directory));
	for (int i = 0; i < ROOT_HALVES; i++)
		ioasid_vtd_make_root(&unit->root[i], virt_to_phys(unit->others));
	ioasid_vtd_sync(unit, unit->others_table, PAGE_SIZE);
	ioasid_vtd_sync(unit, unit->others_directory, PAGE_SIZE);
	ioasid_vtd_sync(unit, unit->others, PAGE_SIZE);
	ioasid_vtd_sync(unit, unit->root, PAGE_SIZE);
}

static int ioasid_vtd_unit_off(struct ioasid_vtd_unit *unit)
{
	int ret = ioasid_vtd_command(unit, IOASID_VTD_TRANSLATION, false) ?:
		  ioasid_vtd_command(unit, IOASID_VTD_QUEUE, false);

	if (ret)
		pr_err("ioasid: vtd: the unit at %#llx cannot be switched off\n", unit->address);
	return ret;
}

/* Switch the unit off and free it. If that fails, it may still access its memory: keep both. */
static int ioasid_vtd_unit_release(struct ioasid_vtd_unit *unit)
{
	int ret = ioasid_vtd_unit_off(unit);

	if (ret)
		return ret;
	ioasid_vtd_tables_free(unit);
	ioasid_vtd_unit_unmap(unit);
	ida_destroy(&unit->domains);
	kfree(unit);
	return 0;
}

static int ioasid_vtd_unit_on(struct ioasid_vtd_unit *unit)
{
	int ret;

	/* Faults are polled after each DMA. */
	writel(IOASID_VTD_FAULT_MASKED, unit->regs + IOASID_VTD_FAULT_CONTROL);
	mutex_lock(&unit->lock);
	ioasid_vtd_collect(unit);
	mutex_unlock(&unit->lock);
	ret = ioasid_vtd_queue_start(unit);
	if (ret)
		return ret;
	writeq(virt_to_phys(unit->root) | IOASID_VTD_ROOT_SCALABLE,
	       unit->regs + IOASID_VTD_ROOT_ADDRESS);
	return ioasid_vtd_command(unit, IOASID_VTD_ROOT_TABLE, true) ?:
	       ioasid_vtd_flush_all(unit) ?:
	       ioasid_vtd_command(unit, IOASID_VTD_TRANSLATION, true);
}

/* Releases the unit on an error. */
static int ioasid_vtd_unit_take(struct ioasid_vtd_unit *unit)
{
	int ret = ioasid_vtd_unit_map(unit);

	if (ret)
		goto free;
	ret = ioasid_vtd_unit_check(unit);
	if (ret)
		goto unmap;
	ret = ioasid_vtd_tables_alloc(unit);
	if (!ret) {
		ioasid_vtd_tables_fill(unit);
		ret = ioasid_vtd_unit_on(unit);
	}
	if (ret) {
		ioasid_vtd_unit_release(unit);
		return ret;
	}
	pr_info("ioasid: vtd: using the unit at %#llx: second stage, %llu-bit addresses, RID_PASID %shonoured\n",
		unit->address, FIELD_GET(IOASID_VTD_CAP_MAX_WIDTH, unit->cap) + 1,
		unit->ecap & IOASID_VTD_ECAP_RID_PASID ? "" : "not ");
	return 0;
unmap:
	ioasid_vtd_unit_unmap(unit);
free:
	kfree(unit);
	return ret;
}

/* With ioasid_vtd_lock held, as the next functions. */
static struct ioasid_vtd_unit *ioasid_vtd_unit_get(u64 address, u64 size)
{
	struct ioasid_vtd_unit *unit;
	int ret;

	list_for_each_entry(unit, &ioasid_vtd_units, link)
		if (unit->address == address)
			return unit;
	unit = may_fail(NULL, kzalloc(sizeof(*unit), GFP_KERNEL));
	if (!unit)
		return ERR_PTR(-ENOMEM);
	unit->address = address;
	unit->size = size;
	strscpy(unit->name, "ioasid vtd");
	mutex_init(&unit->lock);
	INIT_LIST_HEAD(&unit->devices);
	ida_init(&unit->domains);
	ret = ioasid_vtd_unit_take(unit);
	if (ret)
		return ERR_PTR(ret);
	list_add_tail(&unit->link, &ioasid_vtd_units);
	return unit;
}

/* Give the unit back if it has no devices. */
static void ioasid_vtd_unit_put(struct ioasid_vtd_unit *unit)
{
	u64 address = unit->address;

	if (!list_empty(&unit->devices))
		return;
	list_del(&unit->link);
	if (!ioasid_vtd_unit_release(unit))
		pr_info("ioasid: vtd: gave the unit at %#llx back\n", address);
}

/* --- Discovery (8.3) ------------------------------------------------------ */

/* The device to which the path of @scope leads, with a reference, or NULL. */
static struct pci_dev *ioasid_vtd_scope_device(const struct acpi_dmar_device_scope *scope,
					       int segment)
{
	const struct acpi_dmar_pci_path *path = (const void *)(scope + 1);
	int nr = (scope->length - sizeof(*scope)) / sizeof(*path), bus = scope->bus;
	struct pci_dev *at = NULL;

	for (int i = 0; i < nr; i++) {
		if (i)
			bus = at->subordinate ? at->subordinate->number : -1;
		pci_dev_put(at);
		at = bus < 0 ? NULL : pci_get_domain_bus_and_slot(segment, bus,
								  PCI_DEVFN(path[i].device,
									    path[i].function));
		if (!at)
			return NULL;
	}
	return at;
}

static bool ioasid_vtd_in_scope(const struct acpi_dmar_device_scope *scope, int segment,
				struct pci_dev *pdev)
{
	struct pci_dev *up = pdev, *at;

	if (scope->entry_type != ACPI_DMAR_SCOPE_TYPE_ENDPOINT &&
	    scope->entry_type != ACPI_DMAR_SCOPE_TYPE_BRIDGE)
		return false;
	at = ioasid_vtd_scope_device(scope, segment);
	if (scope->entry_type == ACPI_DMAR_SCOPE_TYPE_BRIDGE)
		while (up && up != at)
			up = pci_upstream_bridge(up);
	pci_dev_put(at);
	return at && up == at;
}

/* Is @pdev behind the unit? @all: because the unit is for all that no other names. */
static bool ioasid_vtd_is_behind(const struct acpi_dmar_hardware_unit *drhd, bool all,
				 struct pci_dev *pdev)
{
	const void *at = drhd + 1, *end = (const void *)drhd + drhd->header.length;

	if (drhd->segment != pci_domain_nr(pdev->bus))
		return false;
	if (all)
		return drhd->flags & ACPI_DMAR_INCLUDE_ALL;
	while (at + sizeof(struct acpi_dmar_device_scope) <= end) {
		const struct acpi_dmar_device_scope *scope = at;

		if (scope->length < sizeof(*scope) || at + scope->length > end)
			break;
		if (ioasid_vtd_in_scope(scope, drhd->segment, pdev))
			return true;
		at += scope->length;
	}
	return false;
}

static const struct acpi_dmar_hardware_unit *
ioasid_vtd_drhd(const struct acpi_table_header *dmar, bool all, struct pci_dev *pdev)
{
	const void *at = (const void *)dmar + sizeof(struct acpi_table_dmar);
	const void *end = (const void *)dmar + dmar->length;

	while (at + sizeof(struct acpi_dmar_header) <= end) {
		const struct acpi_dmar_header *header = at;

		if (header->length < sizeof(*header) || at + header->length > end)
			break;
		if (header->type == ACPI_DMAR_TYPE_HARDWARE_UNIT &&
		    header->length >= sizeof(struct acpi_dmar_hardware_unit) &&
		    ioasid_vtd_is_behind(at, all, pdev))
			return at;
		at += header->length;
	}
	return NULL;
}

/* Find the registers of the unit in front of @pdev. -ENODEV: there is none. */
static int ioasid_vtd_find(struct pci_dev *pdev, u64 *address, u64 *size)
{
	const struct acpi_dmar_hardware_unit *drhd;
	struct acpi_table_header *dmar;

	if (ACPI_FAILURE(acpi_get_table(ACPI_SIG_DMAR, 0, &dmar))) {
		pr_info("ioasid: vtd: the firmware describes no VT-d unit\n");
		return -ENODEV;
	}
	drhd = ioasid_vtd_drhd(dmar, false, pdev) ?: ioasid_vtd_drhd(dmar, true, pdev);
	if (drhd) {
		*address = drhd->address;
		*size = PAGE_SIZE << (drhd->size & 0xf);
	}
	acpi_put_table(dmar);
	return drhd ? 0 : -ENODEV;
}

/* --- Devices -------------------------------------------------------------- */

/*
 * The context entry of a requester. Its half of the root entry gets a table of its own,
 * unless it has one; NULL: no memory for it.
 */
static u64 *ioasid_vtd_context_entry(struct ioasid_vtd_unit *unit, u16 source)
{
	u64 *half = &unit->root[source >> 7];
	u64 *table = phys_to_virt(ioasid_vtd_root_context_table(half) << PAGE_SHIFT);
	u64 own = 0;

	if (table == unit->others) {
		table = ioasid_vtd_page();
		if (!table)
			return NULL;
		memcpy(table, unit->others, PAGE_SIZE);
		ioasid_vtd_sync(unit, table, PAGE_SIZE);
		ioasid_vtd_make_root(&own, virt_to_phys(table));
		WRITE_ONCE(*half, own);
		ioasid_vtd_sync(unit, half, sizeof(*half));
	}
	return table + source % CONTEXTS * IOASID_VTD_CONTEXT_WORDS;
}

/* Let requests of the device use the PASID directory @directory. -ENOMEM; -EIO. */
static int ioasid_vtd_context_set(struct ioasid_vtd_device *dev, u64 *directory)
{
	u64 *entry = ioasid_vtd_context_entry(dev->unit, pci_dev_id(dev->pdev));
	u64 words[IOASID_VTD_CONTEXT_WORDS] = {};

	if (!entry)
		return -ENOMEM;
	ioasid_vtd_make_context(words, virt_to_phys(directory));
	ioasid_vtd_retract(dev->unit, entry);
	ioasid_vtd_publish(dev->unit, entry, words, IOASID_VTD_CONTEXT_WORDS);
	return ioasid_vtd_flush_all(dev->unit);
}

static int ioasid_vtd_device_init(struct ioasid_vtd_device *dev)
{
	dev->directory = ioasid_vtd_page();
	dev->table = ioasid_vtd_page();
	if (!dev->directory || !dev->table)
		return -ENOMEM;
	ioasid_vtd_make_directory(dev->directory, virt_to_phys(dev->table));
	ioasid_vtd_sync(dev->unit, dev->directory, PAGE_SIZE);
	ioasid_vtd_sync(dev->unit, dev->table, PAGE_SIZE);
	mutex_lock(&dev->unit->lock);
	list_add_tail(&dev->link, &dev->unit->devices);
	mutex_unlock(&dev->unit->lock);
	return ioasid_vtd_context_set(dev, dev->directory);
}

/* With ioasid_vtd_lock held. */
static void ioasid_vtd_device_exit(struct ioasid_vtd_device *dev)
{
	struct ioasid_vtd_unit *unit = dev->unit;

	/* Unless the unit may still use them. */
	if (ioasid_vtd_context_set(dev, unit->others_directory) != -EIO) {
		ioasid_vtd_page_free(dev->directory);
		ioasid_vtd_page_free(dev->table);
	}
	mutex_lock(&unit->lock);
	list_del(&dev->link);
	mutex_unlock(&unit->lock);
	ioasid_vtd_unit_put(unit);
}

/* Bridges to conventional PCI replace the IDs of the devices behind them. */
static bool ioasid_vtd_shares_id(struct pci_dev *pdev)
{
	struct pci_dev *bridge = pdev;

	while ((bridge = pci_upstream_bridge(bridge)))
		if (!pci_is_pcie(bridge) || pci_pcie_type(bridge) == PCI_EXP_TYPE_PCI_BRIDGE ||
		    pci_pcie_type(bridge) == PCI_EXP_TYPE_PCIE_BRIDGE)
			return true;
	return false;
}

int ioasid_vtd_add(struct ioasid_vtd_device *dev, struct pci_dev *pdev)
{
	u64 address, size;
	int ret;

	if (ioasid_vtd_shares_id(pdev)) {
		pci_info(pdev, "ioasid: vtd: not using the device: it shares its ID with others\n");
		return -ENODEV;
	}
	ret = ioasid_vtd_find(pdev, &address, &size);
	if (ret)
		return ret;
	dev->pdev = pdev;
	INIT_LIST_HEAD(&dev->link);
	mutex_lock(&ioasid_vtd_lock);
	dev->unit = ioasid_vtd_unit_get(address, size);
	if (IS_ERR(dev->unit)) {
		ret = PTR_ERR(dev->unit);
	} else {
		ret = ioasid_vtd_device_init(dev);
		if (ret)
			ioasid_vtd_device_exit(dev);
	}
	mutex_unlock(&ioasid_vtd_lock);
	return ret;
}

void ioasid_vtd_remove(struct ioasid_vtd_device *dev)
{
	mutex_lock(&ioasid_vtd_lock);
	ioasid_vtd_device_exit(dev);
	mutex_unlock(&ioasid_vtd_lock);
}

u32 ioasid_vtd_iova_bits(const struct ioasid_vtd_device *dev)
{
	u32 width = FIELD_GET(IOASID_VTD_CAP_MAX_WIDTH, dev->unit->cap) + 1;

	return min(width, IOASID_IOVA_BITS);
}

int ioasid_vtd_domain_init(struct ioasid_vtd_device *dev, struct ioasid_vtd_domain *domain)
{
	u64 bits = 4 + 2 * FIELD_GET(IOASID_VTD_CAP_DOMAINS, dev->unit->cap);
	int id = ida_alloc_range(&dev->unit->domains, OTHERS_DOMAIN + 1, (1 << bits) - 1,
				 GFP_KERNEL);

	if (id < 0)
		return id;
	domain->id = id;
	return 0;
}

void ioasid_vtd_domain_exit(struct ioasid_vtd_device *dev, struct ioasid_vtd_domain *domain)
{
	ida_free(&dev->unit->domains, domain->id);
}

void ioasid_vtd_stop(struct ioasid_vtd_device *dev)
{
	pci_clear_master(dev->pdev);
	if (!READ_ONCE(dev->broken))
		pci_err(dev->pdev, "ioasid: vtd: stopped the DMA of the device\n");
	WRITE_ONCE(dev->broken, true);
}

/*
 * Without translation, a device could reach all memory: all devices of the unit are
 * stopped before.
 */
void ioasid_vtd_shutdown(struct ioasid_vtd_device *dev)
{
	struct ioasid_vtd_unit *unit = dev->unit;
	struct ioasid_vtd_device *other;

	mutex_lock(&ioasid_vtd_lock);
	mutex_lock(&unit->lock);
	list_for_each_entry(other, &unit->devices, link) {
		pci_clear_master(other->pdev);
		WRITE_ONCE(other->broken, true);
	}
	ioasid_vtd_unit_off(unit);
	mutex_unlock(&unit->lock);
	mutex_unlock(&ioasid_vtd_lock);
}

int ioasid_vtd_switch(struct ioasid_vtd_device *dev, struct ioasid_vtd_domain *domain)
{
	struct ioasid_vtd_unit *unit = dev->unit;
	u64 words[IOASID_VTD_PASID_WORDS] = {};

	/* Even of a device that was stopped: the caller may free the domain's memory. */
	if (dev->domain && dev->domain != domain) {
		ioasid_vtd_retract(unit, dev->table);
		if (ioasid_vtd_flush_entry(unit, dev->domain->id)) {
			ioasid_vtd_stop(dev);
			return -EIO;
		}
		dev->domain = NULL;
	}
	if (!domain)
		return 0;
	if (READ_ONCE(dev->broken))
		return -EIO;
	if (dev->domain)
		return 0;
	dev->domain = domain;
	/* An entry that is not present is not cached: nothing to flush. */
	ioasid_vtd_make_second_stage(words, domain->id, domain->table,
				     !!(unit->ecap & IOASID_VTD_ECAP_WALK_COHERENT));
	ioasid_vtd_publish(unit, dev->table, words, IOASID_VTD_PASID_WORDS);
	return 0;
}
