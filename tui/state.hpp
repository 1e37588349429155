// SPDX-License-Identifier: GPL-2.0-only
// What is known of the system: everything that views are built from. No choice of the user's.
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

    Snapshot snapshot; // parts == 0: nothing was read yet
    Rates rates;
    EventLog log;
    EventRates event_rates;
    History history;
    bool has_events = false;    // the feed has events at all
    std::optional<Error> error; // why the last refresh failed; the snapshot is then an old one

    // Takes a newer snapshot.
    void advance(Snapshot next);

    // What comes next is from another time: nothing is compared with it.
    void reset_baseline();

  private:
    Snapshot base_; // what rates are measured from; without IOASIDs and bindings
};

} // namespace pasid::tui
