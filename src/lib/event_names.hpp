// SPDX-License-Identifier: GPL-2.0-only
// Names for the IDs in events. Each ID is looked up once, because events are frequent and an object
// that is removed later keeps its name.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include <ioasid/types.h>

#include "lib/cgroups.hpp"
#include "lib/join.hpp"
#include "lib/policy_store.hpp"
#include "lib/snapshot_source.hpp"

namespace pasid {

class EventNames {
  public:
    virtual ~EventNames() = default;

    // Returns "(removed:ID)" if it no longer exists, and "" for 0. Valid until the next call of the
    // same function.
    virtual const std::string &cgroup(std::uint64_t id) = 0;
    virtual const std::string &device(std::uint32_t id) = 0;
    // Returns nothing for 0 and for rules of policies that are gone.
    virtual std::optional<std::string> rule(std::uint32_t id) = 0;
    virtual std::optional<std::uint32_t> device_id(const std::string &name) = 0;
    // Another policy is active now.
    virtual void policy_changed() {}

    // Time has passed; the wall clock may have been set.
    virtual void new_batch() {}
    // Offset from CLOCK_MONOTONIC to CLOCK_REALTIME.
    virtual std::uint64_t wall_offset_ns() = 0;
};

// Names of the running kernel.
class LiveNames : public EventNames {
  public:
    // @open_snapshots: called only when a device has to be named.
    using OpenSnapshots = std::function<SnapshotSource *()>;
    LiveNames(Cgroups &cgroups, PolicyStore &policies, OpenSnapshots open_snapshots)
        : cgroups_(cgroups), policies_(policies), open_snapshots_(std::move(open_snapshots))
    {
        LiveNames::new_batch();
    }

    const std::string &cgroup(std::uint64_t id) override;
    const std::string &device(std::uint32_t id) override;
    std::optional<std::string> rule(std::uint32_t id) override;
    std::optional<std::uint32_t> device_id(const std::string &name) override;
    void policy_changed() override { static_cast<void>(refresh_policy()); }
    void new_batch() override;
    std::uint64_t wall_offset_ns() override { return offset_ns_; }

    // The image is large, so it is read again only if another one is active.
    Result<void> refresh_policy();
    const std::optional<InstalledPolicy> &policy() const { return policy_; }

  private:
    void read_devices();

    Cgroups &cgroups_;
    PolicyStore &policies_;
    OpenSnapshots open_snapshots_;
    std::optional<InstalledPolicy> policy_;
    std::uint64_t policy_version_ = 0;
    DeviceNames devices_;
    std::unordered_map<std::uint64_t, std::string> paths_;
    std::uint64_t offset_ns_ = 0;
    std::uint64_t last_cgroup_ = 0;
    const std::string *last_path_ = nullptr;
};

// Fills @event with names. Reusing @event is cheaper than creating one.
void join_event(const ioasid_event &raw, EventNames &names, Event &event);

} // namespace pasid
