// SPDX-License-Identifier: GPL-2.0-only
// Names of the enumerators in the shared records, from the lists in ioasid/types.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <ioasid/types.h>

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
