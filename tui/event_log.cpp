// SPDX-License-Identifier: GPL-2.0-only
#include "tui/event_log.hpp"

#include <fmt/format.h>

#include "model/names.hpp"
#include "render/value.hpp"

namespace pasid::tui {

void EventLog::count_event(const Event &event)
{
    if (event.type < counts_.size())
        counts_[event.type]++;
    if (event.type == IOASID_EVENT_LOST)
        lost_ += event.value;
    if (event.type == IOASID_EVENT_DENY)
        last_denial_ = event;
}

void EventLog::append(std::deque<Event> &log, Event &&event) const
{
    if (capacity_ == 0)
        return;
    if (log.size() >= capacity_)
        log.pop_front();
    log.push_back(std::move(event));
}

void EventLog::add(std::vector<Event> &&events)
{
    for (Event &event : events) {
        count_event(event);
        append(paused_ ? waiting_ : log_, std::move(event));
    }
    if (!paused_ && !events.empty())
        version_++;
}

void EventLog::pause(bool paused)
{
    paused_ = paused;
    if (paused || waiting_.empty())
        return;
    for (Event &event : waiting_)
        append(log_, std::move(event));
    waiting_.clear();
    version_++;
}

void EventLog::clear()
{
    const std::uint64_t version = version_;
    *this = EventLog(capacity_);
    version_ = version + 1;
}

void EventRates::update(const EventLog &log, std::uint64_t now_ns)
{
    constexpr std::uint64_t min_ns = 200'000'000;
    if (since_ns_ != 0 && now_ns < since_ns_ + min_ns)
        return;
    const double seconds = static_cast<double>(now_ns - since_ns_) / 1e9;
    for (std::size_t i = 0; i < before_.size(); i++) {
        const std::uint64_t count = log.count(static_cast<ioasid_event_type>(i));
        rates_[i] = static_cast<double>(count - before_[i]) / seconds;
        before_[i] = count;
    }
    known_ = since_ns_ != 0;
    since_ns_ = now_ns;
}

std::optional<double> EventRates::of(ioasid_event_type type) const
{
    if (!known_ || type >= rates_.size())
        return std::nullopt;
    return rates_[type];
}

namespace {

// E.g. "rule vms of /vm": the rule and the cgroup that has it, which may be an ancestor of the
// requester's. Empty if the core itself denied the request.
std::string rule_text(const Event &event)
{
    std::string text = event.rule ? fmt::format("rule {}", *event.rule) : "";
    if (event.limit_cgroup)
        text += fmt::format("{} of {}", event.rule ? "" : "limit", *event.limit_cgroup);
    return text;
}

} // namespace

// The reason comes before the requester, because a narrow terminal shows only the beginning.
std::string denial_text(const Event &event)
{
    const bool audit = event.mode == IOASID_MODE_AUDIT;
    std::string text =
        fmt::format("{} {}", op_name(event.op), audit ? "would be denied" : "denied");
    if (event.error != 0)
        text += " " + errno_name(event.error);
    const std::string rule = rule_text(event);
    text += fmt::format("{}{}; requested by {} ({})", rule.empty() ? "" : ": ", rule,
                        event.comm.empty() ? "?" : event.comm, event.pid);
    if (!event.cgroup.empty())
        text += fmt::format(" in {}", event.cgroup);
    return printable(text);
}

} // namespace pasid::tui
