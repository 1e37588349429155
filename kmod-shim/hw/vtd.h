/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vtd: an Intel VT-d unit in scalable mode. Drivers of devices add a device, which
 * takes over the unit in front of it, and let the device's requests without PASID
 * use one domain at a time, or none.
 */
#ifndef IOASID_VTD_H
#define IOASID_VTD_H

#include <linux/bits.h>
#include <linux/list.h>
#include <linux/types.h>

struct ioasid_vtd_unit;
struct pci_dev;

/* --- Registers (chapter 11 of the specification) -------------------------- */

#define IOASID_VTD_CAP			0x08	/* 64 bits */
#define   IOASID_VTD_CAP_DOMAINS	GENMASK_ULL(2, 0)	/* 2^(4 + 2 * N) */
#define   IOASID_VTD_CAP_WRITE_BUFFER	BIT_ULL(4)
#define   IOASID_VTD_CAP_PROTECTED	GENMASK_ULL(6, 5)	/* memory regions */
#define   IOASID_VTD_CAP_CACHING_MODE	BIT_ULL(7)
#define   IOASID_VTD_CAP_48_BITS	BIT_ULL(10)		/* of SAGAW: four levels */
#define   IOASID_VTD_CAP_57_BITS	BIT_ULL(11)		/* five levels */
#define   IOASID_VTD_CAP_MAX_WIDTH	GENMASK_ULL(21, 16)	/* minus 1 */
#define   IOASID_VTD_CAP_FAULT_OFFSET	GENMASK_ULL(33, 24)	/* in 16 bytes */
#define   IOASID_VTD_CAP_2M_PAGES	BIT_ULL(34)
#define   IOASID_VTD_CAP_PAGE_SELECTIVE	BIT_ULL(39)
#define   IOASID_VTD_CAP_FAULT_RECORDS	GENMASK_ULL(47, 40)	/* minus 1 */
#define   IOASID_VTD_CAP_MAX_MASK	GENMASK_ULL(53, 48)
#define   IOASID_VTD_CAP_DRAIN_WRITES	BIT_ULL(54)
#define   IOASID_VTD_CAP_DRAIN_READS	BIT_ULL(55)

#define IOASID_VTD_ECAP			0x10	/* 64 bits */
#define   IOASID_VTD_ECAP_COHERENT	BIT_ULL(0)
#define   IOASID_VTD_ECAP_QUEUE		BIT_ULL(1)
#define   IOASID_VTD_ECAP_PASS_THROUGH	BIT_ULL(6)
#define   IOASID_VTD_ECAP_SCALABLE	BIT_ULL(43)
#define   IOASID_VTD_ECAP_SECOND_STAGE	BIT_ULL(46)
#define   IOASID_VTD_ECAP_WALK_COHERENT	BIT_ULL(48)
#define   IOASID_VTD_ECAP_RID_PASID	BIT_ULL(49)

/* The command register has the same bits as the status register. */
#define IOASID_VTD_COMMAND		0x18	/* 32 bits */
#define IOASID_VTD_STATUS		0x1c	/* 32 bits */
#define   IOASID_VTD_TRANSLATION	BIT(31)
#define   IOASID_VTD_ROOT_TABLE		BIT(30)	/* command: once */
#define   IOASID_VTD_QUEUE		BIT(26)
#define   IOASID_VTD_REMAPPING		BIT(25)	/* of interrupts */
/* Bits that a command must repeat; the others start an action. */
#define   IOASID_VTD_STATUS_KEPT	0x96ffffffu

#define IOASID_VTD_ROOT_ADDRESS		0x20	/* 64 bits */
#define   IOASID_VTD_ROOT_SCALABLE	BIT_ULL(10)

#define IOASID_VTD_FAULT_STATUS		0x34	/* 32 bits, written with 32 bits only */
#define   IOASID_VTD_FAULT_OVERFLOW	BIT(0)
#define   IOASID_VTD_FAULT_PENDING	BIT(1)
#define   IOASID_VTD_FAULT_QUEUE	BIT(4)	/* invalid descriptor */
#define   IOASID_VTD_FAULT_COMPLETION	BIT(5)	/* by a device TLB */
#define   IOASID_VTD_FAULT_TIME_OUT	BIT(6)	/* of a device TLB */
#define   IOASID_VTD_FAULT_OF_QUEUE						\
	(IOASID_VTD_FAULT_QUEUE | IOASID_VTD_FAULT_COMPLETION | IOASID_VTD_FAULT_TIME_OUT)
#define   IOASID_VTD_FAULT_INDEX	GENMASK(15, 8)	/* first record */

