// SPDX-License-Identifier: GPL-2.0
#include "tui/page.hpp"

#include <array>

namespace pasid::tui {

namespace {

constexpr std::array all_pages{
    Page{.id = PageId::none, .title = "", .parts = 0, .build = nullptr},
    Page{.id = PageId::help, .title = "Help", .parts = 0, .build = build_help},
    Page{.id = PageId::pasid,
         .title = "PASID",
         .parts = part_ioasids | part_bindings,
         .build = build_pasid},
};

constexpr bool well_ordered()
{
    for (std::size_t i = 0; i < all_pages.size(); i++)
        if (static_cast<std::size_t>(all_pages[i].id) != i)
            return false;
    return all_pages.size() == static_cast<std::size_t>(PageId::pasid) + 1;
}
static_assert(well_ordered());

} // namespace

const Page &page(PageId id) { return all_pages[static_cast<std::size_t>(id)]; }

} // namespace pasid::tui
