// SPDX-License-Identifier: GPL-2.0-only
#include "lib/device.hpp"

#include <algorithm>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

namespace pasid {

namespace {

// Returns false if @device is not a valid device name.
template <class Request> bool set_device(Request &request, const std::string &device)
{
    if (device.size() >= sizeof(request.device))
        return false;
    std::memcpy(request.device, device.data(), device.size());
    return true;
}

Result<void> without_value(const Result<std::uint32_t> &result)
{
    return result ? Result<void>{} : Result<void>{result.error()};
}

Error no_such_device(const char *what) { return system_error(what, ENODEV); }

} // namespace

Result<void> KernelIoasidDevice::open()
{
    // O_NONBLOCK: read_fault() has a timeout.
    Fd fd(::open(path_.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
    if (!fd) {
        const char *remedy = errno == ENOENT || errno == ENXIO || errno == ENODEV
                                 ? "load the module: modprobe ioasid_shim"
                             : errno == EACCES || errno == EPERM ? "run as a user with access to it"
                                                                 : "";
        return system_error("cannot open " + path_, errno, remedy);
    }
    const std::lock_guard lock(lock_);
    fd_ = std::move(fd);
    return {};
}

Result<void> KernelIoasidDevice::close()
{
    Fd fd;
    {
        const std::lock_guard lock(lock_);
        std::swap(fd, fd_);
    }
    if (!fd)
        return system_error("close", EBADF);
    return {};
}

int KernelIoasidDevice::fd() const
{
    const std::lock_guard lock(lock_);
    return fd_.get();
}

Result<std::uint32_t> KernelIoasidDevice::call(const char *what, unsigned long request,
                                               void *argument)
{
    const int device = fd();
    if (device < 0)
        return system_error(what, EBADF, "open the device first");
    const int result = ioctl(device, request, argument);
    if (result < 0)
        return system_error(what, errno);
    return static_cast<std::uint32_t>(result);
}

Result<std::uint32_t> KernelIoasidDevice::api_version()
{
    return call("version", IOASID_GET_API_VERSION, nullptr);
}

Result<ioasid_info> KernelIoasidDevice::info()
{
    ioasid_info info{};
    info.argsz = sizeof(info);
    const auto result = call("info", IOASID_GET_INFO, &info);
    if (!result)
        return result.error();
    return info;
}

Result<std::uint32_t> KernelIoasidDevice::alloc(std::uint32_t min, std::uint32_t max)
{
    ioasid_alloc_request request{};
    request.argsz = sizeof(request);
    request.range = {min, max};
    return call("alloc", IOASID_REQUEST_ALLOC, &request);
}

Result<void> KernelIoasidDevice::free(std::uint32_t pasid)
{
    return without_value(call("free", IOASID_REQUEST_FREE, &pasid));
}

Result<void> KernelIoasidDevice::bind(const std::string &device, std::uint32_t pasid)
{
    ioasid_bind request{};
    request.size = sizeof(request);
    request.pasid = pasid;
    if (!set_device(request, device))
        return no_such_device("bind");
    return without_value(call("bind", IOASID_BIND, &request));
}

Result<void> KernelIoasidDevice::unbind(const std::string &device, std::uint32_t pasid)
{
    ioasid_bind request{};
    request.size = sizeof(request);
    request.pasid = pasid;
    if (!set_device(request, device))
        return no_such_device("unbind");
    return without_value(call("unbind", IOASID_UNBIND, &request));
}

Result<std::uint64_t> KernelIoasidDevice::dma(const std::string &device, std::uint32_t pasid,
                                              std::uint32_t flags, std::uint64_t iova,
                                              std::uint64_t length, void *data)
{
    ioasid_dma request{};
    request.size = sizeof(request);
    request.flags = flags;
    request.pasid = pasid;
    request.iova = iova;
    request.length = length;
    request.data = reinterpret_cast<std::uintptr_t>(data);
    if (!set_device(request, device))
        return no_such_device("dma");
    const auto result = call("dma", IOASID_DMA, &request);
    if (!result)
        return result.error();
    return std::uint64_t{*result};
}

Result<void> KernelIoasidDevice::spid_attach(std::uint32_t pasid, std::uint32_t spid)
{
    ioasid_spid request{};
    request.size = sizeof(request);
    request.pasid = pasid;
    request.spid = spid;
    return without_value(call("spid attach", IOASID_SPID_ATTACH, &request));
}

Result<void> KernelIoasidDevice::spid_detach(std::uint32_t pasid)
{
    ioasid_spid request{};
    request.size = sizeof(request);
    request.pasid = pasid;
    return without_value(call("spid detach", IOASID_SPID_DETACH, &request));
}

Result<ioasid_device_info> KernelIoasidDevice::device_info(const std::string &device)
{
    ioasid_device_info info{};
    info.size = sizeof(info);
    if (!set_device(info, device))
        return no_such_device("device info");
    const auto result = call("device info", IOASID_DEVICE_INFO, &info);
    if (!result)
        return result.error();
    return info;
}

Result<std::uint32_t> KernelIoasidDevice::check_extension(std::uint32_t extension)
{
    ioasid_extension_check request{};
    request.size = sizeof(request);
    request.extension = extension;
    const auto result = call("check extension", IOASID_CHECK_EXTENSION, &request);
    if (!result)
        return result.error();
    return std::uint32_t{request.value};
}

Result<std::uint32_t> KernelIoasidDevice::ioas_alloc(ioasid_ioas_alloc request)
{
    request.size = sizeof(request);
    const auto result = call("ioas alloc", IOASID_IOAS_ALLOC, &request);
    if (!result)
        return result.error();
    return std::uint32_t{request.ioas_id};
}

Result<void> KernelIoasidDevice::call_with_ioas(const char *what, unsigned long number,
                                                std::uint32_t ioas)
{
    ioasid_ioas_id request{};
    request.size = sizeof(request);
    request.ioas_id = ioas;
    return without_value(call(what, number, &request));
}

Result<void> KernelIoasidDevice::ioas_free(std::uint32_t ioas)
{
    return call_with_ioas("ioas free", IOASID_IOAS_FREE, ioas);
}

Result<std::uint64_t> KernelIoasidDevice::ioas_ranges(std::uint32_t ioas,
                                                      std::span<ioasid_iova_range> ranges,
                                                      std::uint32_t &count)
{
    ioasid_ioas_ranges request{};
    request.size = sizeof(request);
    request.ioas_id = ioas;
    request.count = static_cast<std::uint32_t>(ranges.size());
    request.ranges = reinterpret_cast<std::uintptr_t>(ranges.data());
    const auto result = call("ioas ranges", IOASID_IOAS_RANGES, &request);
    count = request.count;
    if (!result)
        return result.error();
    return std::uint64_t{request.page_sizes};
}

Result<void> KernelIoasidDevice::map(std::uint32_t ioas, std::uint32_t flags, std::uint64_t iova,
                                     std::uint64_t length, std::uint64_t address)
{
    ioasid_map request{};
    request.size = sizeof(request);
    request.flags = flags;
    request.ioas_id = ioas;
    request.iova = iova;
    request.length = length;
    request.address = address;
    return without_value(call("map", IOASID_MAP, &request));
}

Result<std::uint64_t> KernelIoasidDevice::unmap(std::uint32_t ioas, std::uint64_t iova,
                                                std::uint64_t length)
{
    ioasid_unmap request{};
    request.size = sizeof(request);
    request.ioas_id = ioas;
    request.iova = iova;
    request.length = length;
    const auto result = call("unmap", IOASID_UNMAP, &request);
    if (!result)
        return result.error();
    return std::uint64_t{request.length};
}

Result<void> KernelIoasidDevice::table_bind(std::uint32_t ioas, std::uint64_t root)
{
    ioasid_table_bind request{};
    request.size = sizeof(request);
    request.ioas_id = ioas;
    request.root = root;
    return without_value(call("table bind", IOASID_TABLE_BIND, &request));
}

Result<void> KernelIoasidDevice::table_unbind(std::uint32_t ioas)
{
    return call_with_ioas("table unbind", IOASID_TABLE_UNBIND, ioas);
}

Result<void> KernelIoasidDevice::invalidate(std::uint32_t ioas,
                                            std::span<const ioasid_invalidate_entry> entries,
                                            std::uint32_t &done)
{
    ioasid_invalidate request{};
    request.size = sizeof(request);
    request.ioas_id = ioas;
    request.entry_size = sizeof(ioasid_invalidate_entry);
    request.entries = reinterpret_cast<std::uintptr_t>(entries.data());
    request.count = static_cast<std::uint32_t>(entries.size());
    const auto result = call("invalidate", IOASID_INVALIDATE, &request);
    // A call that fails before the first entry may leave the count as it was.
    done = result || request.count < entries.size() ? request.count : 0;
    return without_value(result);
}

Result<void> KernelIoasidDevice::attach(const std::string &device, std::uint32_t ioas,
                                        std::uint32_t flags, std::uint32_t pasid)
{
    ioasid_attach request{};
    request.size = sizeof(request);
    request.flags = flags;
    request.ioas_id = ioas;
    request.pasid = pasid;
    if (!set_device(request, device))
        return no_such_device("attach");
    return without_value(call("attach", IOASID_ATTACH, &request));
}

Result<void> KernelIoasidDevice::detach(const std::string &device, std::uint32_t flags,
                                        std::uint32_t pasid)
{
    ioasid_attach request{};
    request.size = sizeof(request);
    request.flags = flags;
    request.pasid = pasid;
    if (!set_device(request, device))
        return no_such_device("detach");
    return without_value(call("detach", IOASID_DETACH, &request));
}

Result<ioasid_fault> KernelIoasidDevice::read_fault(std::chrono::milliseconds timeout)
{
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + timeout;
    for (;;) {
        pollfd wanted{fd(), POLLIN, 0};
        if (wanted.fd < 0)
            return system_error("read", EBADF, "open the device first");
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
        const int ready = poll(&wanted, 1, static_cast<int>(std::max<long>(left.count(), 0)));
        if (ready < 0 && errno != EINTR)
            return system_error("poll", errno);
        if (ready > 0) {
            ioasid_fault record{};
            const ssize_t got = ::read(wanted.fd, &record, sizeof(record));
            if (got == sizeof(record))
                return record;
            if (got >= 0)
                return system_error("read", EIO);
            if (errno != EAGAIN && errno != EINTR) // EAGAIN: another thread has read it
                return system_error("read", errno);
        }
        if (Clock::now() >= end)
            return system_error("read", ETIMEDOUT);
    }
}

Result<void> KernelIoasidDevice::respond(std::uint64_t request_id, ioasid_response response)
{
    ioasid_page_response request{};
    request.size = sizeof(request);
    request.id = request_id;
    request.response = response;
    return without_value(call("page response", IOASID_PAGE_RESPONSE, &request));
}

} // namespace pasid
