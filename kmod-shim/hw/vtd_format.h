/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a VT-d unit reads in memory in scalable mode: entries and descriptors, as
 * arrays of quadwords. There is one accessor for each bit field, named as in Intel's
 * specification (revision 4.1, chapters 6.5 and 9).
 *
 *	ioasid_vtd_STRUCTURE_FIELD(words)
 *	ioasid_vtd_set_STRUCTURE_FIELD(words, value)
 *
 * Fields with an address contain a page number. This file depends on nothing but
 * the types, so that tests can include it in user space.
 */
#ifndef IOASID_VTD_FORMAT_H
#define IOASID_VTD_FORMAT_H

#include <linux/types.h>

/* X(structure, field, quadword, highest bit, lowest bit) */

/* One for the functions of a bus below 128, one for the others. */
#define IOASID_VTD_ROOT(X)						\
	X(root, present, 0, 0, 0)					\
	X(root, context_table, 0, 63, 12)

/* PDTS: the directory has 2^(PDTS + 7) entries. */
#define IOASID_VTD_CONTEXT(X)						\
	X(context, present, 0, 0, 0)					\
	X(context, fault_disable, 0, 1, 1)				\
	X(context, device_tlb_enable, 0, 2, 2)				\
	X(context, pasid_enable, 0, 3, 3)				\
	X(context, page_request_enable, 0, 4, 4)			\
	X(context, pdts, 0, 11, 9)					\
	X(context, directory, 0, 63, 12)				\
	X(context, rid_pasid, 1, 19, 0)					\
	X(context, rid_priv, 1, 20, 20)

/* Entry of a PASID directory: PASIDs with the same bits from 6 on. */
#define IOASID_VTD_DIRECTORY(X)						\
	X(directory, present, 0, 0, 0)					\
	X(directory, fault_disable, 0, 1, 1)				\
	X(directory, pasid_table, 0, 63, 12)

/* Entry of a PASID table. */
#define IOASID_VTD_PASID(X)						\
	X(pasid, present, 0, 0, 0)					\
	X(pasid, fault_disable, 0, 1, 1)				\
	X(pasid, address_width, 0, 4, 2)				\
	X(pasid, translation, 0, 8, 6)					\
	X(pasid, ss_access_dirty, 0, 9, 9)				\
	X(pasid, ss_table, 0, 63, 12)					\
	X(pasid, domain, 1, 15, 0)					\
	X(pasid, walk_snoop, 1, 23, 23)					\
	X(pasid, page_snoop, 1, 24, 24)					\
	X(pasid, supervisor_enable, 2, 0, 0)				\
	X(pasid, execute_enable, 2, 1, 1)				\
	X(pasid, fs_levels, 2, 3, 2)					\
	X(pasid, write_protect, 2, 4, 4)				\
	X(pasid, fs_table, 2, 63, 12)

/* Invalidation descriptors, each 256 bits wide. */
#define IOASID_VTD_CONTEXT_CACHE(X)					\
	X(context_cache, type, 0, 3, 0)					\
	X(context_cache, granularity, 0, 5, 4)				\
	X(context_cache, domain, 0, 31, 16)				\
	X(context_cache, source, 0, 47, 32)				\
	X(context_cache, function_mask, 0, 49, 48)

#define IOASID_VTD_PASID_CACHE(X)					\
	X(pasid_cache, type, 0, 3, 0)					\
	X(pasid_cache, granularity, 0, 5, 4)				\
	X(pasid_cache, domain, 0, 31, 16)				\
	X(pasid_cache, pasid, 0, 51, 32)

#define IOASID_VTD_IOTLB(X)						\
	X(iotlb, type, 0, 3, 0)						\
	X(iotlb, granularity, 0, 5, 4)					\
	X(iotlb, drain_writes, 0, 6, 6)					\
	X(iotlb, drain_reads, 0, 7, 7)					\
	X(iotlb, domain, 0, 31, 16)					\
	X(iotlb, address_mask, 1, 5, 0)					\
	X(iotlb, leaf_only, 1, 6, 6)					\
	X(iotlb, address, 1, 63, 12)

/* status_address: in units of four bytes */
#define IOASID_VTD_WAIT(X)						\
	X(wait, type, 0, 3, 0)						\
	X(wait, interrupt, 0, 4, 4)					\
	X(wait, status_write, 0, 5, 5)					\
	X(wait, fence, 0, 6, 6)						\
	X(wait, status_data, 0, 63, 32)					\
	X(wait, status_address, 1, 63, 2)