#define IOASID_VTD_FAULT_CONTROL	0x38	/* 32 bits */
#define   IOASID_VTD_FAULT_MASKED	BIT(31)	/* no interrupts */

#define IOASID_VTD_PROTECTED		0x64	/* 32 bits */
#define   IOASID_VTD_PROTECTED_STATUS	BIT(0)

#define IOASID_VTD_QUEUE_HEAD		0x80	/* 64 bits */
#define IOASID_VTD_QUEUE_TAIL		0x88	/* 64 bits */
#define   IOASID_VTD_QUEUE_INDEX	GENMASK_ULL(18, 5)	/* of 256-bit descriptors */
#define IOASID_VTD_QUEUE_ADDRESS	0x90	/* 64 bits */
#define   IOASID_VTD_QUEUE_WIDE		BIT_ULL(11)	/* 256-bit descriptors */

/* Clears a record of a fault; in its last 32 bits. */
#define IOASID_VTD_RECORD_CLEAR		BIT(31)

/* --- Units and devices ---------------------------------------------------- */

/* What requests can reach: a second-stage page table. Constant once used. */
struct ioasid_vtd_domain {
	u16 id;			/* the caches are tagged with it; from ioasid_vtd_domain_init() */
	u64 table;		/* physical address */
};

/* A request that the unit blocked. */
struct ioasid_vtd_fault {
	u64 address;		/* of the page */
	u16 source;		/* bus, device, function */
	u8 code;		/* as reported by the unit */
	bool write;
};

/* Fields are private to vtd.c, except as noted. */
struct ioasid_vtd_device {
	struct ioasid_vtd_unit *unit;
	struct pci_dev *pdev;
	struct list_head link;		/* in unit->devices */
	u64 *directory, *table;		/* of PASIDs */
	struct ioasid_vtd_domain *domain;	/* in use; NULL: none. The driver may read it. */
	struct ioasid_vtd_fault fault;	/* not taken yet; under unit->lock */
	bool faulted;			/* there is one */
	bool lost;			/* there may have been others; under unit->lock */
	bool broken;			/* does no DMA any more */
};

/*
 * Take over the unit in front of @pdev, unless done, and block all DMA of @pdev.
 * Other devices keep access to all memory. -ENODEV: there is no unit, it is used by
 * someone else, or lacks an ability, or the device shares its ID with others (the reason
 * is in the kernel log); -ENOMEM; -EIO.
 */
int ioasid_vtd_add(struct ioasid_vtd_device *dev, struct pci_dev *pdev);
/* @dev, whose DMA was stopped, is not used any more. Gives the last one's unit back. */
void ioasid_vtd_remove(struct ioasid_vtd_device *dev);
/* Width of the addresses that the unit translates, in bits. */
u32 ioasid_vtd_iova_bits(const struct ioasid_vtd_device *dev);
/* -ENOSPC, -ENOMEM. */
int ioasid_vtd_domain_init(struct ioasid_vtd_device *dev, struct ioasid_vtd_domain *domain);
void ioasid_vtd_domain_exit(struct ioasid_vtd_device *dev, struct ioasid_vtd_domain *domain);
/*
 * Let the device reach @domain only; NULL: nothing. On success, no request reaches the
 * previous domain any more. The caller serialises calls for a device. May wait for
 * the unit. -EIO: the unit did not complete it, and may have cached the previous domain, or
 * the device was stopped before. The device then does no DMA any more.
 */
int ioasid_vtd_switch(struct ioasid_vtd_device *dev, struct ioasid_vtd_domain *domain);
/* Forget translations of addresses of @domain. May wait for the unit. -EIO. */
int ioasid_vtd_flush(struct ioasid_vtd_device *dev, const struct ioasid_vtd_domain *domain,
		     u64 start, u64 last);
/*
 * Take the first fault of the device since the last call. 0: there was none; -EFAULT: @fault;
 * -EIO: not known, because the unit lost faults or the device was stopped.
 */
int ioasid_vtd_fault_take(struct ioasid_vtd_device *dev, struct ioasid_vtd_fault *fault);
/* What @fault means: text, and enum ioasid_fault_reason. */
const char *ioasid_vtd_fault_text(const struct ioasid_vtd_fault *fault);
u32 ioasid_vtd_fault_reason(const struct ioasid_vtd_fault *fault);
/* Stop the device's DMA for good. */
void ioasid_vtd_stop(struct ioasid_vtd_device *dev);
/*
 * For shutdown: stop all devices of the unit and switch it off. Nothing is freed; waits for the
 * unit only. ioasid_vtd_remove() may follow.
 */
void ioasid_vtd_shutdown(struct ioasid_vtd_device *dev);

#endif /* IOASID_VTD_H */
