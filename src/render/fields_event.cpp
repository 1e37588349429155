// SPDX-License-Identifier: GPL-2.0-only
// Fields of events.
#include "render/fields.hpp"

#include <array>
#include <initializer_list>

#include <fmt/format.h>

#include "model/names.hpp"
#include "render/cells.hpp"

namespace pasid {

namespace {

// A key that only some event types have.
constexpr Field<Event> only(std::initializer_list<ioasid_event_type> types, Field<Event> field)
{
    field.kinds = 0;
    for (const ioasid_event_type type : types)
        field.kinds |= 1u << type;
    return field;
}

bool is_lost(const Event &row) { return row.type == IOASID_EVENT_LOST; }

// Null for lost events.
template <auto member> Value unless_lost(const Event &row)
{
    return is_lost(row) ? Value{Null{}} : number(row.*member);
}

template <auto which> Value frames(const Event &row)
{
    return row.stack && !is_lost(row) ? Value{(*row.stack).*which} : Value{Omitted{}};
}

std::string_view policy_change(std::uint64_t value)
{
    switch (value) {
    case IOASID_POLICY_ATTACHED:
        return "attached";
    case IOASID_POLICY_REPLACED:
        return "replaced";
    case IOASID_POLICY_REMOVED:
        return "removed";
    default:
        return "?";
    }
}

std::string in_space(const Event &row)
{
    return row.ioas ? fmt::format(" ioas {}", *row.ioas) : std::string{};
}

// An address that was not translated.
std::string untranslated(const Event &row)
{
    return fmt::format("{} {:#x}{}{}{}", errno_name(row.error), row.value, row.reason ? " " : "",
                       row.reason ? reason_name(row.reason) : "", in_space(row));
}

std::string range(const Event &row)
{
    const std::string length = row.length == ~0ull ? "all" : "+" + bytes_text(row.length);
    return fmt::format("{} {:#x} {}{}", errno_name(row.error), row.value, length, in_space(row));
}

// The last column: the result and details of the event type.
std::string outcome(const Event &row)
{
    std::string result = errno_name(row.error);
    switch (row.type) {
    case IOASID_EVENT_DENY:
        return fmt::format("{}{} {} by {} at {}", row.mode == IOASID_MODE_AUDIT ? "audit " : "",
                           result, op_name(row.op), row.rule.value_or("-"),
                           row.limit_cgroup.value_or("-"));
    case IOASID_EVENT_WARN:
        return fmt::format("{} used, {} at {}", row.value, row.rule.value_or("-"),
                           row.limit_cgroup.value_or("-"));
    case IOASID_EVENT_FREE:
    case IOASID_EVENT_RECLAIM:
    case IOASID_EVENT_UNBIND:
        return fmt::format("{} {}", result, duration_text(row.value));
    case IOASID_EVENT_ATTACH:
        return result + in_space(row);
    case IOASID_EVENT_DETACH:
        return fmt::format("{} {}{}", result, duration_text(row.value), in_space(row));
    case IOASID_EVENT_FAULT:
    case IOASID_EVENT_PAGE_REQUEST:
    case IOASID_EVENT_PAGE_RESPONSE:
        return untranslated(row);
    case IOASID_EVENT_MAP:
    case IOASID_EVENT_UNMAP:
    case IOASID_EVENT_INVALIDATE:
        return range(row);
    case IOASID_EVENT_MOVE:
        return fmt::format("{} from {}", row.value, row.from_cgroup.value_or("-"));
    case IOASID_EVENT_SPID_ATTACH:
    case IOASID_EVENT_SPID_DETACH:
        return row.spid ? fmt::format("{} spid {}", result, *row.spid) : result;
    case IOASID_EVENT_POLICY:
        return std::string(policy_change(row.value));
    case IOASID_EVENT_LOST:
        return fmt::format("{} lost: {}", row.value, row.where);
    default:
        return result;
    }
}

// JSON keys in their documented order, with the table columns between them.
constexpr std::array event_fields{
    field<&Event::ts_ns>("ts_ns", "", "nanoseconds of CLOCK_MONOTONIC"),
    field<Event>("seq", "", "sequence number since the module was loaded",
                 unless_lost<&Event::seq>),
    field<Event>("event", "", "type of the event",
                 [](const Event &row) { return text(event_name(row.type)); }),
    field<&Event::wall_ns>("", "TIME", "local time", {.unit = Unit::clock, .width = {.min = 12}}),
    field<&Event::ts_ns>("", "MONOTONIC", "seconds of CLOCK_MONOTONIC",
                         {.unit = Unit::seconds, .align = Align::right, .width = {.min = 16}}),
    field<&Event::delta_ns>("", "DELTA", "time since the previous event",
                            {.unit = Unit::duration, .align = Align::right, .width = {.min = 6}}),
    field<&Event::pasid>("pasid", "PASID", "PASID that the event is about; null if none",
                         id_format),
    field<Event>("", "EVENT", "type of the event",
                 [](const Event &row) { return text(event_name(row.type)); },
                 {.width = {.min = 13}}),
    field<Event>("pid", "PID",
                 "process that holds the PASID or the I/O address space; deny: the requester; "
                 "0: the kernel",
                 unless_lost<&Event::pid>, id_format),
    field<Event>("tid", "TID", "thread that caused the event; 0: the kernel",
                 unless_lost<&Event::tid>, id_format),
    field<&Event::comm>("comm", "COMM", "name of the process", comm_format),
    field<&Event::cgroup>("cgroup", "CGROUP", "cgroup of the process", path_format),
    field<&Event::device>("device", "DEVICE", "device; null if none",
                          {.width = {.min = 6, .max = 12, .flex = true}}),
    field<Event>("", "RESULT", "ok or an errno name, with details of the event",
                 [](const Event &row) { return Value{outcome(row)}; },
                 {.width = {.min = 9, .flex = true}}),
    field<Event>(
        "result", "", "ok or an errno name",
        [](const Event &row) {
    if (row.error == 0 && !is_lost(row))
        return text("ok");
    return is_lost(row) ? Value{Null{}} : Value{errno_name(row.error)};
        }),
    field<Event>(
        "errno", "", "errno as a number; 0: ok",
        [](const Event &row) {
    const int error = row.error < 0 ? -row.error : row.error;
    return is_lost(row) ? Value{Null{}} : number(static_cast<std::uint64_t>(error));
        }),
    only({IOASID_EVENT_DENY}, field<Event>("op", "", "deny: the requested operation",
                                           [](const Event &row) { return text(op_name(row.op)); })),
    only({IOASID_EVENT_DENY, IOASID_EVENT_WARN},
         field<&Event::rule>("rule", "", "deny, warn: the rule; null: denied by the core itself")),
    only({IOASID_EVENT_DENY, IOASID_EVENT_WARN},
         field<&Event::limit_cgroup>("limit_cgroup", "",
                                     "deny, warn: the cgroup that has the limit")),
    only({IOASID_EVENT_DENY},
         field<Event>("mode", "", "deny: enforce, or audit if it is only reported",
                      [](const Event &row) { return text(mode_name(row.mode)); })),
    only({IOASID_EVENT_WARN}, field<&Event::value>("use", "", "warn: PASIDs held")),
    only({IOASID_EVENT_FREE, IOASID_EVENT_RECLAIM, IOASID_EVENT_UNBIND, IOASID_EVENT_DETACH},
         field<&Event::value>("duration_ns", "",
                              "free, reclaim: time since the allocation; unbind: time since the "
                              "bind; detach: time since the attach")),
    only({IOASID_EVENT_FAULT, IOASID_EVENT_PAGE_REQUEST, IOASID_EVENT_PAGE_RESPONSE,
          IOASID_EVENT_MAP, IOASID_EVENT_UNMAP, IOASID_EVENT_INVALIDATE},
         field<&Event::value>("iova", "",
                              "fault, page_request, page_response: the address; map, unmap, "
                              "invalidate: the first address")),
    only({IOASID_EVENT_MAP, IOASID_EVENT_UNMAP, IOASID_EVENT_INVALIDATE},
         field<&Event::length>("length", "", "map, unmap, invalidate: bytes")),
    only({IOASID_EVENT_FAULT, IOASID_EVENT_PAGE_REQUEST, IOASID_EVENT_PAGE_RESPONSE,
          IOASID_EVENT_MAP, IOASID_EVENT_UNMAP, IOASID_EVENT_INVALIDATE, IOASID_EVENT_ATTACH,
          IOASID_EVENT_DETACH},
         field<&Event::ioas>("ioas", "",
                             "ID of the I/O address space; null: made by bind, or none is "
                             "attached")),
    only({IOASID_EVENT_FAULT, IOASID_EVENT_PAGE_REQUEST},
         field<Event>(
             "reason", "", "fault, page_request: why the address was not translated",
             [](const Event &row) {
    return row.reason ? text(reason_name(row.reason)) : Value{Null{}};
             })),
    only({IOASID_EVENT_MOVE},
         field<&Event::from_cgroup>("from_cgroup", "", "move: previous cgroup of the process")),
    only({IOASID_EVENT_MOVE}, field<&Event::value>("moved", "", "move: PASIDs whose charge moved")),
    field<Event>("spid", "", "set-private ID, if the event has one",
                 [](const Event &row) { return row.spid ? number(*row.spid) : Value{Omitted{}}; }),
    only({IOASID_EVENT_POLICY},
         field<Event>("change", "", "policy: attached, replaced or removed",
                      [](const Event &row) { return text(policy_change(row.value)); })),
    only({IOASID_EVENT_LOST}, field<&Event::value>("count", "", "lost: number of events")),
    only({IOASID_EVENT_LOST}, field<Event>("where", "", "lost: where they were lost",
                                           [](const Event &row) { return text(row.where); })),
    field<Event>("kernel_stack", "", "with --stack: kernel functions, innermost first",
                 frames<&EventStack::kernel>),
    field<Event>("user_stack", "", "with --stack: user-space frames, innermost first",
                 frames<&EventStack::user>),
    };
static_assert(well_formed<Event>(event_fields));

} // namespace

template <> std::span<const Field<Event>> fields<Event>() { return event_fields; }

} // namespace pasid
