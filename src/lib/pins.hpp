// SPDX-License-Identifier: GPL-2.0-only
// Where something of ours lives in bpffs, and the lock between those who change it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/fd.hpp"
#include "lib/result.hpp"

namespace pasid {

// The policy's pin "link" is what keeps it in force: it is made last and goes
// first. Pins without it are what an apply left that did not come to its end.
class PinDirectory {
  public:
    explicit PinDirectory(std::string noun = "policy", std::string path = "/sys/fs/bpf/pasidctl",
                          std::string lock = "/run/pasidctl.lock")
        : noun_(std::move(noun)), path_(std::move(path)), lock_(std::move(lock))
    {
    }

    const std::string &path() const { return path_; }
    std::string pin(const std::string &name) const { return path_ + "/" + name; }

    // Makes the directory; an error when it is not on a bpf file system.
    Result<void> make() const;
    std::vector<std::string> names() const;
    bool has(const std::string &name) const;
    // Inode number of a pin; 0: no such pin.
    std::uint64_t inode(const std::string &name) const;
    Result<void> unlink(const std::string &name) const;
    // All pins and the directory, "link" first.
    Result<void> clear() const;
    // Held while it is changed. Refused when somebody else holds it.
    Result<Fd> lock() const;

  private:
    std::string noun_; // what lives there
    std::string path_;
    std::string lock_;
};

} // namespace pasid
