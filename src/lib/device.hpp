// SPDX-License-Identifier: GPL-2.0-only
// Calls of /dev/ioasid (uapi/ioasid.h), one method each.
#pragma once

#include <cstdint>
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
    // Returns the number of bytes moved. @flags: IOASID_DMA_READ or IOASID_DMA_WRITE.
    virtual Result<std::uint64_t> dma(const std::string &device, std::uint32_t pasid,
                                      std::uint32_t flags, std::uint64_t iova, std::uint64_t length,
                                      void *data) = 0;
    virtual Result<void> spid_attach(std::uint32_t pasid, std::uint32_t spid) = 0;
    virtual Result<void> spid_detach(std::uint32_t pasid) = 0;
};

class KernelIoasidDevice : public IoasidDevice {
  public:
    explicit KernelIoasidDevice(std::string path = ioasid_path) : path_(std::move(path)) {}

    bool is_open() const override { return static_cast<bool>(fd_); }
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

  private:
    Result<std::uint32_t> call(const char *what, unsigned long request, void *argument);

    std::string path_;
    Fd fd_;
};

} // namespace pasid
