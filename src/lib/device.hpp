// SPDX-License-Identifier: GPL-2.0-only
// Calls of /dev/ioasid (uapi/ioasid.h), one method each.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>

#include <uapi/ioasid.h>

#include "lib/fd.hpp"
#include "lib/result.hpp"

namespace pasid {

inline constexpr const char *ioasid_path = "/dev/ioasid";

class IoasidDevice {
  public:
    virtual ~IoasidDevice() = default;

    virtual bool is_open() const = 0;
    // Always calls the kernel, even if the device is already open.
    virtual Result<void> open() = 0;
    virtual Result<void> close() = 0;

    virtual Result<std::uint32_t> api_version() = 0;
    virtual Result<ioasid_info> info() = 0;
    virtual Result<std::uint32_t> alloc(std::uint32_t min, std::uint32_t max) = 0;
    virtual Result<void> free(std::uint32_t pasid) = 0;
    virtual Result<void> bind(const std::string &device, std::uint32_t pasid) = 0;
    virtual Result<void> unbind(const std::string &device, std::uint32_t pasid) = 0;
    // Returns the number of bytes moved. @flags: IOASID_DMA_*.
    virtual Result<std::uint64_t> dma(const std::string &device, std::uint32_t pasid,
                                      std::uint32_t flags, std::uint64_t iova, std::uint64_t length,
                                      void *data) = 0;
    virtual Result<void> spid_attach(std::uint32_t pasid, std::uint32_t spid) = 0;
    virtual Result<void> spid_detach(std::uint32_t pasid) = 0;

    virtual Result<ioasid_device_info> device_info(const std::string &device) = 0;
    virtual Result<std::uint32_t> check_extension(std::uint32_t extension) = 0;
    // Returns the ID of the space. @request: without size.
    virtual Result<std::uint32_t> ioas_alloc(ioasid_ioas_alloc request) = 0;
    virtual Result<void> ioas_free(std::uint32_t ioas) = 0;
    // Returns the page sizes. @count: out: ranges of the space, also if @ranges is too small.
    virtual Result<std::uint64_t>
    ioas_ranges(std::uint32_t ioas, std::span<ioasid_iova_range> ranges, std::uint32_t &count) = 0;
    // @flags: IOASID_MAP_*.
    virtual Result<void> map(std::uint32_t ioas, std::uint32_t flags, std::uint64_t iova,
                             std::uint64_t length, std::uint64_t address) = 0;
    // Returns the number of bytes that were mapped.
    virtual Result<std::uint64_t> unmap(std::uint32_t ioas, std::uint64_t iova,
                                        std::uint64_t length) = 0;
    virtual Result<void> table_bind(std::uint32_t ioas, std::uint64_t root) = 0;
    virtual Result<void> table_unbind(std::uint32_t ioas) = 0;
    // @done: out: entries that were invalidated, also on an error.
    virtual Result<void> invalidate(std::uint32_t ioas,
                                    std::span<const ioasid_invalidate_entry> entries,
                                    std::uint32_t &done) = 0;
    // @flags: IOASID_ATTACH_*; without PASID and SPID, @pasid is 0.
    virtual Result<void> attach(const std::string &device, std::uint32_t ioas, std::uint32_t flags,
                                std::uint32_t pasid) = 0;
    virtual Result<void> detach(const std::string &device, std::uint32_t flags,
                                std::uint32_t pasid) = 0;
    // Waits for one record; ETIMEDOUT if none arrives in time.
    virtual Result<ioasid_fault> read_fault(std::chrono::milliseconds timeout) = 0;
    virtual Result<void> respond(std::uint64_t request, ioasid_response response) = 0;
};

// Threads may share it. close() does not wait for calls of other threads.

class KernelIoasidDevice : public IoasidDevice {
  public:
    explicit KernelIoasidDevice(std::string path = ioasid_path) : path_(std::move(path)) {}

    bool is_open() const override { return fd() >= 0; }
    Result<void> open() override;
    Result<void> close() override;
    Result<std::uint32_t> api_version() override;
    Result<ioasid_info> info() override;
    Result<std::uint32_t> alloc(std::uint32_t min, std::uint32_t max) override;
    Result<void> free(std::uint32_t pasid) override;
    Result<void> bind(const std::string &device, std::uint32_t pasid) override;
    Result<void> unbind(const std::string &device, std::uint32_t pasid) override;
    Result<std::uint64_t> dma(const std::string &device, std::uint32_t pasid, std::uint32_t flags,
                              std::uint64_t iova, std::uint64_t length, void *data) override;
    Result<void> spid_attach(std::uint32_t pasid, std::uint32_t spid) override;
    Result<void> spid_detach(std::uint32_t pasid) override;
    Result<ioasid_device_info> device_info(const std::string &device) override;
    Result<std::uint32_t> check_extension(std::uint32_t extension) override;
    Result<std::uint32_t> ioas_alloc(ioasid_ioas_alloc request) override;
    Result<void> ioas_free(std::uint32_t ioas) override;
    Result<std::uint64_t> ioas_ranges(std::uint32_t ioas, std::span<ioasid_iova_range> ranges,
                                      std::uint32_t &count) override;
    Result<void> map(std::uint32_t ioas, std::uint32_t flags, std::uint64_t iova,
                     std::uint64_t length, std::uint64_t address) override;
    Result<std::uint64_t> unmap(std::uint32_t ioas, std::uint64_t iova,
                                std::uint64_t length) override;
    Result<void> table_bind(std::uint32_t ioas, std::uint64_t root) override;
    Result<void> table_unbind(std::uint32_t ioas) override;
    Result<void> invalidate(std::uint32_t ioas, std::span<const ioasid_invalidate_entry> entries,
                            std::uint32_t &done) override;
    Result<void> attach(const std::string &device, std::uint32_t ioas, std::uint32_t flags,
                        std::uint32_t pasid) override;
    Result<void> detach(const std::string &device, std::uint32_t flags,
                        std::uint32_t pasid) override;
    Result<ioasid_fault> read_fault(std::chrono::milliseconds timeout) override;
    Result<void> respond(std::uint64_t request, ioasid_response response) override;

  private:
    int fd() const;
    Result<std::uint32_t> call(const char *what, unsigned long request, void *argument);
    Result<void> call_with_ioas(const char *what, unsigned long number, std::uint32_t ioas);

    std::string path_;
    mutable std::mutex lock_; // of fd_
    Fd fd_;
};

} // namespace pasid
