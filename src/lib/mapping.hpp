// SPDX-License-Identifier: GPL-2.0-only
// Owns memory from mmap(2).
#pragma once

#include <cerrno>
#include <cstddef>
#include <span>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#include "lib/result.hpp"

namespace pasid {

class Mapping {
  public:
    Mapping() = default;
    ~Mapping() { reset(); }
    Mapping(Mapping &&other) noexcept { swap(other); }
    Mapping &operator=(Mapping &&other) noexcept
    {
        swap(other);
        return *this;
    }
    Mapping(const Mapping &) = delete;
    Mapping &operator=(const Mapping &) = delete;

    static Result<Mapping> of_fd(int fd, std::size_t size, int protection)
    {
        return make(fd, size, size, protection, MAP_SHARED);
    }

    // Private, zeroed memory followed by an inaccessible guard page.
    static Result<Mapping> guarded(std::size_t size)
    {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        const std::size_t whole = (size + page - 1) / page * page;
        auto mapping =
            make(-1, size, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
        if (mapping)
            mprotect(static_cast<std::byte *>(mapping->address_) + whole, page, PROT_NONE);
        return mapping;
    }

    template <class T> std::span<T> as() const
    {
        return {static_cast<T *>(address_), size_ / sizeof(T)};
    }
    std::size_t size() const { return size_; }

  private:
    static Result<Mapping> make(int fd, std::size_t size, std::size_t whole, int protection,
                                int flags)
    {
        void *address = mmap(nullptr, whole, protection, flags, fd, 0);
        if (address == MAP_FAILED)
            return system_error("cannot map memory", errno);
        Mapping mapping;
        mapping.address_ = address;
        mapping.size_ = size;
        mapping.whole_ = whole;
        return mapping;
    }
    void reset()
    {
        if (address_)
            munmap(address_, whole_);
        address_ = nullptr;
    }
    void swap(Mapping &other)
    {
        std::swap(address_, other.address_);
        std::swap(size_, other.size_);
        std::swap(whole_, other.whole_);
    }

    void *address_ = nullptr;
    std::size_t size_ = 0;
    std::size_t whole_ = 0;
};

} // namespace pasid