/* A fault recording register. */
#define IOASID_VTD_RECORD(X)						\
	X(record, address, 0, 63, 12)					\
	X(record, source, 1, 15, 0)					\
	X(record, privileged, 1, 29, 29)				\
	X(record, execute, 1, 30, 30)					\
	X(record, has_pasid, 1, 31, 31)					\
	X(record, reason, 1, 39, 32)					\
	X(record, pasid, 1, 59, 40)					\
	X(record, address_type, 1, 61, 60)				\
	X(record, read, 1, 62, 62)					\
	X(record, fault, 1, 63, 63)

#define IOASID_VTD_STRUCTURES(X)					\
	IOASID_VTD_ROOT(X)						\
	IOASID_VTD_CONTEXT(X)						\
	IOASID_VTD_DIRECTORY(X)						\
	IOASID_VTD_PASID(X)						\
	IOASID_VTD_CONTEXT_CACHE(X)					\
	IOASID_VTD_PASID_CACHE(X)					\
	IOASID_VTD_IOTLB(X)						\
	IOASID_VTD_WAIT(X)						\
	IOASID_VTD_RECORD(X)

#define IOASID_VTD_MASK(high, low)	(~0ull >> (63 - (high)) & ~0ull << (low))

#define IOASID_VTD_ACCESSORS(structure, field, word, high, low)					\
static inline __u64 ioasid_vtd_##structure##_##field(const __u64 *words)			\
{												\
	return (words[word] & IOASID_VTD_MASK(high, low)) >> (low);				\
}												\
												\
static inline void ioasid_vtd_set_##structure##_##field(__u64 *words, __u64 value)		\
{												\
	words[word] &= ~IOASID_VTD_MASK(high, low);						\
	words[word] |= value << (low) & IOASID_VTD_MASK(high, low);				\
}

IOASID_VTD_STRUCTURES(IOASID_VTD_ACCESSORS)

/* Quadwords of each structure. */
#define IOASID_VTD_CONTEXT_WORDS	4
#define IOASID_VTD_PASID_WORDS		8
#define IOASID_VTD_DESCRIPTOR_WORDS	4

/* Values of pasid_translation (PGTT) and pasid_address_width (AW). */
enum { IOASID_VTD_FIRST_STAGE = 1, IOASID_VTD_SECOND_STAGE, IOASID_VTD_NESTED,
       IOASID_VTD_PASS_THROUGH };
enum { IOASID_VTD_39_BITS = 1, IOASID_VTD_48_BITS, IOASID_VTD_57_BITS };

/* Values of the type and the granularity of descriptors. */
enum { IOASID_VTD_TYPE_CONTEXT_CACHE = 1, IOASID_VTD_TYPE_IOTLB, IOASID_VTD_TYPE_WAIT = 5,
       IOASID_VTD_TYPE_PASID_CACHE = 7 };
enum { IOASID_VTD_CONTEXT_CACHE_GLOBAL = 1 };
enum { IOASID_VTD_IOTLB_GLOBAL = 1, IOASID_VTD_IOTLB_DOMAIN, IOASID_VTD_IOTLB_PAGES };
enum { IOASID_VTD_PASID_CACHE_PASID = 1, IOASID_VTD_PASID_CACHE_GLOBAL = 3 };

#define IOASID_VTD_PAGE_SHIFT	12

/* --- Entries as the module writes them ------------------------------------ */

static inline void ioasid_vtd_make_root(__u64 *words, __u64 context_table)
{
	ioasid_vtd_set_root_context_table(words, context_table >> IOASID_VTD_PAGE_SHIFT);
	ioasid_vtd_set_root_present(words, 1);
}

/*
 * Requests without PASID use the entry of PASID 0: the units that honour RID_PASID
 * find 0 there, and the others use PASID 0 anyway. No PASID has the number 0.
 */
static inline void ioasid_vtd_make_context(__u64 *words, __u64 directory)
{
	ioasid_vtd_set_context_directory(words, directory >> IOASID_VTD_PAGE_SHIFT);
	ioasid_vtd_set_context_rid_pasid(words, 0);
	ioasid_vtd_set_context_present(words, 1);
}

static inline void ioasid_vtd_make_directory(__u64 *words, __u64 pasid_table)
{
	ioasid_vtd_set_directory_pasid_table(words, pasid_table >> IOASID_VTD_PAGE_SHIFT);
	ioasid_vtd_set_directory_present(words, 1);
}

