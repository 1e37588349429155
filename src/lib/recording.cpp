// SPDX-License-Identifier: GPL-2.0
#include "lib/recording.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>
#include <unordered_map>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "lib/fd.hpp"

namespace pasid {

namespace {

constexpr std::array<char, 8> magic{'p', 'a', 's', 'i', 'd', 't', 'r', 'c'};
constexpr std::uint32_t version = 1;

struct Header {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t event_bytes; // sizeof(struct ioasid_event)
    std::uint64_t wall_offset_ns;
};

// What a block has in it.
enum Kind : std::uint32_t {
    kind_events = 1, // struct ioasid_event, one after the other
    kind_cgroup,     // 8 bytes id, the name
    kind_device,
    kind_rule,
    kind_stack, // of the one event in the next block: lines "k FRAME", "u FRAME"
    kind_end,
};

struct Block {
    std::uint32_t kind;
    std::uint32_t bytes;
};

constexpr std::uint32_t most_bytes = 64u << 20; // more is no block of ours

template <class T> void put(std::string &out, const T &value)
{
    out.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

std::string lines_of(const EventStack &stack)
{
    std::string lines;
    for (const std::string &frame : stack.kernel)
        lines += "k " + frame + "\n";
    for (const std::string &frame : stack.user)
        lines += "u " + frame + "\n";
    return lines;
}

EventStack stack_of(const std::string &lines)
{
    EventStack stack;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);)
        if (line.size() > 2)
            (line[0] == 'k' ? stack.kernel : stack.user).push_back(line.substr(2));
    return stack;
}

class RecordedNames : public EventNames {
  public:
    std::unordered_map<std::uint64_t, std::string> cgroups;
    std::unordered_map<std::uint32_t, std::string> devices, rules;
    std::uint64_t offset_ns = 0;

    const std::string &cgroup(std::uint64_t id) override { return cgroups[id]; }
    const std::string &device(std::uint32_t id) override { return devices[id]; }
    std::optional<std::string> rule(std::uint32_t id) override
    {
        const auto found = rules.find(id);
        return found == rules.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<std::uint32_t> device_id(const std::string &) override { return std::nullopt; }
    std::uint64_t wall_offset_ns() override { return offset_ns; }
};

class FileReplay : public Replay {
  public:
    explicit FileReplay(std::string path) : path_(std::move(path)) {}

    Result<void> open()
    {
        file_.reset(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file_)
            return bad(std::generic_category().message(errno));
        Header header{};
        if (auto filled = fill(sizeof(header)); !filled)
            return filled.error();
        if (waiting().size() >= sizeof(header))
            take(&header, sizeof(header));
        if (header.magic != magic)
            return bad("it is no recording of pasidctl trace");
        if (header.version != version || header.event_bytes != sizeof(ioasid_event))
            return bad("it was recorded by another version of pasidctl");
        names_.offset_ns = header.wall_offset_ns;
        return {};
    }

    int fd() const override { return -1; }
    std::uint64_t lost() const override { return lost_; }
    std::span<const EventStack> stacks() const override { return stacks_; }
    EventNames &names() override { return names_; }
    bool at_end() const override { return at_end_; }
    bool cut_off() const override { return cut_off_; }

    Result<void> read(std::vector<ioasid_event> &out, std::size_t limit) override
    {
        stacks_.clear();
        const std::size_t before = out.size();
        while (!at_end_ && out.size() - before < limit) {
            if (events_left_ > 0) {
                if (auto read = read_events(out, limit - (out.size() - before)); !read)
                    return read;
            } else if (auto read = read_block(); !read) {
                return read;
            }
        }
        if (stacks_.size() < out.size() - before && !stacks_.empty())
            stacks_.resize(out.size() - before);
        return {};
    }

  private:
    Error bad(std::string why) const
    {
        return Error{"cannot replay " + path_, std::move(why), "", 0, Exit::usage};
    }

    std::string_view waiting() const { return std::string_view(buffer_).substr(at_); }

    // At least @size bytes wait, or the file is at its end.
    Result<void> fill(std::size_t size)
    {
        if (waiting().size() >= size)
            return {};
        buffer_.erase(0, at_);
        at_ = 0;
        const std::size_t wanted = std::max<std::size_t>(size, 1u << 20);
        while (buffer_.size() < size) {
            const std::size_t have = buffer_.size();
            buffer_.resize(wanted);
            const ssize_t got = ::read(file_.get(), buffer_.data() + have, wanted - have);
            buffer_.resize(have + (got > 0 ? static_cast<std::size_t>(got) : 0));
            if (got < 0 && errno != EINTR)
                return bad(std::generic_category().message(errno));
            if (got == 0)
                break;
        }
        return {};
    }

    void take(void *to, std::size_t size)
    {
        std::memcpy(to, buffer_.data() + at_, size);
        at_ += size;
    }

    Result<void> ends(bool cut)
    {
        at_end_ = true;
        cut_off_ = cut;
        return {};
    }

