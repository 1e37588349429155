// SPDX-License-Identifier: GPL-2.0-only
// The pinned maps of the policy in force; lib/bpf_policy_*.cpp only.
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

    // For reading a bpffs that is mounted read-only is enough.
    static Result<InstalledMaps> open(const PinDirectory &pins, For use);

    // Of the pin that keeps the policy in force: tells a policy from the next.
    std::uint64_t inode() const { return inode_; }

    Result<ioasid_policy_control> control() const;
    Result<ImageBox> image(std::uint32_t slot) const;
    Result<ioasid_engine> engine() const;
    // The nodes in use.
    Result<std::vector<ioasid_node>> nodes();

    // Stamps @image and puts it in force: in one call to the kernel, before which
    // nothing has changed and after which everything has.
    Result<void> replace(ioasid_policy_image &image) const;

  private:
    Result<void> open_map(const PinDirectory &pins, const char *name, std::size_t value_size,
                          For use, Fd &fd);
    Result<std::span<const ioasid_node>> all_nodes();

    std::uint64_t inode_ = 0;
    Fd link_, ops_, control_, image_, nodes_, engine_;
    Mapping mapping_;                 // of the nodes, ...
    std::vector<ioasid_node> copied_; // ... or they, where bpffs is mounted read-only
};

// What is put in force first.
inline constexpr __u32 control_key = 0;
std::uint64_t wall_ns();

// The policy was installed by a program whose records differ from ours.
Error version_mismatch(const char *what);

} // namespace pasid
