// SPDX-License-Identifier: GPL-2.0-only
// The policy in the kernel: at most one. It is pinned, and so stays active without pasidctl.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ioasid/node.h>
#include <ioasid/policy.h>

#include "lib/result.hpp"

namespace pasid {

using ImagePtr = std::shared_ptr<const ioasid_policy_image>;

struct InstalledPolicy {
    std::uint32_t generation = 0; // number of policies since the first apply
    std::uint64_t applied_ns = 0; // CLOCK_REALTIME
    ImagePtr image;
    ImagePtr previous; // the replaced policy, whose rule IDs older events carry; null: none
};

class PolicyStore {
  public:
    virtual ~PolicyStore() = default;

    // Returns nothing if no policy is installed.
    virtual Result<std::optional<InstalledPolicy>> installed() = 0;

    // Cheap; 0 if none is installed; changes with every install.
    virtual Result<std::uint64_t> version() = 0;

    // Installs a policy, or replaces the active one without a gap. Atomic. Stamps @image with its
    // generation and rule IDs.
    virtual Result<void> install(ioasid_policy_image &image) = 0;

    // Like install(), if @version is still active; for read-modify-write. Returns false, without
    // any change, if it is not.
    virtual Result<bool> install_over(std::uint64_t version, ioasid_policy_image &image) = 0;

    // Returns false if there was none.
    virtual Result<bool> remove() = 0;

    // Loads and unloads the programs to check whether the kernel accepts them.
    virtual Result<void> try_load() = 0;

    // Nodes in use; empty if no policy is installed.
    virtual Result<std::vector<ioasid_node>> nodes() = 0;

    // Counters of the quota engine; nothing if no policy is installed.
    virtual Result<std::optional<ioasid_engine>> engine() = 0;
};

// The real implementation, pinned in bpffs. Opens nothing until a method is called.
std::unique_ptr<PolicyStore> kernel_policy_store();

// Returns the name of the rule with the ID @id of an event; nothing for 0 and for rules of policies
// that are gone.
std::optional<std::string> rule_name(const InstalledPolicy &policy, std::uint32_t id);

} // namespace pasid
