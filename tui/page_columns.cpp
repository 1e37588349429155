// SPDX-License-Identifier: GPL-2.0-only
// The page for selecting and ordering columns.
#include "tui/app.hpp"
#include "tui/page.hpp"

namespace pasid::tui {

std::vector<TextLine> build_columns(App &app, int)
{
    std::vector<TextLine> lines;
    const std::vector<ColumnSetting> all = app.column_settings();
    for (std::size_t i = 0; i < all.size(); i++) {
        const bool current = i == app.chooser_at();
        for (const Column &column : app.table().columns()) {
            if (column.key != all[i].key)
                continue;
            const std::string text = (all[i].shown ? "[x] " : "[ ] ") +
                                     fit(column.title, 12, Align::left, Cut::end, app.glyphs()) +
                                     "  ";
            lines.push_back({{current ? "> " : "  ", Role::key},
                             {text, current ? Role::input : Role::normal},
                             {std::string(column.help), Role::dim}});
        }
    }
    return lines;
}

} // namespace pasid::tui