    Result<void> read_block()
    {
        Block block{};
        if (auto filled = fill(sizeof(block)); !filled)
            return filled;
        if (waiting().size() < sizeof(block))
            return ends(true);
        take(&block, sizeof(block));
        if (block.bytes > most_bytes)
            return bad("it is damaged");
        if (block.kind == kind_events) {
            events_left_ = block.bytes / sizeof(ioasid_event);
            return {};
        }
        if (auto filled = fill(block.bytes); !filled)
            return filled;
        if (waiting().size() < block.bytes)
            return ends(true);
        const std::string content(waiting().substr(0, block.bytes));
        at_ += block.bytes;
        if (block.kind == kind_end)
            return ends(false);
        return learn(block.kind, content);
    }

    // Kinds that a later version added are passed over.
    Result<void> learn(std::uint32_t kind, const std::string &content)
    {
        if (kind == kind_stack) {
            stack_ = stack_of(content);
            return {};
        }
        if (kind != kind_cgroup && kind != kind_device && kind != kind_rule)
            return {};
        std::uint64_t id = 0;
        if (content.size() < sizeof(id))
            return bad("it is damaged");
        std::memcpy(&id, content.data(), sizeof(id));
        const std::string name = content.substr(sizeof(id));
        if (kind == kind_cgroup)
            names_.cgroups[id] = name;
        else
            (kind == kind_device ? names_.devices : names_.rules)[static_cast<std::uint32_t>(id)] =
                name;
        return {};
    }

    Result<void> read_events(std::vector<ioasid_event> &out, std::size_t limit)
    {
        if (auto filled = fill(sizeof(ioasid_event)); !filled)
            return filled;
        const std::size_t count =
            std::min({limit, events_left_, waiting().size() / sizeof(ioasid_event)});
        if (count == 0)
            return ends(true);
        const std::size_t before = out.size();
        out.resize(before + count);
        take(&out[before], count * sizeof(ioasid_event));
        events_left_ -= count;
        for (std::size_t i = before; i < out.size(); i++)
            if (out[i].type == IOASID_EVENT_LOST)
                lost_ += out[i].value;
        if (stack_) {
            stacks_.resize(before);
            stacks_.push_back(std::move(*stack_));
            stack_.reset();
        }
        return {};
    }

    std::string path_;
    Fd file_;
    std::string buffer_;
    std::size_t at_ = 0;
    std::size_t events_left_ = 0; // of the block that is being read
    bool at_end_ = false, cut_off_ = false;
    std::uint64_t lost_ = 0;
    RecordedNames names_;
    std::optional<EventStack> stack_;
    std::vector<EventStack> stacks_;
};

} // namespace

Recorder::Recorder(std::string &out, EventNames &names) : out_(out), names_(names)
{
    put(out_, Header{magic, version, sizeof(ioasid_event), names_.wall_offset_ns()});
}

void Recorder::block(std::uint32_t kind, std::size_t bytes)
{
    put(out_, Block{kind, static_cast<std::uint32_t>(bytes)});
}

void Recorder::name(std::uint32_t kind, std::uint64_t id, const std::string &name)
{
    block(kind, sizeof(id) + name.size());
    put(out_, id);
    out_.append(name);
}

void Recorder::learn_cgroup(std::uint64_t id)
{
    last_cgroup_ = id;
    if (id != 0 && cgroups_.insert(id).second)
        name(kind_cgroup, id, names_.cgroup(id));
}

void Recorder::learn(const ioasid_event &event)
{
    if (event.cgroup_id != last_cgroup_)
        learn_cgroup(event.cgroup_id);
    if (event.other_cgroup_id != 0)
        learn_cgroup(event.other_cgroup_id);
    if (event.device != 0 && devices_.insert(event.device).second)
        name(kind_device, event.device, names_.device(event.device));
    if (event.rule != 0 && !rules_.contains(event.rule))
        if (const auto rule = names_.rule(event.rule)) {
            rules_.insert(event.rule);
            name(kind_rule, event.rule, *rule);
        }
}

std::string_view Recorder::add(std::span<const ioasid_event> events)
{
    if (events.empty())
        return {};
    for (const ioasid_event &event : events)
        learn(event);
    block(kind_events, events.size_bytes());
    return {reinterpret_cast<const char *>(events.data()), events.size_bytes()};
}

void Recorder::add(std::span<const ioasid_event> events, std::span<const EventStack> stacks)
{
    for (std::size_t i = 0; i < events.size(); i++) {
        const std::string lines = lines_of(stacks[i]);
        block(kind_stack, lines.size());
        out_.append(lines);
        out_.append(add(events.subspan(i, 1)));
    }
}

void Recorder::end() { block(kind_end, 0); }

Result<std::unique_ptr<Replay>> open_recording(const std::string &path)
{
    auto replay = std::make_unique<FileReplay>(path);
    if (auto opened = replay->open(); !opened)
        return opened.error();
    return std::unique_ptr<Replay>(std::move(replay));
}

} // namespace pasid
