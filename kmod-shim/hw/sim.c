// SPDX-License-Identifier: GPL-2.0-only
/*
 * sim: an IOMMU in software with devices of differing abilities, always present.
 * It takes the place of the hardware's page table walk. A DMA translates each
 * page and accesses it while the binding is entered, so that detaching and
 * invalidating wait for at most one page to be copied.
 *
 * Translations are cached in an IOTLB until they are invalidated: a change of a
 * user page table that is not invalidated is not seen. Translations of the memory
 * of a process become invalid when that memory changes. Each binding has an IOTLB
 * of its own, so that no user can displace another user's translations.
 */
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "../fault.h"
#include "../ioas.h"
#include "hw.h"

static uint sim_invalidate_ms;
module_param(sim_invalidate_ms, uint, 0644);
MODULE_PARM_DESC(sim_invalidate_ms, "time that the sim devices take for an invalidation (tests)");

static bool sim_invalidate_fails;
module_param(sim_invalidate_fails, bool, 0644);
MODULE_PARM_DESC(sim_invalidate_fails, "the sim devices do not complete invalidations (tests)");

/* --- IOTLB ---------------------------------------------------------------- */

#define SIM_IOTLB_ENTRIES	64

/* The entry of page number N is N modulo the size. Under binding->lock. */
struct ioasid_sim_iotlb {
	struct ioasid_sim_entry {
		u64 page;	/* page number plus 1; 0: empty */
		u64 target;	/* physical address, and IOASID_PTE_READ and WRITE */
		u64 changes;	/* of the process's memory, if it is that */
	} entries[SIM_IOTLB_ENTRIES];
};

static struct ioasid_sim_entry *ioasid_sim_entry(struct ioasid_sim_iotlb *iotlb, u64 iova)
{
	return &iotlb->entries[PHYS_PFN(iova) % SIM_IOTLB_ENTRIES];
}

/* The IOTLB of the binding, made at its first DMA. NULL: no memory. */
static struct ioasid_sim_iotlb *ioasid_sim_iotlb(struct ioasid_binding *binding)
{
	struct ioasid_sim_iotlb *iotlb = smp_load_acquire(&binding->hw);
	void *other;

	if (iotlb)
		return iotlb;
	iotlb = may_fail(NULL, kzalloc(sizeof(*iotlb), GFP_KERNEL_ACCOUNT));
	if (!iotlb)
		return NULL;
	other = cmpxchg(&binding->hw, NULL, iotlb);
	if (!other)
		return iotlb;
	kfree(iotlb);
	return other;
}

static int ioasid_sim_invalidate(struct ioasid_device *dev, struct ioasid_binding *binding,
				 u64 start, u64 last)
{
	struct ioasid_sim_iotlb *iotlb;

	if (READ_ONCE(sim_invalidate_ms))
		schedule_timeout_killable(msecs_to_jiffies(READ_ONCE(sim_invalidate_ms)));
	if (READ_ONCE(sim_invalidate_fails))
		return -EIO;
	/* The lock also waits for a walk that has read the old entries. */
	if (!ioasid_binding_enter(binding))
		return 0;
	iotlb = binding->hw;
	for (int i = 0; iotlb && i < SIM_IOTLB_ENTRIES; i++) {
		struct ioasid_sim_entry *entry = &iotlb->entries[i];

		if (entry->page && PFN_PHYS(entry->page - 1) <= last &&
		    PFN_PHYS(entry->page) > start)
			entry->page = 0;
	}
	ioasid_binding_leave(binding);
	return 0;
}

/* --- Page table walk ------------------------------------------------------ */

#define X86_PRESENT	BIT_ULL(0)
#define X86_WRITE	BIT_ULL(1)
#define X86_LARGE	BIT_ULL(7)

/* The entry at the address @at of the parent space. 0: not readable. */
static u64 ioasid_sim_table_entry(struct ioasid_ioas *parent, u64 at, u64 *entry)
{
	u64 target = ioasid_pgtable_walk(&parent->table, at);

	if (!(target & IOASID_PTE_READ))
		return 0;
	*entry = READ_ONCE(*(u64 *)phys_to_virt((target & IOASID_PTE_ADDRESS) + offset_in_page(at)));
	return target;
}

