// SPDX-License-Identifier: GPL-2.0
#include "cmd/command.hpp"
#include "lib/module.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"

#include <ctime>
#include <numeric>
#include <optional>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace pasid {

namespace {

struct State {
    bool loaded = false;
    std::optional<Snapshot> snapshot;
    std::optional<InstalledPolicy> policy;
    std::vector<std::uint64_t> losses; // of each that reads events
    std::string problem;               // why something could not be read
};

State read_state(Environment &environment)
{
    State state;
    const auto host = environment.open_host();
    state.loaded = host->exists(fmt::format("/sys/module/{}", module_name));
    state.losses = host->event_losses();
    auto policy = environment.open_policies()->installed();
    if (policy)
        state.policy = std::move(*policy);
    else
        state.problem = describe(policy.error());
    if (!state.loaded)
        return state;

    auto feed = environment.open_feed({.snapshots = true});
    auto snapshot = feed ? (*feed)->snapshot(part_system | part_devices)
                         : Result<Snapshot>(std::move(feed).error());
    if (snapshot)
        state.snapshot = std::move(*snapshot);
    else
        state.problem = describe(snapshot.error());
    return state;
}

Json to_json(const State &state)
{
    Json object = Json::object();
    object["pasidctl"] = PASIDCTL_VERSION;
    object["module_loaded"] = state.loaded;
    object["system"] = state.snapshot ? pasid::to_json(state.snapshot->system) : Json(nullptr);
    object["devices"] = state.snapshot
                            ? pasid::to_json(std::span<const Device>(state.snapshot->devices))
                            : Json::array();
    object["policy"] = nullptr;
    if (state.policy)
        object["policy"] = {{"generation", state.policy->generation},
                            {"applied_ns", state.policy->applied_ns},
                            {"rules", state.policy->image->nr_rules}};
    object["readers"] = Json::array();
    for (const std::uint64_t lost : state.losses)
        object["readers"].push_back({{"lost", lost}});
    object["problem"] = state.problem.empty() ? Json(nullptr) : Json(state.problem);
    return object;
}

std::string when(std::uint64_t wall_ns)
{
    return fmt::format("{:%Y-%m-%d %H:%M:%S}",
                       fmt::localtime(static_cast<std::time_t>(wall_ns / 1'000'000'000)));
}

void print_text(Output &out, const State &state)
{
    const auto line = [&](std::string_view name, const std::string &value) {
        out.line(fmt::format("{:<10} {}", name, value));
    };
    line("pasidctl", PASIDCTL_VERSION);
    if (!state.loaded)
        line("module", fmt::format("not loaded; load it: modprobe {}", module_name));
    if (state.snapshot) {
        const System &system = state.snapshot->system;
        line("module", fmt::format("{} {}, {} bits{}", module_name, system.version,
                                   system.pasid_bits, system.fail_closed ? ", fail-closed" : ""));
        line("PASIDs",
             fmt::format("{} of {} in {} sets", system.live, system.capacity, system.sets));
        line("events", fmt::format("{}, of them {} denials", system.events, system.denials));
        for (const Device &device : state.snapshot->devices)
            line("device",
                 fmt::format("{} ({}), {} bound, {} DMAs, {} faults", device.name, device.backend,
                             device.bindings, device.dmas, device.faults));
    }
    line("policy",
         state.policy ? fmt::format("generation {}, {} rules, applied {}", state.policy->generation,
                                    state.policy->image->nr_rules, when(state.policy->applied_ns))
         : state.snapshot && state.snapshot->system.policy_attached ? "attached by another program"
                                                                    : "none");
    if (!state.losses.empty())
        line("readers", fmt::format("{} of events, {} lost", state.losses.size(),
                                    std::accumulate(state.losses.begin(), state.losses.end(),
                                                    std::uint64_t{0})));
    if (!state.problem.empty())
        line("problem", state.problem);
}

Result<Exit> status(Context &context)
{
    const State state = read_state(context.environment);
    if (context.json())
        context.out.line(json_text(to_json(state)));
    else
        print_text(context.out, state);
    return state.loaded && state.problem.empty() ? Exit::done : Exit::negative;
}

} // namespace

Action setup_status(CLI::App &) { return status; }

} // namespace pasid
