// SPDX-License-Identifier: GPL-2.0-only
// A directory of pins in bpffs, and the lock for changing it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "lib/fd.hpp"
#include "lib/result.hpp"

namespace pasid {

// The policy is active while its pin "link" exists: it is created last and removed first. Pins
// without it were left behind by an interrupted apply.
class PinDirectory {
  public:
    explicit PinDirectory(std::string noun = "policy", std::string path = "/sys/fs/bpf/pasidctl",
                          std::string lock = "/run/pasidctl.lock")
        : noun_(std::move(noun)), path_(std::move(path)), lock_(std::move(lock))
    {
    }

    const std::string &path() const { return path_; }
    std::string pin(const std::string &name) const { return path_ + "/" + name; }

    // Creates the directory; fails if it is not on a BPF file system.
    Result<void> make() const;
    std::vector<std::string> names() const;
    bool has(const std::string &name) const;
    // Inode number of a pin; 0: it does not exist.
    std::uint64_t inode(const std::string &name) const;
    Result<void> unlink(const std::string &name) const;
    // Removes all pins, "link" first, and the directory.
    Result<void> clear() const;
    // Creates the directory anew, without what an interrupted call left behind, and runs @pin_all.
    // If that fails, removes everything again.
    Result<void> fill(const std::function<Result<void>()> &pin_all) const;
    // To be held during changes. Fails if another process holds it.
    Result<Fd> lock() const;

  private:
    std::string noun_; // what is pinned there, for messages
    std::string path_;
    std::string lock_;
};

} // namespace pasid
