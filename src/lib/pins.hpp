// SPDX-License-Identifier: GPL-2.0
// Where the policy lives in bpffs, and the lock between those who change it.
#pragma once

#include <string>
#include <vector>

#include "lib/fd.hpp"
#include "lib/result.hpp"

namespace pasid {

// The pin "link" is what keeps the policy in force: it is made last and goes
// first. Pins without it are what an apply left that did not come to its end.
class PinDirectory {
  public:
    explicit PinDirectory(std::string path = "/sys/fs/bpf/pasidctl") : path_(std::move(path)) {}

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

  private:
    std::string path_;
};

// Held while a policy is changed. Refused when somebody else holds it.
Result<Fd> lock_policy(const std::string &path = "/run/pasidctl.lock");

} // namespace pasid
