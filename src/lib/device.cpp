// SPDX-License-Identifier: GPL-2.0-only
#include "lib/device.hpp"

#include <cstring>

#include <fcntl.h>
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
    Fd fd(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
    if (!fd) {
        const char *remedy = errno == ENOENT || errno == ENXIO || errno == ENODEV
                                 ? "load the module: modprobe ioasid_shim"
                             : errno == EACCES || errno == EPERM ? "run as a user with access to it"
                                                                 : "";
        return system_error("cannot open " + path_, errno, remedy);
    }
    fd_ = std::move(fd);
    return {};
}

Result<void> KernelIoasidDevice::close()
{
    if (!fd_)
        return system_error("close", EBADF);
    fd_.reset();
    return {};
}

Result<std::uint32_t> KernelIoasidDevice::call(const char *what, unsigned long request,
                                               void *argument)
{
    if (!fd_)
        return system_error(what, EBADF, "open the device first");
    const int result = ioctl(fd_.get(), request, argument);
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

} // namespace pasid