/* @width: the largest that the unit supports. It blocks addresses that are wider. */
static inline void ioasid_vtd_make_pass_through(__u64 *words, __u16 domain, int width)
{
	ioasid_vtd_set_pasid_translation(words, IOASID_VTD_PASS_THROUGH);
	ioasid_vtd_set_pasid_address_width(words, width);
	ioasid_vtd_set_pasid_domain(words, domain);
	ioasid_vtd_set_pasid_present(words, 1);
}

/* @snoop: the unit reads the page table from the caches. */
static inline void ioasid_vtd_make_second_stage(__u64 *words, __u16 domain, __u64 table, int snoop)
{
	ioasid_vtd_set_pasid_translation(words, IOASID_VTD_SECOND_STAGE);
	ioasid_vtd_set_pasid_address_width(words, IOASID_VTD_48_BITS);
	ioasid_vtd_set_pasid_ss_table(words, table >> IOASID_VTD_PAGE_SHIFT);
	ioasid_vtd_set_pasid_domain(words, domain);
	ioasid_vtd_set_pasid_walk_snoop(words, snoop);
	ioasid_vtd_set_pasid_present(words, 1);
}

/* --- Descriptors ---------------------------------------------------------- */

static inline void ioasid_vtd_make_context_cache_global(__u64 *words)
{
	ioasid_vtd_set_context_cache_type(words, IOASID_VTD_TYPE_CONTEXT_CACHE);
	ioasid_vtd_set_context_cache_granularity(words, IOASID_VTD_CONTEXT_CACHE_GLOBAL);
}

static inline void ioasid_vtd_make_pasid_cache_global(__u64 *words)
{
	ioasid_vtd_set_pasid_cache_type(words, IOASID_VTD_TYPE_PASID_CACHE);
	ioasid_vtd_set_pasid_cache_granularity(words, IOASID_VTD_PASID_CACHE_GLOBAL);
}

static inline void ioasid_vtd_make_pasid_cache(__u64 *words, __u16 domain, __u32 pasid)
{
	ioasid_vtd_set_pasid_cache_type(words, IOASID_VTD_TYPE_PASID_CACHE);
	ioasid_vtd_set_pasid_cache_granularity(words, IOASID_VTD_PASID_CACHE_PASID);
	ioasid_vtd_set_pasid_cache_domain(words, domain);
	ioasid_vtd_set_pasid_cache_pasid(words, pasid);
}

static inline void ioasid_vtd_make_iotlb_global(__u64 *words)
{
	ioasid_vtd_set_iotlb_type(words, IOASID_VTD_TYPE_IOTLB);
	ioasid_vtd_set_iotlb_granularity(words, IOASID_VTD_IOTLB_GLOBAL);
}

static inline void ioasid_vtd_make_iotlb_domain(__u64 *words, __u16 domain)
{
	ioasid_vtd_set_iotlb_type(words, IOASID_VTD_TYPE_IOTLB);
	ioasid_vtd_set_iotlb_granularity(words, IOASID_VTD_IOTLB_DOMAIN);
	ioasid_vtd_set_iotlb_domain(words, domain);
}

/* 2^@order pages at @address, which is a multiple of their size; also cached tables. */
static inline void ioasid_vtd_make_iotlb_pages(__u64 *words, __u16 domain, __u64 address,
					       __u32 order)
{
	ioasid_vtd_set_iotlb_type(words, IOASID_VTD_TYPE_IOTLB);
	ioasid_vtd_set_iotlb_granularity(words, IOASID_VTD_IOTLB_PAGES);
	ioasid_vtd_set_iotlb_domain(words, domain);
	ioasid_vtd_set_iotlb_address(words, address >> IOASID_VTD_PAGE_SHIFT);
	ioasid_vtd_set_iotlb_address_mask(words, order);
}

/* When all before it is done, write @data to the 32-bit word at @status. */
static inline void ioasid_vtd_make_wait(__u64 *words, __u64 status, __u32 data)
{
	ioasid_vtd_set_wait_type(words, IOASID_VTD_TYPE_WAIT);
	ioasid_vtd_set_wait_status_write(words, 1);
	ioasid_vtd_set_wait_fence(words, 1);
	ioasid_vtd_set_wait_status_data(words, data);
	ioasid_vtd_set_wait_status_address(words, status >> 2);
}

#endif /* IOASID_VTD_FORMAT_H */
