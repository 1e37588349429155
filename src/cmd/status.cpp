// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/command.hpp"
#include "lib/module.hpp"
#include "render/fields.hpp"
#include "render/json.hpp"
#include "render/value.hpp"

#include <ctime>
#include <map>
#include <optional>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <linux/capability.h>

namespace pasid {

namespace {

struct State {
    bool loaded = false;
    std::string version;             // of the module; every user can read it from sysfs
    std::optional<bool> fail_closed; // also from sysfs
    std::optional<Snapshot> snapshot;
    // Outer optional: whether it could be read; inner: whether there is one.
    std::optional<std::optional<InstalledPolicy>> policy;
    std::optional<ioasid_engine> engine; // of the policy
    std::optional<std::optional<HistoryState>> history;
    std::optional<std::vector<AttachedProgram>> programs;
    std::string problem; // why something could not be read
};

constexpr const char *unknown = "unknown";

// One program per event reader.
std::vector<AttachedProgram> readers_of(const std::vector<AttachedProgram> &programs)
{
    std::map<std::uint32_t, AttachedProgram> readers;
    for (const AttachedProgram &program : programs)
        if (program.reader)
            readers.emplace(program.reader, program);
    std::vector<AttachedProgram> list;
    list.reserve(readers.size());
    for (auto &[number, program] : readers)
        list.push_back(std::move(program));
    return list;
}

State read_state(Environment &environment)
{
    State state;
    const auto host = environment.open_host();
    state.loaded = host->exists(module_directory);
    if (state.loaded) {
        state.version = host->read(module_directory + "/version").value_or("");
        if (const auto value = host->read(module_directory + "/parameters/fail_closed"))
            state.fail_closed = *value == "Y";
    }
    // Without this capability programs of other users are not visible.
    if (host->has_capability(CAP_SYS_ADMIN))
        state.programs = host->attached_programs();
    const auto policies = environment.open_policies();
    auto policy = policies->installed();
    if (policy)
        state.policy = std::move(*policy);
    else
        state.problem = describe(policy.error());
    if (const auto engine = policies->engine())
        state.engine = *engine;
    if (auto history = environment.open_history()->state())
        state.history = *history;
    else if (state.problem.empty())
        state.problem = describe(history.error());
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

Json process_json(const AttachedProgram &program)
{
    if (program.pid == 0)
        return {{"pid", nullptr}, {"comm", nullptr}};
    return {{"pid", program.pid}, {"comm", program.comm}};
}

Json to_json(const AttachedProgram &program)
{
    Json row = {{"id", program.id},
                {"name", program.name},
                {"type", program.type},
                {"attached_to", program.attached_to},
                {"pinned", program.pinned.empty() ? Json(nullptr) : Json(program.pinned)}};
    row.update(process_json(program));
    return row;
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
    object["fail_closed"] = state.fail_closed ? Json(*state.fail_closed) : Json(nullptr);
    object["policy"] = nullptr;
    object["policy_known"] = state.policy.has_value();
    if (state.policy && *state.policy) {
        const InstalledPolicy &policy = **state.policy;
        object["policy"] = {{"generation", policy.generation},
                            {"applied_ns", policy.applied_ns},
                            {"rules", policy.image->nr_rules}};
    }
    object["nodes"] = nullptr;
    if (const auto &engine = state.engine)
        object["nodes"] = {{"used", engine->used},
                           {"limit", IOASID_MAX_NODES - 1},
                           {"full", engine->nodes_full},
                           {"uncounted", engine->uncounted},
                           {"underflows", engine->underflows},
                           {"exceeded", engine->exceeded}};
    object["history"] = nullptr;
    object["history_known"] = state.history.has_value();
    if (state.history && *state.history) {
        const HistoryState &history = **state.history;
        object["history"] = {{"size", history.size},
                             {"kept", history.kept},
                             {"events", history.events},
                             {"lost", history.lost},
                             {"since_ns", history.since_ns}};
    }
    const auto programs = state.programs.value_or(std::vector<AttachedProgram>{});
    object["programs_known"] = state.programs.has_value();
    object["programs"] = Json::array();
    for (const AttachedProgram &program : programs)
        object["programs"].push_back(to_json(program));
    object["readers"] = Json::array();
    for (const AttachedProgram &reader : readers_of(programs)) {
        Json row = {{"lost", reader.lost}};
        row.update(process_json(reader));
        object["readers"].push_back(std::move(row));
    }
    object["problem"] = state.problem.empty() ? Json(nullptr) : Json(state.problem);
    return object;
}

std::string when(std::uint64_t wall_ns)
{
    return fmt::format("{:%Y-%m-%d %H:%M:%S}",
                       fmt::localtime(static_cast<std::time_t>(wall_ns / 1'000'000'000)));
}

std::string folder_of(const std::string &path) { return path.substr(0, path.rfind('/')); }

// What holds a program; pins in one directory belong together.
std::string holder_text(const AttachedProgram &program)
{
    if (!program.pinned.empty())
        return folder_of(program.pinned);
    return program.pid ? fmt::format("held by {} ({})", program.comm, program.pid)
                       : "holder unknown";
}

// One line per type of program and holder.
std::vector<std::string> program_lines(const std::vector<AttachedProgram> &programs)
{
    struct Group {
        std::size_t count = 0;
        std::set<std::string> places, pins;
    };
    std::map<std::pair<std::string, std::string>, Group> groups;
    for (const AttachedProgram &program : programs) {
        Group &group = groups[{holder_text(program), program.type}];
        group.count++;
        group.places.insert(program.attached_to);
        if (!program.pinned.empty())
            group.pins.insert(program.pinned);
    }
    std::vector<std::string> lines;
    for (const auto &[key, group] : groups) {
        const auto &[holder, type] = key;
        const std::size_t more = group.places.size() - 1;
        lines.push_back(fmt::format("{} {} on {}{}, {}", group.count, type, *group.places.begin(),
                                    more ? fmt::format(" and {} more", more) : "",
                                    group.pins.empty()       ? holder
                                    : group.pins.size() == 1 ? "pinned: " + *group.pins.begin()
                                                             : "pinned: " + holder));
    }
    return lines;
}

std::string readers_line(const std::vector<AttachedProgram> &readers)
{
    std::uint64_t lost = 0;
    for (const AttachedProgram &reader : readers)
        lost += reader.lost;
    return fmt::format("{} reading events, {} lost", readers.size(), lost);
}

std::string policy_text(const State &state)
{
    if (!state.policy)
        return state.snapshot && state.snapshot->system.policy_attached
                   ? "attached but not pinned here"
                   : unknown;
    if (const auto &policy = *state.policy)
        return fmt::format("generation {}, {}, applied {}", policy->generation,
                           counted(policy->image->nr_rules, "rule"), when(policy->applied_ns));
    return "none";
}

std::string nodes_text(const ioasid_engine &engine)
{
    return fmt::format("{} of {} nodes in use; {} requests denied for lack of a node", engine.used,
                       IOASID_MAX_NODES - 1, engine.uncounted);
}

std::string history_text(const State &state)
{
    if (!state.history)
        return unknown;
    if (const auto &history = *state.history)
        return fmt::format("{} of {} events recorded, since {}", history->kept, history->size,
                           when(history->since_ns));
    return "off";
}

std::string module_text(const State &state)
{
    std::string bits;
    if (state.snapshot)
        bits = fmt::format(", {} bits", state.snapshot->system.pasid_bits);
    return fmt::format("{} {}{}, fail_closed {}", module_name, state.version, bits,
                       !state.fail_closed   ? unknown
                       : *state.fail_closed ? "on"
                                            : "off");
}

void print_text(Output &out, const State &state)
{
    const auto line = [&](std::string_view name, const std::string &value) {
        out.line(fmt::format("{:<10} {}", name, value));
    };
    line("pasidctl", PASIDCTL_VERSION);
    if (!state.loaded)
        line("module", fmt::format("not loaded; load it: modprobe {}", module_name));
    else
        line("module", module_text(state));
    if (state.snapshot) {
        const System &system = state.snapshot->system;
        line("PASIDs", fmt::format("{} of {} in {}", system.live, system.capacity,
                                   counted(system.sets, "set")));
        line("events",
             fmt::format("{}, including {}", system.events, counted(system.denials, "denial")));
        for (const Device &device : state.snapshot->devices)
            line("device", fmt::format("{} ({}), {} bound, {}, {}", device.name, device.backend,
                                       device.bindings, counted(device.dmas, "DMA"),
                                       counted(device.faults, "fault")));
    }
    line("policy", policy_text(state));
    if (state.engine)
        line("nodes", nodes_text(*state.engine));
    line("history", history_text(state));
    if (!state.programs)
        line("programs", unknown);
    const auto programs = state.programs.value_or(std::vector<AttachedProgram>{});
    for (const std::string &text : program_lines(programs))
        line("programs", text);
    if (const auto readers = readers_of(programs); !readers.empty())
        line("readers", readers_line(readers));
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
