// SPDX-License-Identifier: GPL-2.0-only
// The numbers and layouts of the user ABI. If a line no longer compiles, existing clients would
// break.
#include <cstddef>

#include <uapi/ioasid.h>

static_assert(IOASID_API_VERSION == 0);

// _IO('i', 100 + n): no size, no direction.
static_assert(IOASID_GET_API_VERSION == 0x6964);
static_assert(IOASID_GET_INFO == 0x6965);
static_assert(IOASID_REQUEST_ALLOC == 0x6966);
static_assert(IOASID_REQUEST_FREE == 0x6967);
static_assert(IOASID_BIND == 0x6984);
static_assert(IOASID_UNBIND == 0x6985);
static_assert(IOASID_DMA == 0x6986);
static_assert(IOASID_SPID_ATTACH == 0x6987);
static_assert(IOASID_SPID_DETACH == 0x6988);
static_assert(IOASID_DEVICE_INFO == 0x6989);
static_assert(IOASID_CHECK_EXTENSION == 0x698a);
static_assert(IOASID_IOAS_ALLOC == 0x698b);
static_assert(IOASID_IOAS_FREE == 0x698c);
static_assert(IOASID_IOAS_RANGES == 0x698d);
static_assert(IOASID_MAP == 0x698e);
static_assert(IOASID_UNMAP == 0x698f);
static_assert(IOASID_TABLE_BIND == 0x6990);
static_assert(IOASID_TABLE_UNBIND == 0x6991);
static_assert(IOASID_INVALIDATE == 0x6992);
static_assert(IOASID_ATTACH == 0x6993);
static_assert(IOASID_DETACH == 0x6994);
static_assert(IOASID_PAGE_RESPONSE == 0x6995);

static_assert(sizeof(ioasid_info) == 12);
static_assert(offsetof(ioasid_info, argsz) == 0);
static_assert(offsetof(ioasid_info, flags) == 4);
static_assert(offsetof(ioasid_info, ioasid_bits) == 8);

static_assert(sizeof(ioasid_range) == 8);
static_assert(offsetof(ioasid_range, max) == 4);

static_assert(sizeof(ioasid_alloc_request) == 16);
static_assert(offsetof(ioasid_alloc_request, argsz) == 0);
static_assert(offsetof(ioasid_alloc_request, flags) == 4);
static_assert(offsetof(ioasid_alloc_request, range) == 8);

static_assert(IOASID_NAME_LEN == 32);
static_assert(sizeof(ioasid_bind) == 48);
static_assert(offsetof(ioasid_bind, size) == 0);
static_assert(offsetof(ioasid_bind, flags) == 4);
static_assert(offsetof(ioasid_bind, pasid) == 8);
static_assert(offsetof(ioasid_bind, device) == 16);

static_assert(IOASID_DMA_READ == 1 && IOASID_DMA_WRITE == 2 && IOASID_DMA_NO_PASID == 4);
static_assert(IOASID_DMA_MAX == 1u << 20);
static_assert(sizeof(ioasid_dma) == 72);
static_assert(offsetof(ioasid_dma, pasid) == 8);
static_assert(offsetof(ioasid_dma, iova) == 16);
static_assert(offsetof(ioasid_dma, length) == 24);
static_assert(offsetof(ioasid_dma, data) == 32);
static_assert(offsetof(ioasid_dma, device) == 40);

static_assert(sizeof(ioasid_spid) == 16);
static_assert(offsetof(ioasid_spid, pasid) == 8);
static_assert(offsetof(ioasid_spid, spid) == 12);

static_assert(IOASID_CAP_PASID == 1 && IOASID_CAP_PRI == 2 && IOASID_CAP_NESTING == 4);
static_assert(IOASID_CAP_SNOOP == 8 && IOASID_CAP_DMA == 16);
static_assert(IOASID_FORMAT_NONE == 0 && IOASID_FORMAT_X86_64 == 1);
static_assert(sizeof(ioasid_device_info) == 80);
static_assert(offsetof(ioasid_device_info, size) == 0);
static_assert(offsetof(ioasid_device_info, flags) == 4);
static_assert(offsetof(ioasid_device_info, device) == 8);
static_assert(offsetof(ioasid_device_info, caps) == 40);
static_assert(offsetof(ioasid_device_info, pasid_bits) == 44);
static_assert(offsetof(ioasid_device_info, iova_bits) == 48);
static_assert(offsetof(ioasid_device_info, formats) == 52);
static_assert(offsetof(ioasid_device_info, page_sizes) == 56);
static_assert(offsetof(ioasid_device_info, backend) == 64);

