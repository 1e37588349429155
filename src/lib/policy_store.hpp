// SPDX-License-Identifier: GPL-2.0-only
// The policy in the kernel: at most one, pinned, and so in force without us.
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
    std::uint32_t generation = 0; // counts the policies since the first apply
    std::uint64_t applied_ns = 0; // CLOCK_REALTIME
    ImagePtr image;
    ImagePtr previous; // what it replaced; null: nothing. Older events have its rule ids.
};

class PolicyStore {
  public:
    virtual ~PolicyStore() = default;

    // Nothing when no policy is installed.
    virtual Result<std::optional<InstalledPolicy>> installed() = 0;

    // Cheap: 0 when none is installed; another number after every install.
    virtual Result<std::uint64_t> version() = 0;

    // The first policy, or in place of the one in force, without a moment of
    // neither. All or nothing. Stamps @image with its generation and rule ids.
    virtual Result<void> install(ioasid_policy_image &image) = 0;

    // The same in place of the policy of @version, for who changes what it has read.
    // False: that is not in force any more, and nothing was done.
    virtual Result<bool> install_over(std::uint64_t version, ioasid_policy_image &image) = 0;

    // False: there was none.
    virtual Result<bool> remove() = 0;

    // Would the kernel take the programs? Loads them, and lets them go again.
    virtual Result<void> try_load() = 0;

    // The nodes in use; none when no policy is installed.
    virtual Result<std::vector<ioasid_node>> nodes() = 0;

    // The quota engine's own counters; nothing when no policy is installed.
    virtual Result<std::optional<ioasid_engine>> engine() = 0;
};

// The real one: pins in bpffs. Opens nothing until it is asked.
std::unique_ptr<PolicyStore> kernel_policy_store();

// The name of a rule by the id that events carry; nothing for 0 and for ids of
// policies that are gone.
std::optional<std::string> rule_name(const InstalledPolicy &policy, std::uint32_t id);

} // namespace pasid