/*
 * Translate @iova with the user's page table at @root: an address of the parent
 * space. The table may change, or be anything, at any time.
 */
static int ioasid_sim_walk_user(struct ioasid_ioas *parent, u64 root, u64 iova, u64 *address,
				u64 *prot)
{
	u64 table = root, entry, size;

	*prot = IOASID_PTE_READ | IOASID_PTE_WRITE;
	for (int shift = 39; shift >= 12; shift -= 9) {
		size = BIT_ULL(shift);
		if (!ioasid_sim_table_entry(parent, table + (iova >> shift) % 512 * 8, &entry))
			return IOASID_FAULT_TABLE_ADDRESS;
		if (!(entry & X86_PRESENT))
			return IOASID_FAULT_NOT_PRESENT;
		if (!(entry & X86_WRITE))
			*prot &= ~IOASID_PTE_WRITE;
		table = entry & IOASID_PTE_ADDRESS;
		if (shift == 12 || !(entry & X86_LARGE))
			continue;
		/* Bit 12 of a large page is PAT; the rest below its size is reserved. */
		if (shift == 39 || (table & (size - 1) & ~BIT_ULL(12)))
			return IOASID_FAULT_RESERVED_BIT;
		*address = (table & ~(size - 1)) | (iova & (size - 1));
		return 0;
	}
	*address = table | offset_in_page(iova);
	return 0;
}

/* Translate @iova to @target. Returns 0 or the reason of the fault. */
static int ioasid_sim_walk(struct ioasid_ioas *ioas, u64 iova, u64 *target)
{
	struct ioasid_ioas *mapped = ioas;
	u64 root, prot = IOASID_PTE_PRESENT;
	int reason;

	if (iova >> IOASID_IOVA_BITS)
		return IOASID_FAULT_ADDRESS_WIDTH;
	if (ioas->kind == IOASID_KIND_USER) {
		mapped = ioas->parent;
		root = READ_ONCE(ioas->root);
		if (root == IOASID_NO_TABLE)
			return IOASID_FAULT_NO_TABLE;
		reason = ioasid_sim_walk_user(mapped, root, iova, &iova, &prot);
		if (reason)
			return reason;
	}
	*target = ioasid_pgtable_walk(&mapped->table, iova);
	if (!*target)
		return mapped == ioas ? IOASID_FAULT_NOT_PRESENT : IOASID_FAULT_PARENT_ADDRESS;
	*target &= prot | ~IOASID_PTE_PRESENT;
	return 0;
}

/* With the binding entered. Returns 0 or the reason of the fault. */
static int ioasid_sim_translate(struct ioasid_binding *binding, struct ioasid_sim_iotlb *iotlb,
				u64 iova, bool write, u64 *target)
{
	struct ioasid_sim_entry *entry = ioasid_sim_entry(iotlb, iova);
	int reason;

	if (entry->page != PHYS_PFN(iova) + 1) {
		reason = ioasid_sim_walk(binding->ioas, iova, target);
		if (reason)
			return reason;
		*entry = (struct ioasid_sim_entry){ PHYS_PFN(iova) + 1, *target, 0 };
	}
	*target = entry->target;
	if (*target & (write ? IOASID_PTE_WRITE : IOASID_PTE_READ))
		return 0;
	/* Like hardware, which walks again before it reports a fault. */
	entry->page = 0;
	return IOASID_FAULT_PERMISSION;
}

/* --- DMA ------------------------------------------------------------------ */

static bool ioasid_sim_writes(const struct ioasid_access *access)
{
	return access->access == IOASID_MAP_WRITE;
}

static void ioasid_sim_copy(u64 target, void *data, size_t length,
			    const struct ioasid_access *access)
{
	void *memory = phys_to_virt((target & IOASID_PTE_ADDRESS) + offset_in_page(access->address));

	if (ioasid_sim_writes(access))
		memcpy(memory, data, length);
	else
		memcpy(data, memory, length);
}

/* Access memory within one page, of a kernel-managed or user-managed space. */
static int ioasid_sim_page(struct ioasid_binding *binding, void *data, size_t length,
			   struct ioasid_access *access)
{
	struct ioasid_sim_iotlb *iotlb = ioasid_sim_iotlb(binding);
	u64 target;

