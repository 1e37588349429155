// SPDX-License-Identifier: GPL-2.0-only
#include "lib/history.hpp"

#include <algorithm>
#include <array>

#include <unistd.h>

#include "history.skel.h"
#include "lib/bpf_info.hpp"
#include "lib/bpf_skeleton.hpp"
#include "lib/fd.hpp"
#include "lib/join.hpp"
#include "lib/mapping.hpp"
#include "lib/module.hpp"
#include "lib/pins.hpp"

namespace pasid {

namespace {

using HistorySkeleton =
    Skeleton<history_bpf, history_bpf__open, history_bpf__load, history_bpf__destroy>;

constexpr const char *start_again = "start over with pasidctl history stop, then start";

// Two maps and one link per tracepoint are pinned. The history is on if all of them exist.
constexpr const char *slots_pin = "slots", *counters_pin = "counters";
struct LinkPin {
    const char *name;
    bpf_link *(*link)(const history_bpf &);
};
constexpr std::array link_pins{
#define X(number, constant, name, help)                                                            \
    LinkPin{"link_" #name, [](const history_bpf &bpf) { return bpf.links.keep_##name; }},
    IOASID_TRACEPOINTS(X)
#undef X
};

class KernelHistoryStore : public HistoryStore {
  public:
    Result<std::optional<HistoryState>> state() override
    {
        const auto found = open();
        if (!found)
            return found.error();
        if (!*found)
            return std::optional<HistoryState>{};
        const ioasid_history &counters = (*found)->counters;
        HistoryState state;
        state.size = counters.size;
        state.events = counters.next + (*found)->skipped;
        // An event is dropped only if its slot holds another one, so no slot stays empty once used.
        state.kept = std::min<std::uint64_t>(counters.next, counters.size);
        state.lost = counters.dropped + (*found)->skipped;
        state.since_ns = counters.since_ns;
        return std::optional(state);
    }

    Result<std::optional<History>> read() override
    {
        const auto found = open();
        if (!found)
            return found.error();
        if (!*found)
            return std::optional<History>{};
        const ioasid_history &counters = (*found)->counters;
        wait_for_programs(); // after this, every numbered event is stored
        const std::size_t bytes = counters.size * sizeof(ioasid_history_slot);
        const auto slots = Mapping::of_fd((*found)->slots.get(), bytes, PROT_READ);
        if (!slots)
            return slots.error();
        History history;
        history.events = complete_events(slots->as<const ioasid_history_slot>(), counters.next);
        // The two counters are not read atomically.
        const std::uint64_t known = counters.dropped + history.events.size();
        history.older = counters.next - std::min<std::uint64_t>(counters.next, known);
        history.lost = counters.dropped + (*found)->skipped;
        return std::optional(std::move(history));
    }

    Result<bool> start(std::uint32_t size) override
    {
        const char *what = "cannot start the history";
        const auto lock = pins_.lock();
        if (!lock)
            return lock.error();
        if (is_whole()) {
            const auto now = open();
            return now ? Result<bool>(false) : Result<bool>(now.error());
        }
        const auto done =
            with_module(what, [&] { return pins_.fill([&] { return load_and_pin(size, what); }); });
        return done ? Result<bool>(true) : Result<bool>(done.error());
    }

    Result<bool> stop() override
    {
        const auto lock = pins_.lock();
        if (!lock)
            return lock.error();
        const bool was_there = pins_.has(".");
        const auto links = link_ids();
        if (auto cleared = pins_.clear(); !cleared)
            return cleared.error();
        wait_for_end(links);
        return was_there;
    }

  private:
    struct HistoryMaps {
        Fd slots;
        ioasid_history counters{};
        // times that a program was skipped because it was already running on that CPU
        std::uint64_t skipped = 0;
    };

    bool is_whole() const
    {
        return pins_.has(slots_pin) && pins_.has(counters_pin) &&
               std::all_of(link_pins.begin(), link_pins.end(),
                           [&](const LinkPin &pin) { return pins_.has(pin.name); });
    }

    Result<std::optional<HistoryMaps>> open() const
    {
        const char *what = "cannot read the history";
        if (!pins_.has("."))
            return errno == EACCES
                       ? Result<std::optional<HistoryMaps>>(system_error(
                             "cannot list " + pins_.path(), errno, rights_remedy(errno)))
                       : std::optional<HistoryMaps>{};
        if (!is_whole())
            return Error{what, pins_.path() + " was left behind by an interrupted start or stop",
                         start_again};
        HistoryMaps opened;
        const Fd counters(bpf_obj_get(pins_.pin(counters_pin).c_str()));
        opened.slots.reset(bpf_obj_get(pins_.pin(slots_pin).c_str()));
        const auto counters_info = bpf_info<bpf_map_info>(counters.get());
        const auto slots_info = bpf_info<bpf_map_info>(opened.slots.get());
        if (!counters_info || !slots_info)
            return system_error(what, errno, rights_remedy(errno));
        const __u32 zero = 0;
        if (counters_info->value_size != sizeof(opened.counters) ||
            slots_info->value_size != sizeof(ioasid_history_slot) ||
            bpf_map_lookup_elem(counters.get(), &zero, &opened.counters) != 0 ||
            opened.counters.layout != IOASID_HISTORY_LAYOUT ||
            opened.counters.size != slots_info->max_entries)
            return Error{what, "it was started by another version of pasidctl", start_again};
        opened.skipped = skipped();
        return std::optional(std::move(opened));
    }

    std::optional<bpf_link_info> pinned_link(const std::string &name) const
    {
        return bpf_info<bpf_link_info>(Fd(bpf_obj_get(pins_.pin(name).c_str())).get());
    }

    std::uint64_t skipped() const
    {
        std::uint64_t sum = 0;
        for (const LinkPin &pin : link_pins) {
            const auto link = pinned_link(pin.name);
            const Fd program(link ? bpf_prog_get_fd_by_id(link->prog_id) : -1);
            if (const auto info = bpf_info<bpf_prog_info>(program.get()))
                sum += info->recursion_misses;
        }
        return sum;
    }

    Result<void> load_and_pin(std::uint32_t size, const char *what) const
    {
        const BpfLog log;
        HistorySkeleton skeleton;
        if (auto opened = skeleton.open(what, log); !opened)
            return opened;
        bpf_map__set_max_entries(skeleton->maps.kept_events, size);
        if (auto loaded = skeleton.load(what, log); !loaded)
            return loaded;
        skeleton->bss->history = {.next = 0,
                                  .dropped = 0,
                                  .since_ns = clocks_now().wall_ns,
                                  .size = size,
                                  .layout = IOASID_HISTORY_LAYOUT};
        const std::array maps{std::pair{slots_pin, skeleton->maps.kept_events},
                              std::pair{counters_pin, skeleton->maps.bss}};
        for (const auto &[name, map] : maps)
            if (const int result = bpf_map__pin(map, pins_.pin(name).c_str()); result != 0)
                return bpf_error(what, -result, log);
        if (const int result = history_bpf__attach(skeleton.get()); result != 0)
            return bpf_error(what, -result, log);
        for (const LinkPin &pin : link_pins)
            if (const int result =
                    bpf_link__pin(pin.link(*skeleton.get()), pins_.pin(pin.name).c_str());
                result != 0)
                return bpf_error(what, -result, log);
        return {};
    }

    std::vector<__u32> link_ids() const
    {
        std::vector<__u32> ids;
        for (const std::string &name : pins_.names()) {
            if (const auto link = pinned_link(name); link && name.starts_with("link_"))
                ids.push_back(link->id);
        }
        return ids;
    }

    // The kernel releases a link some time after its pin is removed.
    static void wait_for_end(const std::vector<__u32> &links)
    {
        constexpr int max_polls = 500; // 10 ms each
        const auto gone = [](__u32 id) { return !Fd(bpf_link_get_fd_by_id(id)); };
        for (int i = 0; i < max_polls && !std::all_of(links.begin(), links.end(), gone); i++)
            usleep(10'000);
    }

    PinDirectory pins_{"history", "/sys/fs/bpf/pasidctl-history", "/run/pasidctl-history.lock"};
};

} // namespace

std::unique_ptr<HistoryStore> kernel_history_store()
{
    return std::make_unique<KernelHistoryStore>();
}

} // namespace pasid
