// SPDX-License-Identifier: GPL-2.0-only
// Names of the enumerators in the shared records, from the lists in ioasid/types.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <ioasid/types.h>
#include <uapi/ioasid.h>

namespace pasid {

struct EventName {
    unsigned number;
    std::string_view name;
    std::string_view help;
};

inline constexpr std::array event_names{
#define X(number, constant, name, help) EventName{number, #name, help},
    IOASID_EVENTS(X)
#undef X
};
static_assert(event_names.size() == IOASID_NR_EVENTS);
static_assert(
    [] {
    for (unsigned i = 0; i < event_names.size(); i++)
        if (event_names[i].number != i)
            return false;
    return true;
    }(),
    "events must be sorted by number, without gaps");

inline constexpr std::array op_names{
#define X(constant, name) std::string_view{#name},
    IOASID_OPS(X)
#undef X
};
static_assert(op_names.size() == IOASID_NR_OPS);

inline constexpr std::array state_names{
#define X(constant, name) std::string_view{#name},
    IOASID_STATES(X)
#undef X
};
static_assert(state_names.size() == IOASID_NR_STATES);

inline constexpr std::array mode_names{
#define X(constant, name) std::string_view{#name},
    IOASID_MODES(X)
#undef X
};
static_assert(mode_names.size() == IOASID_NR_MODES);

struct NumberedName {
    unsigned number;
    std::string_view name;
};

inline constexpr std::array kind_names{
#define X(number, constant, name, help) NumberedName{number, #name},
    IOASID_KINDS(X)
#undef X
};
inline constexpr std::array format_names{
#define X(number, constant, name) NumberedName{number, #name},
    IOASID_FORMATS(X)
#undef X
};
inline constexpr std::array reason_names{
#define X(number, constant, name, help) NumberedName{number, #name},
    IOASID_FAULT_REASONS(X)
#undef X
};

// Abilities of a device; the numbers are bits.
inline constexpr std::array cap_names{
    NumberedName{IOASID_CAP_PASID, "pasid"},     NumberedName{IOASID_CAP_PRI, "pri"},
    NumberedName{IOASID_CAP_NESTING, "nesting"}, NumberedName{IOASID_CAP_SNOOP, "snoop"},
    NumberedName{IOASID_CAP_DMA, "dma"},
};

constexpr std::string_view numbered_name(std::span<const NumberedName> names, unsigned number)
{
    for (const NumberedName &each : names)
        if (each.number == number)
            return each.name;
    return "?";
}

// "?" for a value that this build does not know; a newer module may send it.
constexpr std::string_view event_name(unsigned type)
{
    return type < event_names.size() ? event_names[type].name : "?";
}
constexpr std::string_view op_name(unsigned op)
{
    return op < op_names.size() ? op_names[op] : "?";
}
constexpr std::string_view state_name(unsigned state)
{
    return state < state_names.size() ? state_names[state] : "?";
}
constexpr std::string_view mode_name(unsigned mode)
{
    return mode < mode_names.size() ? mode_names[mode] : "?";
}

constexpr std::string_view kind_name(unsigned kind) { return numbered_name(kind_names, kind); }
constexpr std::string_view format_name(unsigned format)
{
    return numbered_name(format_names, format);
}
constexpr std::string_view reason_name(unsigned reason)
{
    return numbered_name(reason_names, reason);
}

constexpr std::optional<unsigned> event_type(std::string_view name)
{
    for (unsigned i = 0; i < event_names.size(); i++)
        if (event_names[i].name == name)
            return i;
    return std::nullopt;
}
constexpr std::optional<unsigned> state_number(std::string_view name)
{
    for (unsigned i = 0; i < state_names.size(); i++)
        if (state_names[i] == name)
            return i;
    return std::nullopt;
}

// "EDQUOT" for 122 or -122, "ok" for 0, "E4095" for an errno without a name.
std::string errno_name(int error);

} // namespace pasid
