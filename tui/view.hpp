// SPDX-License-Identifier: GPL-2.0-only
// Table of the views. To add a view, add a row in views.cpp, its columns and its build function;
// tabs, keys, help and the option for the initial view follow.
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

// What a drill-down restricted the view to.
struct Scope {
    enum What : unsigned char { all, cgroup, process, device, pasid };
    What what = all;
    std::string name = {};    // cgroup: includes its descendants; device
    std::uint32_t number = 0; // process, PASID

    std::string text() const; // "cgroup /vm", "" for everything
};

bool in_scope(const Scope &scope, const Ioasid &ioasid);
bool in_scope(const Scope &scope, const Event &event);

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
    bool reverse;
    bool tree;              // can be shown as a tree, and is initially
    bool sticky_top;        // a selection on the first line stays on the newest row
    std::string_view empty; // text if there are no rows
    std::unique_ptr<Table> (*build)(const State &, const Scope &);
    std::optional<Location> (*drill)(const State &, RowId);   // Enter; may return nothing
    std::optional<Location> (*details)(const State &, RowId); // i; null: same as Enter
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
