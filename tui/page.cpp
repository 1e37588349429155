// SPDX-License-Identifier: GPL-2.0-only
#include "tui/page.hpp"

#include <array>

namespace pasid::tui {

namespace {

// The cgroup page of the PASID's holder.
std::optional<Location> cgroup_of_pasid(const State &state, const Scope &scope)
{
    for (const Ioasid &row : state.snapshot.ioasids)
        if (row.pasid == scope.number && !row.cgroup.empty())
            return Location{
                ViewId::cgroups, {.what = Scope::cgroup, .name = row.cgroup}, PageId::cgroup};
    return std::nullopt;
}

std::optional<Location> pasids_of(const State &, const Scope &scope)
{
    return Location{ViewId::pasids, scope};
}

constexpr std::array all_pages{
    Page{.id = PageId::none, .title = ""},
    Page{.id = PageId::help, .title = "Help", .build = build_help},
    Page{.id = PageId::pasid,
         .title = "PASID",
         .parts = part_ioasids | part_bindings,
         .build = build_pasid,
         .drill = cgroup_of_pasid},
    Page{.id = PageId::cgroup,
         .title = "Cgroup",
         .parts = part_cgroups,
         .build = build_cgroup,
         .drill = pasids_of},
    Page{.id = PageId::columns, .title = "Columns", .build = build_columns},
};

constexpr bool well_ordered()
{
    for (std::size_t i = 0; i < all_pages.size(); i++)
        if (static_cast<std::size_t>(all_pages[i].id) != i)
            return false;
    return all_pages.size() == static_cast<std::size_t>(PageId::columns) + 1;
}
static_assert(well_ordered());

} // namespace

const Page &page(PageId id) { return all_pages[static_cast<std::size_t>(id)]; }

} // namespace pasid::tui
