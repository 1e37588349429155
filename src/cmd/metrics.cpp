// SPDX-License-Identifier: GPL-2.0
// The state as text that Prometheus reads, directly or by node_exporter.
#include "cmd/command.hpp"
#include "lib/signals.hpp"
#include "render/fields.hpp"

#include <charconv>

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace pasid {

namespace {

std::string escaped(std::string_view label)
{
    std::string out;
    for (const char c : printable(label))
        out += c == '\\' || c == '"' ? std::string{'\\', c} : std::string(1, c);
    return out;
}

// Numbers of @field for each row, as one metric. Nulls are left out.
template <class Row>
void metric(std::string &out, const char *name, const char *type, const char *key,
            std::span<const Row> rows, const char *label, const char *label_key)
{
    const Field<Row> *field = find_field<Row>(key);
    out += fmt::format("# HELP ioasid_{} {}\n# TYPE ioasid_{} {}\n", name, field->help, name, type);
    for (const Row &row : rows) {
        const Value value = field->get(row);
        const auto *number = std::get_if<std::uint64_t>(&value);
        if (!number)
            continue;
        const std::string labels = label
                                       ? fmt::format("{{{}=\"{}\"}}", label,
                                                     escaped(find_field<Row>(label_key)->text(row)))
                                       : "";
        out += fmt::format("ioasid_{}{} {}\n", name, labels, *number);
    }
}

std::string metrics_text(const Snapshot &snapshot)
{
    std::string out;
    const std::span<const System> system(&snapshot.system, 1);
    const auto of_system = [&](const char *name, const char *type, const char *key) {
        metric<System>(out, name, type, key, system, nullptr, nullptr);
    };
    of_system("live", "gauge", "live");
    of_system("capacity", "gauge", "capacity");
    of_system("sets", "gauge", "sets");
    of_system("events_total", "counter", "events");
    of_system("denials_total", "counter", "denials");
    const auto of_cgroup = [&](const char *name, const char *type, const char *key) {
        metric<CgroupUsage>(out, name, type, key, snapshot.cgroups, "cgroup", "cgroup");
    };
    of_cgroup("cgroup_current", "gauge", "current");
    of_cgroup("cgroup_max", "gauge", "max");
    of_cgroup("cgroup_peak", "gauge", "peak");
    of_cgroup("cgroup_denied_here_total", "counter", "denied_here");
    of_cgroup("cgroup_denied_asked_total", "counter", "denied_asked");
    of_cgroup("cgroup_would_deny_total", "counter", "would_deny");
    const auto of_device = [&](const char *name, const char *type, const char *key) {
        metric<Device>(out, name, type, key, snapshot.devices, "device", "device");
    };
    of_device("device_bindings", "gauge", "bindings");
    of_device("device_dmas_total", "counter", "dmas");
    of_device("device_faults_total", "counter", "faults");
    return out;
}

Result<std::string> read_metrics(Feed &feed)
{
    auto snapshot = feed.snapshot(part_system | part_cgroups | part_devices);
    if (!snapshot)
        return std::move(snapshot).error();
    return metrics_text(*snapshot);
}

Error no_file(const std::string &path, int err)
{
    return Error{"cannot write " + path, std::generic_category().message(err), "", err,
                 Exit::usage};
}

// Who reads it meanwhile sees the old file or the new one, whole.
Result<void> write_file(const std::string &path, const std::string &text)
{
    const std::string fresh = fmt::format("{}.{}.new", path, getpid());
    const Fd file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file)
        return no_file(path, errno);
    Output out(file.get());
    out.pending() = text;
    out.flush();
    const int err = !out.good()                                 ? out.error()
                    : fsync(file.get()) != 0 && errno != EINVAL ? errno
                    : rename(fresh.c_str(), path.c_str()) != 0  ? errno
                                                                : 0;
    if (err == 0)
        return {};
    unlink(fresh.c_str());
    return no_file(path, err);
}

Result<Fd> listen_on(const std::string &place)
{
    const auto bad = [&](std::string why) {
        return Error{"cannot listen on " + place, std::move(why),
                     "write it like 127.0.0.1:9471 or [::1]:9471", 0, Exit::usage};
    };
    const auto colon = place.rfind(':');
    std::uint16_t port = 0;
    const std::string digits = colon == std::string::npos ? "" : place.substr(colon + 1);
    if (digits.empty() || std::from_chars(digits.data(), digits.data() + digits.size(), port).ptr !=
                              digits.data() + digits.size())
        return bad("there is no port");
    std::string host = place.substr(0, colon);
    if (host.size() > 1 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);

    sockaddr_in6 address{};
    auto *four = reinterpret_cast<sockaddr_in *>(&address);
    socklen_t size = sizeof(address);
    if (inet_pton(AF_INET6, host.c_str(), &address.sin6_addr) == 1) {
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(port);
    } else if (inet_pton(AF_INET, host.empty() ? "0.0.0.0" : host.c_str(), &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        size = sizeof(*four);
    } else {
        return bad("that is no address");
    }
    Fd fd(socket(address.sin6_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    if (!fd || setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
        bind(fd.get(), reinterpret_cast<sockaddr *>(&address), size) != 0 ||
        listen(fd.get(), 8) != 0)
        return bad(std::generic_category().message(errno));
    return fd;
}

// One answer to each who connects, whatever was asked for.
void answer(Feed &feed, int client)
{
    pollfd wanted{client, POLLIN, 0};
    char request[4096];
    if (poll(&wanted, 1, 2000) != 1 || read(client, request, sizeof(request)) <= 0)
        return;
    const auto text = read_metrics(feed);
    const std::string body = text ? *text : describe(text.error()) + "\n";
    const std::string all =
        fmt::format("HTTP/1.0 {}\r\nContent-Type: text/plain; version=0.0.4\r\n"
                    "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
                    text ? "200 OK" : "503 Service Unavailable", body.size(), body);
    // One that does not read what it asked for must not keep the others waiting.
    const timeval patience{2, 0};
    setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    std::string_view rest = all;
    while (!rest.empty()) {
        const ssize_t sent = send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        rest.remove_prefix(static_cast<std::size_t>(sent));
    }
}

Result<Exit> serve(Context &context, Feed &feed, const std::string &place)
{
    const auto socket = listen_on(place);
    if (!socket)
        return socket.error();
    Signals signals;
    context.note("listening on " + place + "... Ctrl-C ends");
    for (;;) {
        pollfd wanted[]{{socket->get(), POLLIN, 0}, {signals.fd(), POLLIN, 0}};
        if (poll(wanted, std::size(wanted), -1) < 0 && errno != EINTR)
            return system_error("cannot wait", errno);
        if (signals.take().stop)
            return Exit::done;
        const Fd client(accept4(socket->get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (client)
            answer(feed, client.get());
    }
}

Result<Exit> metrics(Context &context, const std::string &place, const std::string &path)
{
    auto feed = context.environment.open_feed({.snapshots = true});
    if (!feed)
        return std::move(feed).error();
    if (!place.empty())
        return serve(context, **feed, place);
    const auto text = read_metrics(**feed);
    if (!text)
        return text.error();
    if (path.empty()) {
        context.out.pending() += *text;
        return Exit::done;
    }
    if (auto written = write_file(path, *text); !written)
        return written.error();
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
