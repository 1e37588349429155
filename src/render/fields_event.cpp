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

// For keys that only some event types have.
constexpr std::uint32_t types(std::initializer_list<ioasid_event_type> list)
{
    std::uint32_t bits = 0;
    for (const ioasid_event_type type : list)
        bits |= 1u << type;
    return bits;
}

constexpr std::uint32_t of_faults =
    types({IOASID_EVENT_FAULT, IOASID_EVENT_PAGE_REQUEST, IOASID_EVENT_PAGE_RESPONSE});
constexpr std::uint32_t of_ranges =
    types({IOASID_EVENT_MAP, IOASID_EVENT_UNMAP, IOASID_EVENT_INVALIDATE});

bool is_lost(const Event &row) { return row.type == IOASID_EVENT_LOST; }

Value frames(const Event &row, std::vector<std::string> EventStack::*which)
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
    Field<Event>{.key = "ts_ns",
                 .title = "",
                 .help = "nanoseconds of CLOCK_MONOTONIC",
                 .get = [](const Event &row) { return number(row.ts_ns); }},
    Field<Event>{
        .key = "seq",
        .title = "",
        .help = "sequence number since the module was loaded",
        .get = [](const Event &row) { return is_lost(row) ? Value{Null{}} : number(row.seq); }},
    Field<Event>{.key = "event",
                 .title = "",
                 .help = "type of the event",
                 .get = [](const Event &row) { return text(event_name(row.type)); }},
    Field<Event>{.key = "",
                 .title = "TIME",
                 .help = "local time",
                 .unit = Unit::clock,
                 .width = {.min = 12},
                 .get = [](const Event &row) { return number(row.wall_ns); }},
    Field<Event>{.key = "",
                 .title = "MONOTONIC",
                 .help = "seconds of CLOCK_MONOTONIC",
                 .unit = Unit::seconds,
                 .align = Align::right,
                 .width = {.min = 16},
                 .get = [](const Event &row) { return number(row.ts_ns); }},
    Field<Event>{.key = "",
                 .title = "DELTA",
                 .help = "time since the previous event",
                 .unit = Unit::duration,
                 .align = Align::right,
                 .width = {.min = 6},
                 .get = [](const Event &row) { return number(row.delta_ns); }},
    Field<Event>{.key = "pasid",
                 .title = "PASID",
                 .help = "PASID that the event is about; null if none",
                 .align = Align::right,
                 .width = id_width,
                 .get = [](const Event &row) { return number_or_null(row.pasid); }},
    Field<Event>{.key = "",
                 .title = "EVENT",
                 .help = "type of the event",
                 .width = {.min = 13},
                 .get = [](const Event &row) { return text(event_name(row.type)); }},
    Field<Event>{
        .key = "pid",
        .title = "PID",
        .help = "process that holds the PASID or the I/O address space; deny: the requester; "
                "0: the kernel",
        .align = Align::right,
        .width = {.min = 7},
        .get = [](const Event &row) { return is_lost(row) ? Value{Null{}} : number(row.pid); }},
    Field<Event>{
        .key = "tid",
        .title = "TID",
        .help = "thread that caused the event; 0: the kernel",
        .align = Align::right,
        .width = {.min = 7},
        .get = [](const Event &row) { return is_lost(row) ? Value{Null{}} : number(row.tid); }},
    Field<Event>{.key = "comm",
                 .title = "COMM",
                 .help = "name of the process",
                 .width = comm_width,
                 .get = [](const Event &row) { return text_or_null(row.comm); }},
    Field<Event>{.key = "cgroup",
                 .title = "CGROUP",
                 .help = "cgroup of the process",
                 .width = path_width,
                 .cut = Cut::start,
                 .get = [](const Event &row) { return text_or_null(row.cgroup); }},
    Field<Event>{.key = "device",
                 .title = "DEVICE",
                 .help = "device; null if none",
                 .width = {.min = 6, .max = 12, .flex = true},
                 .get = [](const Event &row) { return text_or_null(row.device); }},
    Field<Event>{.key = "",
                 .title = "RESULT",
                 .help = "ok or an errno name, with details of the event",
                 .width = {.min = 9, .flex = true},
                 .get = [](const Event &row) { return Value{outcome(row)}; }},
    Field<Event>{.key = "result",
                 .title = "",
                 .help = "ok or an errno name",
                 .get =
                     [](const Event &row) {
                         if (row.error == 0 && !is_lost(row))
                             return text("ok");
                         return is_lost(row) ? Value{Null{}} : Value{errno_name(row.error)};
                     }},
    Field<Event>{.key = "errno",
                 .title = "",
                 .help = "errno as a number; 0: ok",
                 .get =
                     [](const Event &row) {
                         return is_lost(row) ? Value{Null{}}
                                             : number(static_cast<std::uint64_t>(
                                                   row.error < 0 ? -row.error : row.error));
                     }},
    Field<Event>{.key = "op",
                 .title = "",
                 .help = "deny: the requested operation",
                 .get = [](const Event &row) { return text(op_name(row.op)); },
                 .kinds = types({IOASID_EVENT_DENY})},
    Field<Event>{.key = "rule",
                 .title = "",
                 .help = "deny, warn: the rule; null: denied by the core itself",
                 .get = [](const Event &row) { return text_or_null(row.rule); },
                 .kinds = types({IOASID_EVENT_DENY, IOASID_EVENT_WARN})},
    Field<Event>{.key = "limit_cgroup",
                 .title = "",
                 .help = "deny, warn: the cgroup that has the limit",
                 .get = [](const Event &row) { return text_or_null(row.limit_cgroup); },
                 .kinds = types({IOASID_EVENT_DENY, IOASID_EVENT_WARN})},
    Field<Event>{.key = "mode",
                 .title = "",
                 .help = "deny: enforce, or audit if it is only reported",
                 .get = [](const Event &row) { return text(mode_name(row.mode)); },
                 .kinds = types({IOASID_EVENT_DENY})},
    Field<Event>{.key = "use",
                 .title = "",
                 .help = "warn: PASIDs held",
                 .get = [](const Event &row) { return number(row.value); },
                 .kinds = types({IOASID_EVENT_WARN})},
    Field<Event>{.key = "duration_ns",
                 .title = "",
                 .help = "free, reclaim: time since the allocation; unbind: time since the bind; "
                         "detach: time since the attach",
                 .get = [](const Event &row) { return number(row.value); },
                 .kinds = types({IOASID_EVENT_FREE, IOASID_EVENT_RECLAIM, IOASID_EVENT_UNBIND,
                                 IOASID_EVENT_DETACH})},
    Field<Event>{.key = "iova",
                 .title = "",
                 .help = "fault, page_request, page_response: the address; map, unmap, "
                         "invalidate: the first address",
                 .get = [](const Event &row) { return number(row.value); },
                 .kinds = of_faults | of_ranges},
    Field<Event>{.key = "length",
                 .title = "",
                 .help = "map, unmap, invalidate: bytes",
                 .get = [](const Event &row) { return number(row.length); },
                 .kinds = of_ranges},
    Field<Event>{.key = "ioas",
                 .title = "",
                 .help = "ID of the I/O address space; null: made by bind, or none is attached",
                 .get = [](const Event &row) { return number_or_null(row.ioas); },
                 .kinds = of_faults | of_ranges |
                          types({IOASID_EVENT_ATTACH, IOASID_EVENT_DETACH})},
    Field<Event>{.key = "reason",
                 .title = "",
                 .help = "fault, page_request: why the address was not translated",
                 .get =
                     [](const Event &row) {
                         return row.reason ? text(reason_name(row.reason)) : Value{Null{}};
                     },
                 .kinds = types({IOASID_EVENT_FAULT, IOASID_EVENT_PAGE_REQUEST})},
    Field<Event>{.key = "from_cgroup",
                 .title = "",
                 .help = "move: previous cgroup of the process",
                 .get = [](const Event &row) { return text_or_null(row.from_cgroup); },
                 .kinds = types({IOASID_EVENT_MOVE})},
    Field<Event>{.key = "moved",
                 .title = "",
                 .help = "move: PASIDs whose charge moved",
                 .get = [](const Event &row) { return number(row.value); },
                 .kinds = types({IOASID_EVENT_MOVE})},
    Field<Event>{.key = "spid",
                 .title = "",
                 .help = "set-private ID, if the event has one",
                 .get = [](const Event &row) { return row.spid ? number(*row.spid) : Value{Omitted{}}; }},
    Field<Event>{.key = "change",
                 .title = "",
                 .help = "policy: attached, replaced or removed",
                 .get = [](const Event &row) { return text(policy_change(row.value)); },
                 .kinds = types({IOASID_EVENT_POLICY})},
    Field<Event>{.key = "count",
                 .title = "",
                 .help = "lost: number of events",
                 .get = [](const Event &row) { return number(row.value); },
                 .kinds = types({IOASID_EVENT_LOST})},
    Field<Event>{.key = "where",
                 .title = "",
                 .help = "lost: where they were lost",
                 .get = [](const Event &row) { return text(row.where); },
                 .kinds = types({IOASID_EVENT_LOST})},
    Field<Event>{.key = "kernel_stack",
                 .title = "",
                 .help = "with --stack: kernel functions, innermost first",
                 .get = [](const Event &row) { return frames(row, &EventStack::kernel); }},
    Field<Event>{.key = "user_stack",
                 .title = "",
                 .help = "with --stack: user-space frames, innermost first",
                 .get = [](const Event &row) { return frames(row, &EventStack::user); }},
};
static_assert(well_formed<Event>(event_fields));

} // namespace

template <> std::span<const Field<Event>> fields<Event>() { return event_fields; }

} // namespace pasid
