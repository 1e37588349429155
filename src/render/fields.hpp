// SPDX-License-Identifier: GPL-2.0-only
// Row types that have fields. The tables are in render/fields_*.cpp.
#pragma once

#include "model/event.hpp"
#include "model/snapshot.hpp"
#include "render/field.hpp"

namespace pasid {

template <> inline unsigned kind_of(const Event &row) { return row.type; }

template <> std::span<const Field<Ioasid>> fields<Ioasid>();
template <> std::span<const Field<Binding>> fields<Binding>();
template <> std::span<const Field<Device>> fields<Device>();
template <> std::span<const Field<CgroupUsage>> fields<CgroupUsage>();
template <> std::span<const Field<Process>> fields<Process>();
template <> std::span<const Field<Space>> fields<Space>();
template <> std::span<const Field<System>> fields<System>();
template <> std::span<const Field<Event>> fields<Event>();

} // namespace pasid
