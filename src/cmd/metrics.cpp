// SPDX-License-Identifier: GPL-2.0-only
// Metrics in the Prometheus text format, served directly or written for node_exporter.
#include "cmd/command.hpp"
#include "cmd/number_option.hpp"
#include "lib/replace_file.hpp"
#include "lib/signals.hpp"
#include "model/names.hpp"
#include "render/fields.hpp"

#include <map>
#include <mutex>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <poll.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/text_serializer.h>

namespace pasid {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// The metric ioasid_PREFIX_NAME has the value of the field @key for each row.
struct Metric {
    const char *name;
    MetricType type;
    const char *key;
};

constexpr Metric of_system[] = {
    {"live", MetricType::Gauge, "live"},
    {"capacity", MetricType::Gauge, "capacity"},
    {"sets", MetricType::Gauge, "sets"},
    {"events_total", MetricType::Counter, "events"},
    {"denials_total", MetricType::Counter, "denials"},
    {"policy_attached", MetricType::Gauge, "policy_attached"},
    {"fail_closed", MetricType::Gauge, "fail_closed"},
};
constexpr Metric of_cgroups[] = {
    {"cgroup_current", MetricType::Gauge, "current"},
    {"cgroup_max", MetricType::Gauge, "max"},
    {"cgroup_peak", MetricType::Gauge, "peak"},
    {"cgroup_denied_here_total", MetricType::Counter, "denied_here"},
    {"cgroup_denied_asked_total", MetricType::Counter, "denied_asked"},
    {"cgroup_would_deny_total", MetricType::Counter, "would_deny"},
};
constexpr Metric of_devices[] = {
    {"device_bindings", MetricType::Gauge, "bindings"},
    {"device_dmas_total", MetricType::Counter, "dmas"},
    {"device_faults_total", MetricType::Counter, "faults"},
};

struct Options {
    std::string place;
    std::string path;
    std::uint64_t unused_ns = 300'000'000'000;
};

// Sources of the values.
struct Sources {
    std::unique_ptr<Feed> feed;
    std::unique_ptr<SnapshotSource> rows; // null: unused PASIDs are not counted
    std::unique_ptr<PolicyStore> policies;
    std::unique_ptr<HistoryStore> history;
    std::unique_ptr<Host> host;
    std::uint64_t unused_ns = 0;
};

using Labels = std::vector<ClientMetric::Label>;

ClientMetric sample_of(MetricType type, std::uint64_t number)
{
    ClientMetric sample;
    (type == MetricType::Counter ? sample.counter.value : sample.gauge.value) =
        static_cast<double>(number);
    return sample;
}

// Null values are skipped. @label: key of the field that identifies a row, or null.
template <class Row>
void add_metrics(std::vector<MetricFamily> &families, std::span<const Metric> metrics,
                 std::span<const Row> rows, const char *label)
{
    for (const Metric &metric : metrics) {
        const Field<Row> *field = find_field<Row>(metric.key);
        MetricFamily family{
            fmt::format("ioasid_{}", metric.name), std::string(field->help), metric.type, {}};
        for (const Row &row : rows) {
            const Value value = field->get(row);
            if (const auto *number = std::get_if<std::uint64_t>(&value))
                family.metric.push_back(sample_of(metric.type, *number));
            else if (const auto *flag = std::get_if<bool>(&value))
                family.metric.push_back(sample_of(metric.type, *flag));
            else
                continue;
            if (label)
                family.metric.back().label = {
                    {label, printable(find_field<Row>(label)->text(row))}};
        }
        families.push_back(std::move(family));
    }
}

// A metric that is not a field; the caller adds its samples.
MetricFamily &add_family(std::vector<MetricFamily> &families, const char *name, std::string help,
                         MetricType type)
{
    families.push_back({fmt::format("ioasid_{}", name), std::move(help), type, {}});
    return families.back();
}

void add_sample(MetricFamily &family, std::uint64_t number, Labels labels = {})
{
    family.metric.push_back(sample_of(family.type, number));
    family.metric.back().label = std::move(labels);
}

void add_build(std::vector<MetricFamily> &families, const System &system)
{
    add_sample(add_family(families, "build_info",
                          "Always 1; labels have the versions of pasidctl and the module",
                          MetricType::Gauge),
               1, {{"pasidctl", PASIDCTL_VERSION}, {"module", printable(system.version)}});
}

void add_policy(std::vector<MetricFamily> &families, const Snapshot &snapshot)
{
    add_sample(add_family(families, "policy_generation",
                          "Generation of the active policy; 0: no pasidctl policy",
                          MetricType::Gauge),
               snapshot.policy_generation);
    auto &rules = add_family(families, "policy_rules", "Rules of the active policy, by mode",
                             MetricType::Gauge);
    add_sample(rules, snapshot.policy.rules.size() - snapshot.policy.audit,
               {{"mode", std::string(mode_name(IOASID_MODE_ENFORCE))}});
    add_sample(rules, snapshot.policy.audit, {{"mode", std::string(mode_name(IOASID_MODE_AUDIT))}});
    auto &of_cgroup = add_family(families, "cgroup_rule_info",
                                 "Always 1; the rule for exactly this cgroup", MetricType::Gauge);
    for (const CgroupUsage &row : snapshot.cgroups)
        if (row.rule && row.mode)
            add_sample(of_cgroup, 1,
                       {{"cgroup", printable(row.cgroup)},
                        {"rule", printable(*row.rule)},
                        {"mode", std::string(mode_name(*row.mode))}});
}

void add_engine(std::vector<MetricFamily> &families, const ioasid_engine &engine)
{
    add_sample(add_family(families, "policy_nodes", "Nodes in use", MetricType::Gauge),
               engine.used);
    add_sample(
        add_family(families, "policy_nodes_limit", "Maximum number of nodes", MetricType::Gauge),
        IOASID_MAX_NODES - 1);
    add_sample(add_family(families, "policy_nodes_full_total",
                          "How often a cgroup was counted in an ancestor for lack of a node",
                          MetricType::Counter),
               engine.nodes_full);
    add_sample(add_family(families, "policy_uncounted_total",
                          "Requests denied because their cgroup has a rule but no node",
                          MetricType::Counter),
               engine.uncounted);
    add_sample(add_family(families, "policy_underflows_total",
                          "Uncharges that exceeded the charge; nonzero indicates a bug",
                          MetricType::Counter),
               engine.underflows);
    add_sample(
        add_family(families, "policy_exceeded_total",
                   "Times that a move, an adoption or audit mode raised a cgroup above its limit",
                   MetricType::Counter),
        engine.exceeded);
}

void add_states(std::vector<MetricFamily> &families, const std::vector<Process> &processes)
{
    std::uint64_t all = 0, active = 0, pending = 0, bindings = 0;
    for (const Process &process : processes) {
        all += process.pasids;
        active += process.active;
        pending += process.free_pending;
        bindings += process.bindings;
    }
    auto &states = add_family(families, "pasids", "PASIDs by state", MetricType::Gauge);
    const auto add = [&states](ioasid_state state, std::uint64_t count) {
        add_sample(states, count, {{"state", std::string(state_name(state))}});
    };
    // The counts are read separately and may not add up.
    add(IOASID_STATE_IDLE, all > active + pending ? all - active - pending : 0);
    add(IOASID_STATE_ACTIVE, active);
    add(IOASID_STATE_FREE_PENDING, pending);
    add_sample(add_family(families, "bindings", "Current bindings of PASIDs to devices",
                          MetricType::Gauge),
               bindings);
}

void add_spaces(std::vector<MetricFamily> &families, const std::vector<Space> &spaces)
{
    std::map<unsigned, std::uint64_t> count;
    std::map<std::string, std::uint64_t> mapped; // by cgroup
    for (const Space &space : spaces) {
        count[space.kind]++;
        mapped[printable(space.cgroup)] += space.mapped;
    }
    auto &kinds = add_family(families, "ioas", "I/O address spaces by kind", MetricType::Gauge);
    for (const NumberedName &kind : kind_names)
        add_sample(kinds, count[kind.number], {{"kind", std::string(kind.name)}});
    auto &bytes =
        add_family(families, "cgroup_mapped_bytes",
                   "Memory mapped in I/O address spaces of this cgroup's processes, without those "
                   "of its descendants",
                   MetricType::Gauge);
    for (const auto &[cgroup, size] : mapped)
        add_sample(bytes, size, {{"cgroup", cgroup}});
}

Result<void> add_unused(std::vector<MetricFamily> &families, SnapshotSource &rows,
                        std::uint64_t unused_ns)
{
    constexpr std::uint32_t page = 16384;
    const std::uint64_t now = clocks_now().mono_ns;
    std::uint64_t count = 0;
    const auto walked = rows.walk_ioasids(0, page, [&](std::span<const ioasid_row> found) {
        for (const ioasid_row &row : found)
            count += is_unused(row.state, since(row.used_ns, now), unused_ns);
        return true;
    });
    if (!walked)
        return walked;
    add_sample(
        add_family(families, "unused_pasids",
                   fmt::format("Idle PASIDs unused for at least {} s", unused_ns / 1'000'000'000),
                   MetricType::Gauge),
        count);
    return {};
}

// Events that were lost before they reached a reader or the history.
void add_losses(std::vector<MetricFamily> &families, HistoryStore &history, Host &host)
{
    std::map<std::uint32_t, std::uint64_t> readers; // a reader has several programs
    for (const AttachedProgram &program : host.attached_programs())
        if (program.reader)
            readers[program.reader] = program.lost;
    std::uint64_t lost = 0;
    for (const auto &[reader, count] : readers)
        lost += count;
    add_sample(add_family(families, "event_readers", "Programs currently reading events",
                          MetricType::Gauge),
               readers.size());
    auto &losses =
        add_family(families, "events_lost_total",
                   "Events lost by the history or by the current readers", MetricType::Counter);
    add_sample(losses, lost, {{"by", "readers"}});
    const auto state = history.state();
    if (state && *state)
        add_sample(losses, (*state)->lost, {{"by", "history"}});
    add_sample(add_family(families, "history_enabled", "Whether the history is enabled",
                          MetricType::Gauge),
               state && *state);
}

Result<std::vector<MetricFamily>> read_metrics(Sources &sources)
{
    const auto snapshot = sources.feed->snapshot(part_system | part_cgroups | part_devices |
                                                 part_processes | part_spaces);
    if (!snapshot)
        return snapshot.error();
    std::vector<MetricFamily> families;
    add_build(families, snapshot->system);
    add_metrics<System>(families, of_system, std::span(&snapshot->system, 1), nullptr);
    add_states(families, snapshot->processes);
    add_spaces(families, snapshot->spaces);
    if (sources.rows)
        if (auto added = add_unused(families, *sources.rows, sources.unused_ns); !added)
            return added.error();
    add_policy(families, *snapshot);
    const auto engine = sources.policies->engine();
    if (!engine)
        return engine.error();
    if (*engine)
        add_engine(families, **engine);
    add_metrics<CgroupUsage>(families, of_cgroups, snapshot->cgroups, "cgroup");
    add_metrics<Device>(families, of_devices, snapshot->devices, "device");
    add_losses(families, *sources.history, *sources.host);
    return families;
}

// Called by the server's threads; reads are serialized.
class Collector : public prometheus::Collectable {
  public:
    explicit Collector(Sources &sources) : sources_(sources) {}

    // If the state cannot be read, ioasid_up is 0, so that an alert can use it.
    std::vector<MetricFamily> Collect() const override
    {
        const std::lock_guard guard(lock_);
        auto families = read_metrics(sources_);
        std::vector<MetricFamily> all{{"ioasid_up",
                                       "Whether the state could be read",
                                       MetricType::Gauge,
                                       {sample_of(MetricType::Gauge, families ? 1 : 0)}}};
        if (families)
            std::move(families->begin(), families->end(), std::back_inserter(all));
        return all;
    }

  private:
    Sources &sources_;
    mutable std::mutex lock_;
};

// A client that connects and sends nothing blocks a thread until the timeout.
constexpr const char *server_threads = "32";
constexpr const char *server_timeout_ms = "1000";

Result<Exit> serve(Context &context, Sources &sources, const std::string &place)
{
    Signals signals; // before any thread exists, so that none is interrupted
    const auto collector = std::make_shared<Collector>(sources);
    std::unique_ptr<prometheus::Exposer> server;
    try {
        server = std::make_unique<prometheus::Exposer>(
            std::vector<std::string>{"listening_ports", place, "num_threads", server_threads,
                                     "request_timeout_ms", server_timeout_ms});
    } catch (const std::exception &) {
        return Error{"cannot listen on " + place, "the address is invalid or already in use",
                     "use a form like 127.0.0.1:9471 or [::1]:9471", 0, Exit::usage};
    }
    server->RegisterCollectable(collector);
    context.note("listening on " + place + ", path /metrics... press Ctrl-C to stop");
    for (;;) {
        pollfd wanted{signals.fd(), POLLIN, 0};
        if (poll(&wanted, 1, -1) < 0 && errno != EINTR)
            return system_error("cannot wait", errno);
        if (signals.take().stop)
            return Exit::done;
    }
}

Result<Sources> open_sources(Environment &environment, std::uint64_t unused_ns)
{
    auto feed = environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    Sources sources{
        std::move(*feed),        nullptr,  environment.open_policies(), environment.open_history(),
        environment.open_host(), unused_ns};
    if (unused_ns) {
        auto rows = environment.open_snapshots();
        if (!rows)
            return std::move(rows).error();
        sources.rows = std::move(*rows);
    }
    return sources;
}

Result<Exit> metrics(Context &context, const Options &options)
{
    auto sources = open_sources(context.environment, options.unused_ns);
    if (!sources)
        return std::move(sources).error();
    if (!options.place.empty())
        return serve(context, *sources, options.place);
    const auto families = read_metrics(*sources);
    if (!families)
        return families.error();
    const std::string text = prometheus::TextSerializer().Serialize(*families);
    if (options.path.empty()) {
        context.out.pending() += text;
        return Exit::done;
    }
    // Another user's program reads the file.
    if (const int err = replace_file(options.path, text, 0644); err != 0)
        return Error{"cannot write " + options.path, std::generic_category().message(err), "", err,
                     Exit::usage};
    return Exit::done;
}

} // namespace

Action setup_metrics(CLI::App &app)
{
    const auto options = std::make_shared<Options>();
    auto *listening =
        app.add_option("--listen", options->place, "Serve HTTP requests at this address")
            ->type_name("ADDRESS:PORT");
    app.add_option("--textfile", options->path, "Write this file for node_exporter and exit")
        ->type_name("PATH")
        ->excludes(listening);
    app.add_option("--unused", options->unused_ns,
                   "Count PASIDs unused for at least this long, e.g. 30s; 0s: never (default: 5m)")
        ->type_name("TIME")
        ->transform(duration_in_ns());
    return [options](Context &context) { return metrics(context, *options); };
}

} // namespace pasid
