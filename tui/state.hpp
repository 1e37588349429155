// SPDX-License-Identifier: GPL-2.0-only
// The data that views are built from; no user settings.
#pragma once

#include <optional>

#include "lib/result.hpp"
#include "model/rates.hpp"
#include "model/snapshot.hpp"
#include "tui/event_log.hpp"
#include "tui/history.hpp"

namespace pasid::tui {

struct State {
    explicit State(std::size_t log_size) : log(log_size) {}

    Snapshot snapshot; // parts == 0: not read yet
    Rates rates;
    EventLog log;
    EventRates event_rates;
    History history;
    bool has_events = false;    // whether the feed has events
    std::optional<Error> error; // why the last refresh failed; the snapshot is then outdated

    // Stores a newer snapshot.
    void advance(Snapshot next);

    // The next snapshot is from another time and must not be compared with this one.
    void reset_baseline();

  private:
    Snapshot base_; // baseline of the rates; without IOASIDs and bindings
};

} // namespace pasid::tui
