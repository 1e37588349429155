// SPDX-License-Identifier: GPL-2.0-only
// Table of the views. To add a view, add a row in views.cpp, its columns and its build function;
// tabs, keys, help and the option for the initial view follow.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/cgroup_path.hpp"
#include "tui/key.hpp"
#include "tui/state.hpp"
#include "tui/table.hpp"

namespace pasid::tui {

// What a drill-down restricted the view to.
struct Scope {
    enum What : unsigned char { all, cgroup, process, device, pasid };
    What what = all;
    std::string name = {};    // cgroup: includes its descendants; device
    std::uint32_t number = 0; // process, PASID

    std::string text() const; // "cgroup /vm", "" for everything
};

template <class Row> bool in_scope(const Scope &scope, const Row &row)
{
    if constexpr (requires { row.cgroup; })
        if (scope.what == Scope::cgroup)
            return is_within(row.cgroup, scope.name);
    if constexpr (requires { row.pid; })
        if (scope.what == Scope::process)
            return row.pid == scope.number;
    if constexpr (requires { row.pasid; })
        if (scope.what == Scope::pasid)
            return row.pasid == scope.number;
    if constexpr (requires { row.device; })
        if (scope.what == Scope::device)
            return row.device == scope.name;
    if constexpr (requires { row.devices.front() == scope.name; })
        if (scope.what == Scope::device)
            return std::ranges::find(row.devices, scope.name) != row.devices.end();
    if constexpr (requires { row.devices.front().device; })
        if (scope.what == Scope::device)
            return std::ranges::any_of(row.devices,
                                       [&](const auto &each) { return each.device == scope.name; });
    return true;
}

// The rows that are in the scope.
template <class Row, class Rows>
std::vector<const Row *> rows_in(const Scope &scope, const Rows &all)
{
    std::vector<const Row *> rows;
    for (const Row &row : all)
        if (in_scope(scope, row))
            rows.push_back(&row);
    return rows;
}

// Index of the view or page in its table.
enum class ViewId : unsigned char { cgroups, processes, pasids, devices, events, spaces, nr };
inline constexpr auto nr_views = static_cast<std::size_t>(ViewId::nr);
enum class PageId : unsigned char { none, help, pasid, cgroup, columns };

// Where the user is: a view, its scope and possibly a page.
struct Location {
    ViewId view = ViewId::cgroups;
    Scope scope = {};
    PageId page = PageId::none;
};

struct View {
    ViewId id;
    std::string_view name; // also the option's value
    Key key;
    std::string_view title;
    std::string_view help;
    unsigned parts;        // snapshot parts that it needs
    std::string_view sort; // initial sort column
    bool reverse = false;
    bool tree = false;       // can be shown as a tree, and is initially
    bool sticky_top = false; // a selection on the first line stays on the newest row
    std::string_view empty;  // text if there are no rows
    std::unique_ptr<Table> (*build)(const State &, const Scope &);
    std::optional<Location> (*drill)(const State &, RowId);             // Enter; may return nothing
    std::optional<Location> (*details)(const State &, RowId) = nullptr; // i; null: same as Enter
};

std::span<const View> views();
const View &view(ViewId id);
const View *find_view(std::string_view name);
const View *find_view(Key key);

// One file each.
std::unique_ptr<Table> build_cgroups(const State &, const Scope &);
std::unique_ptr<Table> build_processes(const State &, const Scope &);
std::unique_ptr<Table> build_pasids(const State &, const Scope &);
std::unique_ptr<Table> build_devices(const State &, const Scope &);
std::unique_ptr<Table> build_events(const State &, const Scope &);
std::unique_ptr<Table> build_spaces(const State &, const Scope &);

} // namespace pasid::tui
