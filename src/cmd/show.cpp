// SPDX-License-Identifier: GPL-2.0
#include "cmd/command.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pasid {

namespace {

void print_text(Context &context, const Ioasid &ioasid, const std::vector<Binding> &bindings)
{
    for (const Field<Ioasid> &field : fields<Ioasid>())
        context.out.line(fmt::format("{:<10} {}", field.key, field.text(ioasid)));
    if (bindings.empty())
        return;
    context.out.line("");
    print_table(context.out, by_title<Binding>({"DEVICE", "FAULTS", "AGE"}),
                std::span<const Binding>(bindings), context.terminal);
}

Result<Exit> show(Context &context, std::uint32_t pasid)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    auto snapshot = (*feed)->snapshot(part_ioasids | part_bindings);
    if (!snapshot)
        return std::move(snapshot).error();

    const auto found = std::find_if(snapshot->ioasids.begin(), snapshot->ioasids.end(),
                                    [&](const Ioasid &row) { return row.pasid == pasid; });
    if (found == snapshot->ioasids.end())
        return Error{fmt::format("PASID {}", pasid), "nobody holds it", "see pasidctl list", 0,
                     Exit::negative};
    std::vector<Binding> bindings;
    std::copy_if(snapshot->bindings.begin(), snapshot->bindings.end(), std::back_inserter(bindings),
                 [&](const Binding &row) { return row.pasid == pasid; });

    if (!context.json()) {
        print_text(context, *found, bindings);
        return Exit::done;
    }
    Json object = to_json(*found);
    object["bindings"] = to_json(std::span<const Binding>(bindings));
    context.out.line(json_text(object));
    return Exit::done;
}

} // namespace

Action setup_show(CLI::App &app)
{
    const auto pasid = std::make_shared<std::uint32_t>();
    app.add_option("PASID", *pasid, "Which one")->required();
    return [pasid](Context &context) { return show(context, *pasid); };
}

} // namespace pasid
