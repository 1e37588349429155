// SPDX-License-Identifier: GPL-2.0
// The state as text that Prometheus reads, directly or by node_exporter.
#include "cmd/command.hpp"
#include "lib/replace_file.hpp"
#include "lib/signals.hpp"
#include "render/fields.hpp"

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

// A metric is ioasid_PREFIX_NAME with the number of the field @key for each row.
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

ClientMetric sample_of(MetricType type, std::uint64_t number)
{
    ClientMetric sample;
    (type == MetricType::Counter ? sample.counter.value : sample.gauge.value) =
        static_cast<double>(number);
    return sample;
}

// Nulls are left out. @label: the key of the field that tells rows apart, or null.
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
            const auto *number = std::get_if<std::uint64_t>(&value);
            if (!number)
                continue;
            family.metric.push_back(sample_of(metric.type, *number));
            if (label)
                family.metric.back().label = {
                    {label, printable(find_field<Row>(label)->text(row))}};
        }
        families.push_back(std::move(family));
    }
}

Result<std::vector<MetricFamily>> read_metrics(Feed &feed)
{
    const auto snapshot = feed.snapshot(part_system | part_cgroups | part_devices);
    if (!snapshot)
        return snapshot.error();
    std::vector<MetricFamily> families;
    add_metrics<System>(families, of_system, std::span(&snapshot->system, 1), nullptr);
    add_metrics<CgroupUsage>(families, of_cgroups, snapshot->cgroups, "cgroup");
    add_metrics<Device>(families, of_devices, snapshot->devices, "device");
    return families;
}

// What the server's threads ask, one at a time.
class Collector : public prometheus::Collectable {
  public:
    explicit Collector(Feed &feed) : feed_(feed) {}

    // Without the state there is still something to alert on: ioasid_up is 0.
    std::vector<MetricFamily> Collect() const override
    {
        const std::lock_guard guard(lock_);
        auto families = read_metrics(feed_);
        std::vector<MetricFamily> all{{"ioasid_up",
                                       "Whether the state could be read",
                                       MetricType::Gauge,
                                       {sample_of(MetricType::Gauge, families ? 1 : 0)}}};
        if (families)
            std::move(families->begin(), families->end(), std::back_inserter(all));
        return all;
    }

  private:
    Feed &feed_;
    mutable std::mutex lock_;
};

Result<Exit> serve(Context &context, Feed &feed, const std::string &place)
{
    Signals signals; // before there are threads, so that none of them is interrupted
    const auto collector = std::make_shared<Collector>(feed);
    std::unique_ptr<prometheus::Exposer> server;
    try {
        server = std::make_unique<prometheus::Exposer>(place);
    } catch (const std::exception &) {
        return Error{"cannot listen on " + place, "that is no address, or it is taken",
                     "write it like 127.0.0.1:9471 or [::1]:9471", 0, Exit::usage};
    }
    server->RegisterCollectable(collector);
    context.note("listening on " + place + ", path /metrics... Ctrl-C ends");
    for (;;) {
        pollfd wanted{signals.fd(), POLLIN, 0};
        if (poll(&wanted, 1, -1) < 0 && errno != EINTR)
            return system_error("cannot wait", errno);
        if (signals.take().stop)
            return Exit::done;
    }
}

Result<Exit> metrics(Context &context, const std::string &place, const std::string &path)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    if (!place.empty())
        return serve(context, **feed, place);
    const auto families = read_metrics(**feed);
    if (!families)
        return families.error();
    const std::string text = prometheus::TextSerializer().Serialize(*families);
    if (path.empty()) {
        context.out.pending() += text;
        return Exit::done;
    }
    // It is another user's program that reads it.
    if (const int err = replace_file(path, text, 0644); err != 0)
        return Error{"cannot write " + path, std::generic_category().message(err), "", err,
                     Exit::usage};
    return Exit::done;
}

} // namespace

Action setup_metrics(CLI::App &app)
{
    const auto place = std::make_shared<std::string>();
    const auto path = std::make_shared<std::string>();
    auto *listening =
        app.add_option("--listen", *place, "Answer HTTP requests here")->type_name("ADDRESS:PORT");
    app.add_option("--textfile", *path, "Write this file, for node_exporter, and end")
        ->type_name("PATH")
        ->excludes(listening);
    return [place, path](Context &context) { return metrics(context, *place, *path); };
}

} // namespace pasid
