// SPDX-License-Identifier: GPL-2.0
#include "lib/btf.hpp"

#include <cstring>

#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/btf.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pasid {

namespace {

constexpr const char *kernel_btf_path = "/sys/kernel/btf/vmlinux";

std::optional<btf_header> header_of(Bytes btf)
{
    btf_header header{};
    if (btf.size() < sizeof(header))
        return std::nullopt;
    std::memcpy(&header, btf.data(), sizeof(header));
    const std::uint64_t end = std::uint64_t{header.hdr_len} + header.type_off + header.type_len;
    if (header.magic != BTF_MAGIC || end > btf.size())
        return std::nullopt;
    return header;
}

// What follows a type in the list, in bytes.
std::size_t tail_size(const btf_type &type)
{
    const std::size_t members = BTF_INFO_VLEN(type.info);
    switch (BTF_INFO_KIND(type.info)) {
    case BTF_KIND_INT:
        return sizeof(__u32);
    case BTF_KIND_ARRAY:
        return sizeof(btf_array);
    case BTF_KIND_STRUCT:
    case BTF_KIND_UNION:
        return members * sizeof(btf_member);
    case BTF_KIND_ENUM:
        return members * sizeof(btf_enum);
    case BTF_KIND_ENUM64:
        return members * sizeof(btf_enum64);
    case BTF_KIND_FUNC_PROTO:
        return members * sizeof(btf_param);
    case BTF_KIND_VAR:
        return sizeof(btf_var);
    case BTF_KIND_DATASEC:
        return members * sizeof(btf_var_secinfo);
    case BTF_KIND_DECL_TAG:
        return sizeof(btf_decl_tag);
    default:
        return 0;
    }
}

// Calls visit(type) for each in order until it returns false; false: damaged.
template <class Visit> bool walk(Bytes btf, const btf_header &header, Visit visit)
{
    Bytes rest = btf.subspan(header.hdr_len + header.type_off, header.type_len);
    while (!rest.empty()) {
        btf_type type{};
        if (rest.size() < sizeof(type))
            return false;
        std::memcpy(&type, rest.data(), sizeof(type));
        const std::size_t whole = sizeof(type) + tail_size(type);
        if (rest.size() < whole)
            return false;
        if (!visit(type))
            return true;
        rest = rest.subspan(whole);
    }
    return true;
}

std::optional<std::string_view> strings_of(Bytes btf, const btf_header &header)
{
    if (std::uint64_t{header.hdr_len} + header.str_off + header.str_len > btf.size())
        return std::nullopt;
    return std::string_view(reinterpret_cast<const char *>(btf.data()) + header.hdr_len +
                                header.str_off,
                            header.str_len);
}

// A name that the kernel has as well is none of the module's own.
std::string_view name_of(const btf_type &type, std::string_view strings, BtfExtent base)
{
    if (type.name_off < base.strings || type.name_off - base.strings >= strings.size())
        return {};
    const std::string_view rest = strings.substr(type.name_off - base.strings);
    return rest.substr(0, rest.find('\0'));
}

bool read_all(int fd, std::byte *to, std::size_t size)
{
    while (size > 0) {
        const ssize_t got = read(fd, to, size);
        if (got <= 0)
            return false;
        to += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

} // namespace

std::optional<BtfExtent> btf_extent(Bytes btf)
{
    const auto header = header_of(btf);
    BtfExtent extent;
    if (!header || !walk(btf, *header, [&](const btf_type &) { return ++extent.types != 0; }))
        return std::nullopt;
    extent.strings = header->str_len;
    return extent;
}

std::optional<std::uint32_t> btf_function(Bytes btf, BtfExtent base, std::string_view name)
{
    const auto header = header_of(btf);
    const auto strings = header ? strings_of(btf, *header) : std::nullopt;
    if (!strings || name.empty())
        return std::nullopt;
    std::uint32_t number = base.types;
    bool found = false;
    walk(btf, *header, [&](const btf_type &type) {
        found = BTF_INFO_KIND(type.info) == BTF_KIND_FUNC && name_of(type, *strings, base) == name;
        number += !found;
        return !found;
    });
    return found ? std::optional(number) : std::nullopt;
}

std::string btf_name(Bytes btf, BtfExtent base, std::uint32_t number)
{
    const auto header = header_of(btf);
    const auto strings = header ? strings_of(btf, *header) : std::nullopt;
    if (!strings || number < base.types)
        return {};
    std::uint32_t left = number - base.types;
    std::string_view name;
    walk(btf, *header, [&](const btf_type &type) {
        if (left == 0)
            name = name_of(type, *strings, base);
        return left-- != 0;
    });
    return std::string(name);
}

bool btf_has_own_struct(Bytes btf, Bytes base, std::string_view name)
{
    const auto header = header_of(btf), base_header = header_of(base);
    const auto strings = header ? strings_of(btf, *header) : std::nullopt;
    const auto base_strings = base_header ? strings_of(base, *base_header) : std::nullopt;
    if (!strings || !base_strings)
        return false;
    bool found = false;
    walk(btf, *header, [&](const btf_type &type) {
        const std::string_view named = type.name_off < base_strings->size()
                                           ? name_of(type, *base_strings, {})
                                           : name_of(type, *strings, {0, base_header->str_len});
        found = BTF_INFO_KIND(type.info) == BTF_KIND_STRUCT && named == name;
        return !found;
    });
    return found;
}

Result<std::vector<std::byte>> kernel_btf()
{
    const Fd file(open(kernel_btf_path, O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (file && fstat(file.get(), &status) == 0) {
        std::vector<std::byte> bytes(static_cast<std::size_t>(status.st_size));
        if (read_all(file.get(), bytes.data(), bytes.size()))
            return bytes;
    }
    return system_error(std::string("cannot read ") + kernel_btf_path, errno);
}

Result<BtfExtent> kernel_btf_extent()
{
    const Fd file(open(kernel_btf_path, O_RDONLY | O_CLOEXEC));
    if (!file)
        return system_error(std::string("cannot open ") + kernel_btf_path, errno,
                            "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y");
    std::vector<std::byte> bytes(sizeof(btf_header));
    if (read_all(file.get(), bytes.data(), bytes.size())) {
        btf_header header{};
        std::memcpy(&header, bytes.data(), sizeof(header));
        const std::size_t wanted = header.hdr_len + std::size_t{header.type_off} + header.type_len;
        if (header.magic == BTF_MAGIC && wanted > bytes.size() && wanted < (1u << 30)) {
            bytes.resize(wanted);
            if (read_all(file.get(), bytes.data() + sizeof(header), wanted - sizeof(header)))
                if (const auto extent = btf_extent(bytes))
                    return *extent;
        }
    }
    return Error{std::string("cannot read ") + kernel_btf_path, "it is not what this program knows",
                 "is pasidctl too old for this kernel?"};
}

Result<Fd> module_btf(const char *module, const char *what)
{
    __u32 id = 0;
    while (bpf_btf_get_next_id(id, &id) == 0) {
        Fd fd(bpf_btf_get_fd_by_id(id));
        if (!fd) {
            if (errno == ENOENT)
                continue; // gone since
            return system_error(what, errno, rights_remedy(errno));
        }
        char name[64] = {};
        bpf_btf_info info{};
        info.name = reinterpret_cast<std::uintptr_t>(name);
        info.name_len = sizeof(name);
        __u32 size = sizeof(info);
        if (bpf_obj_get_info_by_fd(fd.get(), &info, &size) == 0 && info.kernel_btf &&
            std::strcmp(name, module) == 0)
            return fd;
    }
    if (errno == EPERM || errno == EACCES)
        return system_error(what, errno, rights_remedy(errno));
    return Error{what, std::string("the module ") + module + " has no type information (BTF)",
                 "see pasidctl doctor"};
}

Result<std::vector<std::byte>> btf_content(const Fd &btf, const char *what)
{
    std::vector<std::byte> bytes;
    bpf_btf_info info{};
    __u32 size = sizeof(info);
    if (bpf_obj_get_info_by_fd(btf.get(), &info, &size) == 0) {
        bytes.resize(info.btf_size);
        info = {};
        info.btf = reinterpret_cast<std::uintptr_t>(bytes.data());
        info.btf_size = static_cast<__u32>(bytes.size());
        size = sizeof(info);
        if (bpf_obj_get_info_by_fd(btf.get(), &info, &size) == 0)
            return bytes;
    }
    return system_error(what, errno, "see pasidctl doctor");
}

} // namespace pasid