	if (!iotlb)
		return -ENOMEM;
	if (!ioasid_binding_enter(binding)) {
		access->reason = IOASID_FAULT_DETACHED;
		return -EFAULT;
	}
	access->reason = ioasid_sim_translate(binding, iotlb, access->address,
					      ioasid_sim_writes(access), &target);
	if (!access->reason)
		ioasid_sim_copy(target, data, length, access);
	ioasid_binding_leave(binding);
	return access->reason ? -EFAULT : 0;
}

/* Can the user make the access succeed? */
static bool ioasid_sim_requests(const struct ioasid_binding *binding,
				const struct ioasid_access *access)
{
	return binding->ioas->kind == IOASID_KIND_USER && binding->ioas->faults &&
	       (binding->dev->caps->caps & IOASID_CAP_PRI) &&
	       (access->reason == IOASID_FAULT_NOT_PRESENT ||
		access->reason == IOASID_FAULT_PERMISSION);
}

static int ioasid_sim_mapped_page(struct ioasid_binding *binding, void *data, size_t length,
				  struct ioasid_access *access)
{
	int ret;

	do {
		ret = ioasid_sim_page(binding, data, length, access);
		if (ret != -EFAULT || !ioasid_sim_requests(binding, access))
			return ret;
		ret = ioasid_fault_request(binding, access);
	} while (!ret);
	return ret;
}

/* The page of an access to the memory of a process, and when it was looked up. */
struct ioasid_sim_lookup {
	struct page *page;	/* referenced; NULL: none */
	u64 changes;
};

/* Look the page up in the process's page table, as hardware with page requests. */
static int ioasid_sim_look_up(struct ioasid_binding *binding, struct ioasid_access *access,
			      struct ioasid_sim_lookup *lookup)
{
	struct mm_struct *mm = binding->set->mm;
	int ret;

	if (!mmget_not_zero(mm)) {
		access->reason = IOASID_FAULT_DETACHED;
		return -EFAULT;
	}
	access->reason = IOASID_FAULT_NO_MEMORY;
	ret = ioasid_memory_settle(binding->set, access->address, &lookup->changes);
	if (!ret)
		ret = ioasid_page_get(mm, access->address, ioasid_sim_writes(access),
				      &lookup->page);
	mmput(mm);
	return ret;
}

/* -EAGAIN: the translation is not cached, and @lookup has none that is valid. */
static int ioasid_sim_access_process(struct ioasid_binding *binding,
				     struct ioasid_sim_iotlb *iotlb,
				     struct ioasid_sim_lookup *lookup, void *data, size_t length,
				     struct ioasid_access *access)
{
	struct ioasid_sim_entry *entry = ioasid_sim_entry(iotlb, access->address);
	u64 page = PHYS_PFN(access->address) + 1;
	bool write = ioasid_sim_writes(access);
	int ret = -EAGAIN;

	if (!ioasid_binding_enter(binding)) {
		access->reason = IOASID_FAULT_DETACHED;
		return -EFAULT;
	}
	ioasid_memory_enter(binding->set);
	if (lookup->page && ioasid_memory_same(binding->set, access->address, &lookup->changes))
		*entry = (struct ioasid_sim_entry){
			page,
			page_to_phys(lookup->page) | IOASID_PTE_READ | (write ? IOASID_PTE_WRITE : 0),
			lookup->changes,
		};
	if (entry->page == page && (!write || (entry->target & IOASID_PTE_WRITE)) &&
	    ioasid_memory_same(binding->set, access->address, &entry->changes)) {
		ioasid_sim_copy(entry->target, data, length, access);
		ret = 0;
	}
	ioasid_memory_leave(binding->set);
	ioasid_binding_leave(binding);
	return ret;
}

static int ioasid_sim_process_page(struct ioasid_binding *binding, void *data, size_t length,
				   struct ioasid_access *access)
{
	struct ioasid_sim_iotlb *iotlb = ioasid_sim_iotlb(binding);
	struct ioasid_sim_lookup lookup = {};
	int ret;