static_assert(IOASID_EXT_KINDS == 1 && IOASID_EXT_FAULTS == 2 && IOASID_EXT_REPLACE == 3);
static_assert(sizeof(ioasid_extension_check) == 16);
static_assert(offsetof(ioasid_extension_check, size) == 0);
static_assert(offsetof(ioasid_extension_check, flags) == 4);
static_assert(offsetof(ioasid_extension_check, extension) == 8);
static_assert(offsetof(ioasid_extension_check, value) == 12);

static_assert(IOASID_KIND_KERNEL == 1 && IOASID_KIND_USER == 2);
static_assert(IOASID_KIND_PROCESS == 3 && IOASID_KIND_KVM == 4);
static_assert(IOASID_IOAS_SNOOP == 1 && IOASID_IOAS_FAULTS == 2);
static_assert(sizeof(ioasid_ioas_alloc) == 40);
static_assert(offsetof(ioasid_ioas_alloc, size) == 0);
static_assert(offsetof(ioasid_ioas_alloc, flags) == 4);
static_assert(offsetof(ioasid_ioas_alloc, kind) == 8);
static_assert(offsetof(ioasid_ioas_alloc, format) == 12);
static_assert(offsetof(ioasid_ioas_alloc, parent) == 16);
static_assert(offsetof(ioasid_ioas_alloc, ioas_id) == 20);
static_assert(offsetof(ioasid_ioas_alloc, base_iova) == 24);
static_assert(offsetof(ioasid_ioas_alloc, highest_iova) == 32);

static_assert(sizeof(ioasid_ioas_id) == 16);
static_assert(offsetof(ioasid_ioas_id, size) == 0);
static_assert(offsetof(ioasid_ioas_id, flags) == 4);
static_assert(offsetof(ioasid_ioas_id, ioas_id) == 8);
static_assert(offsetof(ioasid_ioas_id, __reserved) == 12);

static_assert(sizeof(ioasid_iova_range) == 16);
static_assert(offsetof(ioasid_iova_range, start) == 0);
static_assert(offsetof(ioasid_iova_range, last) == 8);

static_assert(sizeof(ioasid_ioas_ranges) == 32);
static_assert(offsetof(ioasid_ioas_ranges, size) == 0);
static_assert(offsetof(ioasid_ioas_ranges, flags) == 4);
static_assert(offsetof(ioasid_ioas_ranges, ioas_id) == 8);
static_assert(offsetof(ioasid_ioas_ranges, count) == 12);
static_assert(offsetof(ioasid_ioas_ranges, ranges) == 16);
static_assert(offsetof(ioasid_ioas_ranges, page_sizes) == 24);

static_assert(IOASID_MAP_READ == 1 && IOASID_MAP_WRITE == 2);
static_assert(sizeof(ioasid_map) == 40);
static_assert(offsetof(ioasid_map, size) == 0);
static_assert(offsetof(ioasid_map, flags) == 4);
static_assert(offsetof(ioasid_map, ioas_id) == 8);
static_assert(offsetof(ioasid_map, __reserved) == 12);
static_assert(offsetof(ioasid_map, iova) == 16);
static_assert(offsetof(ioasid_map, length) == 24);
static_assert(offsetof(ioasid_map, address) == 32);

static_assert(sizeof(ioasid_unmap) == 32);
static_assert(offsetof(ioasid_unmap, size) == 0);
static_assert(offsetof(ioasid_unmap, flags) == 4);
static_assert(offsetof(ioasid_unmap, ioas_id) == 8);
static_assert(offsetof(ioasid_unmap, __reserved) == 12);
static_assert(offsetof(ioasid_unmap, iova) == 16);
static_assert(offsetof(ioasid_unmap, length) == 24);

