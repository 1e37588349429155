// SPDX-License-Identifier: GPL-2.0-only
// Fakes that replace the kernel in tests.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/command.hpp"
#include "lib/device.hpp"
#include "lib/join.hpp"
#include "lib/live_feed.hpp"
#include "policy/policy.hpp"

namespace pasid::test {

// Collects the data written to a descriptor.
class Sink {
  public:
    Sink() : fd_(memfd_create("sink", MFD_CLOEXEC)) {}
    int fd() const { return fd_.get(); }
    std::string text() const
    {
        std::string text(static_cast<std::size_t>(lseek(fd_.get(), 0, SEEK_END)), '\0');
        const ssize_t got = pread(fd_.get(), text.data(), text.size(), 0);
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return text;
    }

  private:
    Fd fd_;
};

class FakeCgroups : public Cgroups {
  public:
    std::map<std::uint64_t, std::string> known;

    std::string path(std::uint64_t id) override
    {
        if (id == 0)
            return {};
        const auto found = known.find(id);
        return found == known.end() ? removed_cgroup(id) : found->second;
    }
    void forget() override {}
    std::optional<Error> partial; // error of whole()
    Result<void> whole() override { return partial ? Result<void>(*partial) : Result<void>{}; }
    Result<std::vector<CgroupDirectory>> all() override
    {
        std::vector<CgroupDirectory> list;
        for (const auto &[id, path] : known)
            list.push_back({id, path});
        return list;
    }
    Result<std::uint64_t> id(const std::string &path) override
    {
        for (const auto &[id, known_path] : known)
            if (known_path == path)
                return id;
        return Error{"cgroup " + path, "No such file or directory", "", ENOENT, Exit::negative};
    }
    std::string domain(const std::string &path) override { return path; }
    Result<std::string> of_process(std::uint32_t pid) override
    {
        return pid == 100
                   ? Result<std::string>("/vms/a")
                   : Result<std::string>(Error{"process", "none", "", ESRCH, Exit::negative});
    }
};

// Shared by all stores that one environment opens, like the state in the kernel.
struct PolicyState {
    std::optional<InstalledPolicy> installed;
    std::vector<ioasid_node> nodes;
    std::optional<Error> refuses; // error of install()
    std::optional<Error> hidden;  // error of reading
    ioasid_engine engine{};
    int images_read = 0;
    std::function<void()> meanwhile; // runs once in install_over(): a concurrent change
};

class FakePolicyStore : public PolicyStore {
  public:
    explicit FakePolicyStore(std::shared_ptr<PolicyState> state) : state_(std::move(state)) {}

    Result<std::optional<InstalledPolicy>> installed() override
    {
        state_->images_read++;
        if (state_->hidden)
            return *state_->hidden;
        return state_->installed;
    }
    Result<std::uint64_t> version() override
    {
        return std::uint64_t{state_->installed ? state_->installed->generation : 0};
    }
    Result<void> install(ioasid_policy_image &image) override
    {
        if (state_->refuses)
            return *state_->refuses;
        InstalledPolicy next;
        const auto &now = state_->installed;
        next.generation = now ? now->generation + 1 : 1;
        policy::stamp(image, next.generation,
                      now ? now->image->first_rule_id + now->image->nr_rules : 1);
        next.image = std::make_shared<ioasid_policy_image>(image);
        next.previous = now ? now->image : nullptr;
        state_->installed = std::move(next);
        return {};
    }
    Result<bool> install_over(std::uint64_t wanted, ioasid_policy_image &image) override
    {
        if (state_->meanwhile)
            std::exchange(state_->meanwhile, nullptr)();
        if (*version() != wanted)
            return false;
        auto done = install(image);
        return done ? Result<bool>(true) : done.error();
    }
    Result<bool> remove() override
    {
        const bool was = state_->installed.has_value();
        state_->installed.reset();
        return was;
    }
    Result<void> try_load() override
    {
        return state_->refuses ? Result<void>(*state_->refuses) : Result<void>{};
    }
    Result<std::vector<ioasid_node>> nodes() override { return state_->nodes; }
    Result<std::optional<ioasid_engine>> engine() override
    {
        return state_->installed ? std::optional(state_->engine) : std::nullopt;
    }

  private:
    std::shared_ptr<PolicyState> state_;
};

// Shared like PolicyState.
struct HistoryFake {
    std::optional<HistoryState> state;
    std::optional<Error> broken; // reported as incomplete
    History history;
};

class FakeHistory : public HistoryStore {
  public:
    explicit FakeHistory(std::shared_ptr<HistoryFake> fake) : fake_(std::move(fake)) {}

