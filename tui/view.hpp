// SPDX-License-Identifier: GPL-2.0-only
// The views: one table, a row a view. A new view is a row in views.cpp, its columns and its
// build function; tabs, keys, help and the option that names the first view follow.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tui/key.hpp"
#include "tui/state.hpp"
#include "tui/table.hpp"

namespace pasid::tui {

// What a drill-down narrowed a view to.
struct Scope {
    enum What : unsigned char { all, cgroup, process, device, pasid };
    What what = all;
    std::string name = {};    // cgroup: with everything below it; device
    std::uint32_t number = 0; // process, PASID

    std::string text() const; // "cgroup /vm", "" for everything
};

bool in_scope(const Scope &scope, const Ioasid &ioasid);
bool in_scope(const Scope &scope, const Event &event);

// A row of the table each, which is found by it.
enum class ViewId : unsigned char { cgroups, processes, pasids, devices, events, nr };
inline constexpr auto nr_views = static_cast<std::size_t>(ViewId::nr);
enum class PageId : unsigned char { none, help, pasid, cgroup, columns };

// Where the user is: a view, what it is narrowed to, and perhaps a page over it.
struct Location {
    ViewId view = ViewId::cgroups;
    Scope scope = {};
    PageId page = PageId::none;
};

struct View {
    ViewId id;
    std::string_view name; // also the value of the option
    Key key;
    std::string_view title;
    std::string_view help;
    unsigned parts;        // of the snapshot that it needs
    std::string_view sort; // column at the start
    bool reverse;
    bool tree;              // can be a tree, and is one at the start
    bool sticky_top;        // on the first line the newest row stays selected
    std::string_view empty; // what to say when there are no rows
    std::unique_ptr<Table> (*build)(const State &, const Scope &);
    std::optional<Location> (*drill)(const State &, RowId);   // Enter; none: nothing there
    std::optional<Location> (*details)(const State &, RowId); // i; null: as Enter
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

} // namespace pasid::tui
