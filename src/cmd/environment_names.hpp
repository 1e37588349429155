// SPDX-License-Identifier: GPL-2.0-only
// Names for events of the running kernel, opened from the environment.
#pragma once

#include "cmd/command.hpp"
#include "lib/event_names.hpp"

namespace pasid {

class EnvironmentNames {
  public:
    explicit EnvironmentNames(Environment &environment)
        : environment_(environment), cgroups_(environment.open_cgroups()),
          policies_(environment.open_policies()),
          names_(*cgroups_, *policies_, [this] { return snapshots(); })
    {
    }
    EnvironmentNames(const EnvironmentNames &) = delete;
    EnvironmentNames &operator=(const EnvironmentNames &) = delete;
    ~EnvironmentNames() = default;

    Cgroups &cgroups() { return *cgroups_; }
    LiveNames &names() { return names_; }

  private:
    SnapshotSource *snapshots()
    {
        if (!snapshots_)
            if (auto opened = environment_.open_snapshots())
                snapshots_ = std::move(*opened);
        return snapshots_.get();
    }

    Environment &environment_;
    std::unique_ptr<Cgroups> cgroups_;
    std::unique_ptr<PolicyStore> policies_;
    std::unique_ptr<SnapshotSource> snapshots_;
    LiveNames names_;
};

} // namespace pasid