    Result<std::optional<HistoryState>> state() override
    {
        return fake_->broken ? Result<std::optional<HistoryState>>(*fake_->broken) : fake_->state;
    }
    Result<std::optional<History>> read() override
    {
        if (fake_->broken)
            return *fake_->broken;
        return fake_->state ? std::optional(fake_->history) : std::optional<History>{};
    }
    Result<bool> start(std::uint32_t size) override
    {
        if (fake_->state)
            return false;
        fake_->state = HistoryState{.size = size};
        return true;
    }
    Result<bool> stop() override
    {
        const bool was = fake_->state.has_value() || fake_->broken;
        *fake_ = {};
        return was;
    }

  private:
    std::shared_ptr<HistoryFake> fake_;
};

// Walks what read() returns.
class RowsInMemory : public SnapshotSource {
  public:
    Result<void> walk_ioasids(std::uint32_t start, std::uint32_t page,
                              const TakeIoasids &take) override;
    Result<void> walk_bindings(std::uint64_t start, std::uint32_t page,
                               const TakeBindings &take) override;
};

class FakeSnapshots : public RowsInMemory {
  public:
    explicit FakeSnapshots(std::shared_ptr<RawSnapshot> raw) : raw_(std::move(raw)) {}
    Result<RawSnapshot> read(unsigned parts) override
    {
        RawSnapshot raw;
        if (parts & part_system)
            raw.system = raw_->system;
        if (parts & part_ioasids)
            raw.ioasids = raw_->ioasids;
        if (parts & part_bindings)
            raw.bindings = raw_->bindings;
        if (parts & part_processes)
            raw.sets = raw_->sets;
        if (parts & part_devices)
            raw.devices = raw_->devices;
        if (parts & part_spaces)
            raw.spaces = raw_->spaces;
        return raw;
    }

  private:
    std::shared_ptr<RawSnapshot> raw_;
};

class FakeLatencies : public LatencySource {
  public:
    explicit FakeLatencies(const Latencies &latencies) : latencies_(latencies) {}
    Latencies read() override { return latencies_; }

  private:
    Latencies latencies_;
};

// Returns the given events; the descriptor is readable while some are left.
class FakeEvents : public EventSource {
  public:
    explicit FakeEvents(std::vector<ioasid_event> events)
        : events_(events.begin(), events.end()), fd_(eventfd(events.empty() ? 0 : 1, EFD_CLOEXEC))
    {
    }
    int fd() const override { return fd_.get(); }
    Result<void> read(std::vector<ioasid_event> &out, std::size_t limit) override
    {
        for (; limit > 0 && !events_.empty(); limit--) {
            out.push_back(events_.front());
            events_.pop_front();
            lost_ += out.back().type == IOASID_EVENT_LOST ? out.back().value : 0;
        }
        return {};
    }
    std::uint64_t lost() const override { return lost_; }

  private:
    std::deque<ioasid_event> events_;
    std::uint64_t lost_ = 0;
    Fd fd_;
};

class FakeHost : public Host {
  public:
    std::map<std::string, std::string> files;
    std::map<std::string, std::uint64_t> file_systems;
    int device_error = 0;
    std::vector<AttachedProgram> programs;
    int bpf_error = 0;
    int list_error = 0;
    bool root = true;
    std::string release = "6.12.1";

    bool exists(const std::string &path) override { return files.count(path) != 0; }
    std::optional<std::string> read(const std::string &path) override
    {
        const auto found = files.find(path);
        return found == files.end() ? std::nullopt : std::optional(found->second);
    }
    std::vector<std::string> names_in(const std::string &directory) override
    {
        std::vector<std::string> names;
        for (const auto &[path, text] : files)
            if (path.rfind(directory + "/", 0) == 0)
                names.push_back(path.substr(directory.size() + 1));
        return names;
    }
    int try_list(const std::string &) override { return list_error; }
    int try_open(const std::string &) override { return device_error; }
    std::uint64_t file_system(const std::string &path) override
    {
        const auto found = file_systems.find(path);
        return found == file_systems.end() ? 0 : found->second;
    }
    bool has_capability(int) override { return root; }
    int try_bpf() override { return bpf_error; }
    std::string own_type;
    bool module_has_own_type(const std::string &name) override { return name == own_type; }
    std::string kernel_release() override { return release; }
    std::vector<AttachedProgram> attached_programs() override { return programs; }
};

// A /dev/ioasid with one device, sim0, which can access the memory of this process while bound, and
// what is mapped in the spaces that it is attached to. Threads may share it.
class FakeDevice : public IoasidDevice {
  public:
    bool open_now = false;
    bool missing = false; // the module is not loaded
    std::uint32_t next = 5;
    std::map<std::uint32_t, bool> bound; // by PASID
    int alloc_error = 0;
    bool wrong_memory = false;  // DMA transfers wrong bytes
    bool page_requests = false; // DMA to what is not mapped waits for a response
    std::size_t invalidate_fails_at = SIZE_MAX;
    std::vector<ioasid_iova_range> ranges{{0, 0xfedfffff}, {0xfef00000, 0xffffffffffff}};
    std::deque<ioasid_fault> faults;
    std::vector<std::string> calls;

