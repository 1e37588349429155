// SPDX-License-Identifier: GPL-2.0-only
#include "lib/snapshot_source.hpp"

#include <algorithm>

#include <bpf/bpf.h>

#include "lib/bpf_skeleton.hpp"
#include "lib/mapping.hpp"
#include "lib/module.hpp"
#include "model/snapshot.hpp"
#include "snapshot.skel.h"

namespace pasid {

namespace {

using SnapshotSkeleton =
    Skeleton<snapshot_bpf, snapshot_bpf__open, snapshot_bpf__load, snapshot_bpf__destroy>;

// Maximum number of rows per walk; a larger system needs several walks.
constexpr __u32 rows_per_walk = 16384;

Result<void> walk(const bpf_program *program, ioasid_snapshot_args &args)
{
    LIBBPF_OPTS(bpf_test_run_opts, options);
    options.ctx_in = &args;
    options.ctx_size_in = sizeof(args);
    const int result = bpf_prog_test_run_opts(bpf_program__fd(program), &options);
    if (result != 0)
        return system_error("cannot read the state", -result,
                            result == -EPERM ? rights_remedy(-result) : "see pasidctl doctor");
    if (const int answer = static_cast<int>(options.retval); answer < 0)
        return system_error("cannot read the state", -answer, "see pasidctl doctor");
    return {};
}

// The rows of one kind: the program that walks them and the array map that it fills.
template <class Row> class Rows {
  public:
    Result<void> open(const bpf_program *program, const bpf_map *map)
    {
        if (bpf_map__value_size(map) != sizeof(Row))
            return Error{"cannot read the state", "a row has an unexpected size",
                         "build pasidctl and its BPF programs from the same tree"};
        auto mapped =
            Mapping::of_fd(bpf_map__fd(map), bpf_map__max_entries(map) * sizeof(Row), PROT_READ);
        if (!mapped)
            return std::move(mapped).error();
        program_ = program;
        mapping_ = std::move(*mapped);
        return {};
    }

    // Passes pages to @take until it returns false.
    template <class Take>
    Result<void> walk_pages(std::uint64_t start, std::uint32_t limit, const Take &take) const
    {
        ioasid_snapshot_args args{};
        args.next = start;
        do {
            args.start = args.next;
            args.limit = std::min(limit, rows_per_walk);
            args.count = args.next = 0;
            if (auto walked = walk(program_, args); !walked)
                return walked;
            const auto page = mapping_.as<const Row>();
            if (!take(page.first(std::min<std::size_t>(args.count, page.size()))))
                break;
        } while (args.next > args.start); // 0: complete
        return {};
    }

    Result<void> read(std::vector<Row> &rows) const
    {
        return walk_pages(0, rows_per_walk, [&rows](std::span<const Row> page) {
            rows.insert(rows.end(), page.begin(), page.end());
            return true;
        });
    }

  private:
    const bpf_program *program_ = nullptr;
    Mapping mapping_;
};

class KernelSnapshotSource : public SnapshotSource {
  public:
    Result<void> start()
    {
        const char *what = "cannot read the state";
        const BpfLog log;
        if (auto types = require_btf(what); !types)
            return types;
        if (auto opened = skeleton_.open(what, log); !opened)
            return opened;
        const auto &maps = skeleton_->maps;
        for (bpf_map *map : {maps.ioasid_rows, maps.set_rows, maps.binding_rows, maps.device_rows,
                             maps.space_rows})
            bpf_map__set_max_entries(map, rows_per_walk);
        auto done = skeleton_.load(what, log);
        const auto &programs = skeleton_->progs;
        if (done)
            done = ioasids_.open(programs.snapshot_ioasids, maps.ioasid_rows);
        if (done)
            done = sets_.open(programs.snapshot_sets, maps.set_rows);
        if (done)
            done = bindings_.open(programs.snapshot_bindings, maps.binding_rows);
        if (done)
            done = devices_.open(programs.snapshot_devices, maps.device_rows);
        if (done)
            done = spaces_.open(programs.snapshot_spaces, maps.space_rows);
        if (done)
            done = system_.open(programs.snapshot_system, maps.system_row);
        return done;
    }

    Result<RawSnapshot> read(unsigned parts) override
    {
        RawSnapshot raw;
        Result<void> done;
        std::vector<ioasid_system_row> system;
        if (parts & part_system)
            done = system_.read(system);
        if (!system.empty())
            raw.system = system.front();
        if (done && parts & part_devices)
            done = devices_.read(raw.devices);
        if (done && parts & part_processes)
            done = sets_.read(raw.sets);
        if (done && parts & part_spaces)
            done = spaces_.read(raw.spaces);
        // Read bindings first, so that the IOASID of each binding is found in the later read unless
        // it was freed in between.
        if (done && parts & part_bindings)
            done = bindings_.read(raw.bindings);
        if (done && parts & part_ioasids)
            done = ioasids_.read(raw.ioasids);
        if (!done)
            return done.error();
        return raw;
    }

    Result<void> walk_ioasids(std::uint32_t start, std::uint32_t page,
                              const TakeIoasids &take) override
    {
        return ioasids_.walk_pages(start, page, take);
    }

    Result<void> walk_bindings(std::uint64_t start, std::uint32_t page,
                               const TakeBindings &take) override
    {
        return bindings_.walk_pages(start, page, take);
    }

  private:
    SnapshotSkeleton skeleton_;
    Rows<ioasid_row> ioasids_;
    Rows<ioasid_set_row> sets_;
    Rows<ioasid_binding_row> bindings_;
    Rows<ioasid_device_row> devices_;
    Rows<ioasid_space_row> spaces_;
    Rows<ioasid_system_row> system_;
};

} // namespace

Result<std::unique_ptr<SnapshotSource>> kernel_snapshot_source()
{
    auto source = std::make_unique<KernelSnapshotSource>();
    if (auto started = with_module("cannot read the state", [&] { return source->start(); });
        !started)
        return started.error();
    return std::unique_ptr<SnapshotSource>(std::move(source));
}

} // namespace pasid
