// SPDX-License-Identifier: GPL-2.0-only
// The latest events, their counts, and the latest denial.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "model/event.hpp"

namespace pasid::tui {

class EventLog {
  public:
    explicit EventLog(std::size_t capacity) : capacity_(capacity) {}

    // While paused, new events are counted but kept separate, so that the log does not move.
    void add(std::vector<Event> &&events);
    void pause(bool paused);
    void clear();
    std::size_t waiting() const { return waiting_.size(); }

    const std::deque<Event> &events() const { return log_; } // oldest first
    std::uint64_t count(ioasid_event_type type) const { return counts_[type]; }
    std::uint64_t lost() const { return lost_; }

    // Changes whenever events() changes; anything built from it must then be rebuilt.
    std::uint64_t version() const { return version_; }

    // The latest denial.
    const std::optional<Event> &last_denial() const { return last_denial_; }

  private:
    void count_event(const Event &event);
    void append(std::deque<Event> &log, Event &&event) const;

    std::size_t capacity_;
    std::deque<Event> log_;
    std::deque<Event> waiting_;
    bool paused_ = false;
    std::array<std::uint64_t, IOASID_NR_EVENTS> counts_{};
    std::uint64_t lost_ = 0;
    std::uint64_t version_ = 0;
    std::optional<Event> last_denial_;
};

// Rates of the event types that the header shows.
class EventRates {
  public:
    // @now_ns: time of @log's counts. Ignored if too close to the previous update.
    void update(const EventLog &log, std::uint64_t now_ns);

    // Nothing before the second update.
    std::optional<double> of(ioasid_event_type type) const;

  private:
    std::array<std::uint64_t, IOASID_NR_EVENTS> before_{};
    std::array<double, IOASID_NR_EVENTS> rates_{};
    std::uint64_t since_ns_ = 0;
    bool known_ = false;
};

// E.g. "alloc denied EDQUOT: rule vms of /vm; requested by qemu (17) in /vm/a".
std::string denial_text(const Event &event);

} // namespace pasid::tui