    bool is_open() const override { return open_now; }
    Result<void> open() override
    {
        calls.emplace_back("open");
        if (missing)
            return system_error("open", ENOENT);
        if (open_now)
            return system_error("open", EBUSY);
        open_now = true;
        return {};
    }
    Result<void> close() override
    {
        if (!open_now)
            return system_error("close", EBADF);
        open_now = false;
        return {};
    }
    Result<std::uint32_t> api_version() override { return std::uint32_t{0}; }
    Result<ioasid_info> info() override { return ioasid_info{12, 0, 20}; }
    Result<std::uint32_t> alloc(std::uint32_t, std::uint32_t) override
    {
        if (!open_now)
            return system_error("alloc", EBADF);
        if (alloc_error)
            return system_error("alloc", alloc_error);
        bound[next] = false;
        return next++;
    }
    Result<void> free(std::uint32_t pasid) override
    {
        return bound.erase(pasid) ? Result<void>{} : system_error("free", ENOENT);
    }
    Result<void> bind(const std::string &device, std::uint32_t pasid) override
    {
        if (device != "sim0")
            return system_error("bind", ENODEV);
        if (!bound.count(pasid))
            return system_error("bind", ENOENT);
        bound[pasid] = true;
        return {};
    }
    Result<void> unbind(const std::string &, std::uint32_t pasid) override
    {
        bound[pasid] = false;
        return {};
    }
    Result<std::uint64_t> dma(const std::string &device, std::uint32_t pasid, std::uint32_t flags,
                              std::uint64_t iova, std::uint64_t length, void *data) override;
    Result<void> spid_attach(std::uint32_t, std::uint32_t spid) override
    {
        calls.push_back("spid " + std::to_string(spid));
        return {};
    }
    Result<void> spid_detach(std::uint32_t) override { return {}; }

    Result<ioasid_device_info> device_info(const std::string &device) override;
    Result<std::uint32_t> check_extension(std::uint32_t extension) override
    {
        return std::uint32_t{extension == IOASID_EXT_KINDS ? 14u : extension == IOASID_EXT_REPLACE};
    }
    Result<std::uint32_t> ioas_alloc(ioasid_ioas_alloc request) override;
    Result<void> ioas_free(std::uint32_t ioas) override;
    Result<std::uint64_t> ioas_ranges(std::uint32_t ioas, std::span<ioasid_iova_range> array,
                                      std::uint32_t &count) override;
    Result<void> map(std::uint32_t ioas, std::uint32_t flags, std::uint64_t iova,
                     std::uint64_t length, std::uint64_t address) override;
    Result<std::uint64_t> unmap(std::uint32_t ioas, std::uint64_t iova,
                                std::uint64_t length) override;
    Result<void> table_bind(std::uint32_t ioas, std::uint64_t root) override;
    Result<void> table_unbind(std::uint32_t ioas) override;
    Result<void> invalidate(std::uint32_t ioas, std::span<const ioasid_invalidate_entry> entries,
                            std::uint32_t &done) override;
    Result<void> attach(const std::string &device, std::uint32_t ioas, std::uint32_t flags,
                        std::uint32_t pasid) override;
    Result<void> detach(const std::string &device, std::uint32_t flags,
                        std::uint32_t pasid) override;
    Result<ioasid_fault> read_fault(std::chrono::milliseconds timeout) override;
    Result<void> respond(std::uint64_t request, ioasid_response response) override;

  private:
    struct Space {
        struct Mapped {
            std::uint64_t length = 0;
            std::byte *memory = nullptr;
        };
        std::map<std::uint64_t, Mapped> mappings; // by address
        std::optional<std::uint64_t> root;
    };

    std::byte *translate(std::uint32_t pasid, std::uint32_t flags, std::uint64_t iova,
                         std::uint64_t length);
    // Waits for the response.
    bool request_page(std::uint32_t pasid, std::uint64_t iova, std::unique_lock<std::mutex> &lock);

