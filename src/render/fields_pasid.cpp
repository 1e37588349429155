// SPDX-License-Identifier: GPL-2.0-only
// Fields of PASIDs, bindings and processes. Scripts depend on the JSON keys: add rows, never rename
// a key.
#include "render/fields.hpp"

#include <array>

#include "model/names.hpp"
#include "render/cells.hpp"

namespace pasid {

namespace {

constexpr std::array pasid_fields{
    field<&Ioasid::pasid>("pasid", "PASID", "the PASID, unique system-wide", id_format),
    field<&Ioasid::spid>("spid", "SPID", "set-private ID (a guest's PASID); null if none",
                         {.align = Align::right, .width = {.min = 4}}),
    field<Ioasid>(
        "state", "STATE", "idle, active (in use) or free_pending (freed but still in use)",
        [](const Ioasid &row) { return text(state_name(row.state)); }, {.width = {.min = 6}}),
    field<&Ioasid::set>("set", "SET", "set it belongs to; each process address space has one",
                        number_format),
    field<&Ioasid::refs>("refs", "REFS", "reference count: one for the core and one per user",
                         count_format),
    field<&Ioasid::pid>("pid", "PID", "process that holds it; 0: the kernel", number_format),
    field<&Ioasid::comm>("comm", "COMM", "name of that process; in parentheses if it has exited",
                         comm_format),
    field<&Ioasid::cgroup>("cgroup", "CGROUP", "cgroup charged for it; null: held by the kernel",
                           path_format),
    field<&Ioasid::devices>("devices", "DEVICES", "devices bound to it",
                            {.width = {.min = 7, .flex = true}}),
    field<&Ioasid::age_ns>("age_ns", "AGE", "time since it was allocated", duration_format),
    field<&Ioasid::unused_ns>("unused_ns", "UNUSED",
                              "time since the last bind, unbind or DMA setup", duration_format),
    field<&Ioasid::uid>("uid", "UID", "user ID of the holder", number_format),
};
static_assert(well_formed<Ioasid>(pasid_fields));

constexpr std::array binding_fields{
    field<Binding>(
        "pasid", "", "PASID that tags the device's requests; null: requests without PASID",
        [](const Binding &row) { return row.pasid ? number(row.pasid) : Value{Null{}}; }),
    field<Binding>(
        "", "PASID", "PASID that tags the device's requests",
        [](const Binding &row) { return row.pasid ? number(row.pasid) : text("none"); }, id_format),
    field<&Binding::device>("device", "DEVICE", "device that accesses the memory",
                            {.width = {.min = 6, .flex = true}}),
    field<&Binding::pid>("pid", "PID", "process that holds the PASID, or the I/O address space",
                         number_format),
    field<&Binding::comm>("comm", "COMM", "name of that process", comm_format),
    field<&Binding::cgroup>("cgroup", "CGROUP", "cgroup charged for the PASID", path_format),
    field<&Binding::faults>("faults", "FAULTS", "DMAs of this binding that failed translation",
                            count_format),
    field<&Binding::age_ns>("age_ns", "AGE", "time since the bind or attach", duration_format),
    field<Binding>(
        "kind", "KIND", "kind of the I/O address space that the device uses; null: unknown",
        [](const Binding &row) { return row.kind ? text(kind_name(*row.kind)) : Value{Null{}}; }),
    field<&Binding::ioas>("ioas", "IOAS",
                          "ID of that space; null: the memory of the process, made by bind",
                          number_format),
};
static_assert(well_formed<Binding>(binding_fields));

constexpr std::array process_fields{
    field<&Process::pid>("pid", "PID", "process ID; 0: the kernel", id_format),
    field<&Process::uid>("uid", "UID", "user ID", number_format),
    field<&Process::comm>("comm", "COMM", "process name; in parentheses if it has exited",
                          comm_format),
    field<&Process::cgroup>("cgroup", "CGROUP", "cgroup that is charged", path_format),
    field<&Process::pasids>("pasids", "PASIDS", "PASIDs it holds", count_format),
    field<&Process::active>("active", "ACTIVE", "PASIDs in use", count_format),
    field<&Process::free_pending>("free_pending", "PENDING", "PASIDs freed but still in use",
                                  count_format),
    field<&Process::bindings>("bindings", "BOUND", "bindings of its PASIDs", count_format),
    field<&Process::oldest_ns>("oldest_ns", "OLDEST", "age of its oldest PASID", duration_format),
};
static_assert(well_formed<Process>(process_fields));

} // namespace

template <> std::span<const Field<Ioasid>> fields<Ioasid>() { return pasid_fields; }
template <> std::span<const Field<Binding>> fields<Binding>() { return binding_fields; }
template <> std::span<const Field<Process>> fields<Process>() { return process_fields; }

} // namespace pasid
