// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "cmd/filter.hpp"
#include "cmd/sort_option.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/table.hpp"

#include <CLI/CLI.hpp>

namespace pasid {

namespace {

struct Options {
    IoasidFilter filter;
    bool spaces = false; // instead of PASIDs
    std::string sort;    // empty: as they are read
};

// Rows per part of a long list: the rows of one walk.
constexpr std::size_t part_rows = 4095;

// Prints rows part by part.
class Printer {
  public:
    explicit Printer(Context &context)
        : json_(context.out), columns_(by_title<Ioasid>({"PASID", "SPID", "STATE", "REFS", "PID",
                                                         "COMM", "CGROUP", "DEVICES", "AGE"})),
          table_(context.out, columns_of(columns_), context.terminal), as_json_(context.json())
    {
    }

    void add(std::span<const Ioasid> rows)
    {
        if (as_json_)
            json_.add(rows);
        else
            table_.add(cells_of(columns_, rows));
    }
    void end()
    {
        if (as_json_)
            json_.end();
    }

  private:
    JsonArray<Ioasid> json_;
    FieldList<Ioasid> columns_;
    BlockTable table_;
    bool as_json_;
};

Result<Exit> list_pasids(Context &context, Feed &feed, const Options &options)
{
    const IoasidFilter &filter = options.filter;
    // Let the feed filter, so that unwanted rows need no names. If the order is the walk's own,
    // read and print in parts instead of all at once.
    IoasidWindow window{.cgroup = filter.cgroup, .pid = filter.pid, .device = filter.device};
    const bool in_order = options.sort.empty() || options.sort == "pasid";
    if (in_order && filter.device.empty())
        window.limit = part_rows;

    Printer printer(context);
    for (bool more = true; more && context.out.good();) {
        feed.set_window(window);
        auto snapshot = feed.snapshot(part_ioasids);
        if (!snapshot)
            return std::move(snapshot).error();
        std::vector<Ioasid> &rows = snapshot->ioasids;
        more = snapshot->ioasids_cut;
        if (more)
            window.start = rows.back().pasid + 1;
        std::erase_if(rows, [&](const Ioasid &row) { return !filter.accepts(row); });
        if (!in_order)
            sort_by_key(rows, options.sort);
        printer.add(rows);
    }
    printer.end();
    return Exit::done;
}

Result<Exit> list_spaces(Context &context, Feed &feed, const Options &options)
{
    auto snapshot = feed.snapshot(part_spaces);
    if (!snapshot)
        return std::move(snapshot).error();
    std::vector<Space> &rows = snapshot->spaces;
    std::erase_if(rows, [&](const Space &row) { return !options.filter.accepts(row); });
    if (!options.sort.empty())
        sort_by_key(rows, options.sort);
    if (context.json())
        print_json_array(context.out, std::span<const Space>(rows));
    else
        print_table(context.out,
                    by_title<Space>({"IOAS", "KIND", "FORMAT", "PARENT", "MAPPED", "ATTACHED",
                                     "DEVICES", "PID", "COMM", "CGROUP", "AGE"}),
                    std::span<const Space>(rows), context.terminal);
    return Exit::done;
}

Result<Exit> list(Context &context, const Options &options)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    return options.spaces ? list_spaces(context, **feed, options)
                          : list_pasids(context, **feed, options);
}

} // namespace

Action setup_list(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    add_options(app, options->filter);
    // Before --sort, whose keys depend on it: options are checked in the order of their definition.
    app.add_flag("--spaces", options->spaces,
                 "List I/O address spaces instead of PASIDs, with the same filters")
        ->excludes(app.get_option("--state"));
    add_sort_option(app, options->sort)->check([options](const std::string &given) {
        return options->spaces ? check_sort_key<Space>(given) : check_sort_key<Ioasid>(given);
    });
    return [options](Context &context) { return list(context, *options); };
}

} // namespace pasid
