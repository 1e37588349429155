// SPDX-License-Identifier: GPL-2.0-only
// Pinned maps of the active policy; for lib/bpf_policy_*.cpp only.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include <ioasid/node.h>
#include <ioasid/policy.h>

#include "lib/fd.hpp"
#include "lib/mapping.hpp"
#include "lib/pins.hpp"
#include "lib/result.hpp"

namespace pasid {

class InstalledMaps {
  public:
    using ImageBox = std::unique_ptr<ioasid_policy_image>;

    enum class For { reading, changing };

    // For::reading also works on a bpffs that is mounted read-only.
    static Result<InstalledMaps> open(const PinDirectory &pins, For use);

    // Inode number of the link's pin; it differs between policies.
    std::uint64_t inode() const { return inode_; }

    Result<ioasid_policy_control> control() const;
    Result<ImageBox> image(std::uint32_t slot) const;
    Result<ioasid_engine> engine() const;
    // Nodes in use.
    Result<std::vector<ioasid_node>> nodes();

    // Stamps @image and activates it atomically with one system call.
    Result<void> replace(ioasid_policy_image &image) const;

  private:
    Result<void> open_map(const PinDirectory &pins, const char *name, std::size_t value_size,
                          For use, Fd &fd);
    Result<std::span<const ioasid_node>> all_nodes();

    std::uint64_t inode_ = 0;
    Fd link_, ops_, control_, image_, nodes_, engine_;
    Mapping mapping_;                 // of the nodes
    std::vector<ioasid_node> copied_; // used instead where bpffs is mounted read-only
};

// Index of the control record in its map.
inline constexpr __u32 control_key = 0;

// The policy was installed by a program with different record layouts.
Error version_mismatch(const char *what);

} // namespace pasid
