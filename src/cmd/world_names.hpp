// SPDX-License-Identifier: GPL-2.0-only
// Names for events of the running kernel, for commands.
#pragma once

#include "cmd/command.hpp"
#include "lib/event_names.hpp"

namespace pasid {

class WorldNames {
  public:
    explicit WorldNames(Environment &world)
        : world_(world), cgroups_(world.open_cgroups()), policies_(world.open_policies()),
          names_(*cgroups_, *policies_, [this] { return snapshots(); })
    {
    }
    WorldNames(const WorldNames &) = delete;
    WorldNames &operator=(const WorldNames &) = delete;
    ~WorldNames() = default;

    Cgroups &cgroups() { return *cgroups_; }
    LiveNames &names() { return names_; }

  private:
    SnapshotSource *snapshots()
    {
        if (!snapshots_)
            if (auto opened = world_.open_snapshots())
                snapshots_ = std::move(*opened);
        return snapshots_.get();
    }

    Environment &world_;
    std::unique_ptr<Cgroups> cgroups_;
    std::unique_ptr<PolicyStore> policies_;
    std::unique_ptr<SnapshotSource> snapshots_;
    LiveNames names_;
};

} // namespace pasid