	if (!iotlb)
		return -ENOMEM;
	for (;;) {
		ret = ioasid_sim_access_process(binding, iotlb, &lookup, data, length, access);
		if (lookup.page)
			ioasid_page_put(lookup.page, ioasid_sim_writes(access));
		if (ret != -EAGAIN)
			return ret;
		/* It changed between the look-up and the access. */
		if (lookup.page && signal_pending(current))
			return -EINTR;
		lookup.page = NULL;
		ret = ioasid_sim_look_up(binding, access, &lookup);
		if (ret)
			return ret;
		cond_resched();
	}
}

typedef int ioasid_sim_page_fn(struct ioasid_binding *binding, void *data, size_t length,
			       struct ioasid_access *access);

static int ioasid_sim_pages(struct ioasid_binding *binding, void *data, size_t length,
			    struct ioasid_access *access, ioasid_sim_page_fn *one)
{
	size_t done = 0;
	int ret;

	while (done < length) {
		size_t part = min(length - done, PAGE_SIZE - (size_t)offset_in_page(access->address));

		ret = one(binding, data + done, part, access);
		if (ret)
			return ret;
		done += part;
		access->address += part;
		cond_resched();
	}
	return 0;
}

static int ioasid_sim_dma(struct ioasid_device *dev, struct ioasid_binding *binding, void *data,
			  size_t length, struct ioasid_access *access)
{
	bool process = binding->ioas->kind == IOASID_KIND_PROCESS;
	u64 end = access->address + length;

	access->reason = IOASID_FAULT_ADDRESS_WIDTH;
	if (end < access->address || (process && end > TASK_SIZE_MAX))
		return -EFAULT;
	return ioasid_sim_pages(binding, data, length, access,
				process ? ioasid_sim_process_page : ioasid_sim_mapped_page);
}

/* --- Devices -------------------------------------------------------------- */

static int ioasid_sim_attach(struct ioasid_device *dev, struct ioasid_binding *binding)
{
	return 0;	/* the device's bindings serve as the PASID table */
}

static void ioasid_sim_detach(struct ioasid_device *dev, struct ioasid_binding *binding)
{
}

static const struct ioasid_hw_ops sim_ops = {
	.name = "sim",
	.attach = ioasid_sim_attach,
	.detach = ioasid_sim_detach,
	.invalidate = ioasid_sim_invalidate,
	.dma = ioasid_sim_dma,
};

#define SIM_FULL	(IOASID_CAP_PASID | IOASID_CAP_PRI | IOASID_CAP_NESTING |	\
			 IOASID_CAP_SNOOP | IOASID_CAP_DMA)

/* Name, abilities, bits of a PASID, bits of an address, formats. */
#define SIM_DEVICE(_name, _caps, _pasid_bits, _iova_bits, _formats)		\
	{ .name = _name, .caps = { .caps = _caps, .pasid_bits = _pasid_bits,	\
				   .iova_bits = _iova_bits, .formats = _formats,	\
				   .page_sizes = IOASID_PAGE_SIZES } }

static struct ioasid_sim_device {
	const char *name;
	struct ioasid_device_caps caps;
	struct ioasid_device dev;
} sim_devices[] = {
	SIM_DEVICE("sim0", SIM_FULL, IOASID_BITS, 48, BIT(IOASID_FORMAT_X86_64)),
	SIM_DEVICE("sim1", SIM_FULL, IOASID_BITS, 48, BIT(IOASID_FORMAT_X86_64)),
	SIM_DEVICE("sim2", IOASID_CAP_PASID | IOASID_CAP_NESTING | IOASID_CAP_DMA, 8, 48,
		   BIT(IOASID_FORMAT_X86_64)),
	SIM_DEVICE("sim3", IOASID_CAP_DMA, 0, 39, 0),
};

int ioasid_sim_init(void)
{
	int ret, i;

	for (i = 0; i < ARRAY_SIZE(sim_devices); i++) {
		ret = ioasid_device_register(&sim_devices[i].dev, sim_devices[i].name, &sim_ops,
					     &sim_devices[i].caps);
		if (ret)
			goto undo;
	}
	return 0;
undo:
	while (i--)
		ioasid_device_unregister(&sim_devices[i].dev);
	return ret;
}

void ioasid_sim_exit(void)
{
	for (int i = ARRAY_SIZE(sim_devices); i--;)
		ioasid_device_unregister(&sim_devices[i].dev);
}