    std::mutex lock_;
    std::condition_variable changed_;
    std::map<std::uint32_t, Space> spaces_;
    // PASIDs, SPIDs and requests without PASID are told apart by the flags.
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> attached_;
    std::map<std::uint64_t, std::optional<ioasid_response>> requests_;
};

// The environment of the commands.
struct World {
    std::shared_ptr<RawSnapshot> raw = std::make_shared<RawSnapshot>();
    std::shared_ptr<PolicyState> policy = std::make_shared<PolicyState>();
    std::shared_ptr<HistoryFake> history = std::make_shared<HistoryFake>();
    std::map<std::uint64_t, std::string> cgroups{
        {1, "/"}, {10, "/vms"}, {11, "/vms/a"}, {20, "/web"}};
    std::vector<ioasid_event> events;
    Latencies latencies{};
    FakeHost host;
    std::optional<Error> no_feed;
    std::optional<Error> partial; // only part of the cgroups is visible

    std::unique_ptr<Cgroups> open_cgroups() const
    {
        auto cgroups_now = std::make_unique<FakeCgroups>();
        cgroups_now->known = cgroups;
        cgroups_now->partial = partial;
        return cgroups_now;
    }
    std::unique_ptr<LiveFeed> open_feed() const
    {
        return std::make_unique<LiveFeed>(
            std::make_unique<FakeSnapshots>(raw), std::make_unique<FakeEvents>(events),
            std::make_unique<FakePolicyStore>(policy), open_cgroups());
    }

    // Filters by numbers, as the kernel does.
    std::unique_ptr<EventSource> open_events(const EventSourceOptions &options) const;

    struct Run {
        int status = 0;
        std::string out;
        std::string messages;
    };
    Run run(std::vector<const char *> words)
    {
        Sink out, messages;
        Environment environment;
        environment.out_fd = out.fd();
        environment.error_fd = messages.fd();
        environment.open_feed = [this](const LiveFeedOptions &) -> Result<std::unique_ptr<Feed>> {
            if (no_feed)
                return *no_feed;
            return std::unique_ptr<Feed>(open_feed());
        };
        environment.open_events =
            [this](const EventSourceOptions &options) -> Result<std::unique_ptr<EventSource>> {
            if (no_feed)
                return *no_feed;
            return open_events(options);
        };
        environment.open_latencies = [this]() -> Result<std::unique_ptr<LatencySource>> {
            return std::unique_ptr<LatencySource>(std::make_unique<FakeLatencies>(latencies));
        };
        environment.open_snapshots = [this]() -> Result<std::unique_ptr<SnapshotSource>> {
            return std::unique_ptr<SnapshotSource>(std::make_unique<FakeSnapshots>(raw));
        };
        environment.open_history = [this] { return std::make_unique<FakeHistory>(history); };
        environment.open_policies = [this] { return std::make_unique<FakePolicyStore>(policy); };
        environment.open_cgroups = [this] { return open_cgroups(); };
        environment.open_host = [this] { return std::make_unique<FakeHost>(host); };
        words.insert(words.begin(), "pasidctl");
        const int status =
            run_command_line(static_cast<int>(words.size()), words.data(), environment);
        return {status, out.text(), messages.text()};
    }
};

ioasid_row make_row(std::uint32_t pasid, std::uint64_t cgroup, std::uint32_t pid, const char *comm,
                    ioasid_state state = IOASID_STATE_IDLE);
ioasid_set_row make_set(std::uint64_t id, std::uint64_t cgroup, std::uint32_t pid, const char *comm,
                        std::uint32_t pasids);
ioasid_event make_event(ioasid_event_type type, std::uint64_t seq);
ioasid_space_row make_space(std::uint64_t number, const ioasid_set_row &owner, std::uint32_t ioas,
                            ioasid_kind kind);
// Three PASIDs, one of them bound, and a policy with two rules.
World small_world();
// Adds three I/O address spaces of two processes; a device is attached to two of them.
void add_spaces(World &world);

inline constexpr const char *small_policy = "version: 1\n"
                                            "defaults:\n"
                                            "  max: 2\n"
                                            "rules:\n"
                                            "  - name: vms\n"
                                            "    cgroup: /vms\n"
                                            "    max: 3\n"
                                            "  - name: watch\n"
                                            "    cgroup: /web\n"
                                            "    max: 1\n"
                                            "    mode: audit\n";
void install(World &world, const char *yaml);

} // namespace pasid::test
