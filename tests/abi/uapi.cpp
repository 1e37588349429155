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

static_assert(IOASID_DMA_READ == 1 && IOASID_DMA_WRITE == 2);
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
