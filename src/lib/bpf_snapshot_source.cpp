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

// Maps an array map into this process's memory.
template <class Row> Result<Mapping> map_rows(const bpf_map *map)
{
    if (bpf_map__value_size(map) != sizeof(Row))
        return Error{"cannot read the state", "a row has an unexpected size",
                     "build pasidctl and its BPF programs from the same tree"};
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t bytes = bpf_map__max_entries(map) * sizeof(Row);
    return Mapping::of_fd(bpf_map__fd(map), (bytes + page - 1) / page * page, PROT_READ);
}

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

// Passes pages to @take until it returns false.
template <class Row, class Take>
Result<void> walk_rows(const bpf_program *program, const Mapping &mapping, std::uint64_t start,
                       std::uint32_t limit, const Take &take)
{
    ioasid_snapshot_args args{};
    args.next = start;
    do {
        args.start = args.next;
        args.limit = std::min(limit, rows_per_walk);
        args.count = args.next = 0;
        if (auto walked = walk(program, args); !walked)
            return walked.error();
        const auto page = mapping.as<const Row>();
        if (!take(page.first(std::min<std::size_t>(args.count, page.size()))))
            break;
    } while (args.next > args.start); // 0: complete
    return {};
}

template <class Row>
Result<std::vector<Row>> read_rows(const bpf_program *program, const Mapping &mapping)
{
    std::vector<Row> rows;
    const auto keep = [&rows](std::span<const Row> page) {
        rows.insert(rows.end(), page.begin(), page.end());
        return true;
    };
    if (auto walked = walk_rows<Row>(program, mapping, 0, rows_per_walk, keep); !walked)
        return walked.error();
    return rows;
}

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
        bpf_map__set_max_entries(skeleton_->maps.ioasid_rows, rows_per_walk);
        bpf_map__set_max_entries(skeleton_->maps.set_rows, rows_per_walk);
        bpf_map__set_max_entries(skeleton_->maps.binding_rows, rows_per_walk);
        bpf_map__set_max_entries(skeleton_->maps.device_rows, rows_per_walk);
        bpf_map__set_max_entries(skeleton_->maps.space_rows, rows_per_walk);
        if (auto loaded = skeleton_.load(what, log); !loaded)
            return loaded;
        return map_all();
    }

    Result<RawSnapshot> read(unsigned parts) override
    {
        RawSnapshot raw;
        const auto &programs = skeleton_->progs;
        if (parts & part_system) {
            auto rows = read_rows<ioasid_system_row>(programs.snapshot_system, system_);
            if (!rows)
                return std::move(rows).error();
            if (!rows->empty())
                raw.system = rows->front();
        }
        if (auto done =
                fill(parts & part_devices, programs.snapshot_devices, devices_, raw.devices);
            !done)
            return done.error();
        if (auto done = fill(parts & part_processes, programs.snapshot_sets, sets_, raw.sets);
            !done)
            return done.error();
        if (auto done = fill(parts & part_spaces, programs.snapshot_spaces, spaces_, raw.spaces);
            !done)
            return done.error();
        // Read bindings first, so that the IOASID of each binding is found in the later read unless
        // it was freed in between.
        if (auto done =
                fill(parts & part_bindings, programs.snapshot_bindings, bindings_, raw.bindings);
            !done)
            return done.error();
        if (auto done =
                fill(parts & part_ioasids, programs.snapshot_ioasids, ioasids_, raw.ioasids);
            !done)
            return done.error();
        return raw;
    }

    Result<void> walk_ioasids(std::uint32_t start, std::uint32_t page,
                              const TakeIoasids &take) override
    {
        return walk_rows<ioasid_row>(skeleton_->progs.snapshot_ioasids, ioasids_, start, page,
                                     take);
    }

    Result<void> walk_bindings(std::uint64_t start, std::uint32_t page,
                               const TakeBindings &take) override
    {
        return walk_rows<ioasid_binding_row>(skeleton_->progs.snapshot_bindings, bindings_, start,
                                             page, take);
    }

  private:
    template <class Row>
    static Result<void> fill(unsigned wanted, const bpf_program *program, const Mapping &mapping,
                             std::vector<Row> &rows)
    {
        if (!wanted)
            return {};
        auto read = read_rows<Row>(program, mapping);
        if (!read)
            return std::move(read).error();
        rows = std::move(*read);
        return {};
    }

    template <class Row> static Result<void> map_one(const bpf_map *map, Mapping &mapping)
    {
        auto mapped = map_rows<Row>(map);
        if (!mapped)
            return std::move(mapped).error();
        mapping = std::move(*mapped);
        return {};
    }

    Result<void> map_all()
    {
        const auto &maps = skeleton_->maps;
        if (auto done = map_one<ioasid_row>(maps.ioasid_rows, ioasids_); !done)
            return done;
        if (auto done = map_one<ioasid_set_row>(maps.set_rows, sets_); !done)
            return done;
        if (auto done = map_one<ioasid_binding_row>(maps.binding_rows, bindings_); !done)
            return done;
        if (auto done = map_one<ioasid_device_row>(maps.device_rows, devices_); !done)
            return done;
        if (auto done = map_one<ioasid_space_row>(maps.space_rows, spaces_); !done)
            return done;
        return map_one<ioasid_system_row>(maps.system_row, system_);
    }

    SnapshotSkeleton skeleton_;
    Mapping ioasids_, sets_, bindings_, devices_, spaces_, system_;
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