static_assert(sizeof(ioasid_table_bind) == 24);
static_assert(offsetof(ioasid_table_bind, size) == 0);
static_assert(offsetof(ioasid_table_bind, flags) == 4);
static_assert(offsetof(ioasid_table_bind, ioas_id) == 8);
static_assert(offsetof(ioasid_table_bind, __reserved) == 12);
static_assert(offsetof(ioasid_table_bind, root) == 16);

static_assert(sizeof(ioasid_invalidate_entry) == 16);
static_assert(offsetof(ioasid_invalidate_entry, iova) == 0);
static_assert(offsetof(ioasid_invalidate_entry, length) == 8);

static_assert(sizeof(ioasid_invalidate) == 32);
static_assert(offsetof(ioasid_invalidate, size) == 0);
static_assert(offsetof(ioasid_invalidate, flags) == 4);
static_assert(offsetof(ioasid_invalidate, ioas_id) == 8);
static_assert(offsetof(ioasid_invalidate, entry_size) == 12);
static_assert(offsetof(ioasid_invalidate, entries) == 16);
static_assert(offsetof(ioasid_invalidate, count) == 24);
static_assert(offsetof(ioasid_invalidate, __reserved) == 28);

static_assert(IOASID_ATTACH_PASID == 1 && IOASID_ATTACH_SPID == 2 && IOASID_ATTACH_REPLACE == 4);
static_assert(sizeof(ioasid_attach) == 48);
static_assert(offsetof(ioasid_attach, size) == 0);
static_assert(offsetof(ioasid_attach, flags) == 4);
static_assert(offsetof(ioasid_attach, ioas_id) == 8);
static_assert(offsetof(ioasid_attach, pasid) == 12);
static_assert(offsetof(ioasid_attach, device) == 16);

static_assert(IOASID_FAULT_TYPE_DMA == 1 && IOASID_FAULT_TYPE_PAGE_REQUEST == 2);
static_assert(IOASID_FAULT_DETACHED == 1 && IOASID_FAULT_NO_TABLE == 2);
static_assert(IOASID_FAULT_NOT_PRESENT == 3 && IOASID_FAULT_PERMISSION == 4);
static_assert(IOASID_FAULT_TABLE_ADDRESS == 5 && IOASID_FAULT_PARENT_ADDRESS == 6);
static_assert(IOASID_FAULT_RESERVED_BIT == 7 && IOASID_FAULT_ADDRESS_WIDTH == 8);
static_assert(IOASID_FAULT_REFUSED == 9 && IOASID_FAULT_NOT_ANSWERED == 10);
static_assert(IOASID_FAULT_NO_MEMORY == 11);
static_assert(sizeof(ioasid_fault) == 88);
static_assert(offsetof(ioasid_fault, size) == 0);
static_assert(offsetof(ioasid_fault, type) == 4);
static_assert(offsetof(ioasid_fault, reason) == 8);
static_assert(offsetof(ioasid_fault, access) == 12);
static_assert(offsetof(ioasid_fault, id) == 16);
static_assert(offsetof(ioasid_fault, address) == 24);
static_assert(offsetof(ioasid_fault, ts_ns) == 32);
static_assert(offsetof(ioasid_fault, ioas_id) == 40);
static_assert(offsetof(ioasid_fault, pasid) == 44);
static_assert(offsetof(ioasid_fault, spid) == 48);
static_assert(offsetof(ioasid_fault, lost) == 52);
static_assert(offsetof(ioasid_fault, device) == 56);

static_assert(IOASID_RESPONSE_RETRY == 0 && IOASID_RESPONSE_FAILURE == 1);
static_assert(sizeof(ioasid_page_response) == 24);
static_assert(offsetof(ioasid_page_response, size) == 0);
static_assert(offsetof(ioasid_page_response, flags) == 4);
static_assert(offsetof(ioasid_page_response, id) == 8);
static_assert(offsetof(ioasid_page_response, response) == 16);
static_assert(offsetof(ioasid_page_response, __reserved) == 20);
