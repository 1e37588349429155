// SPDX-License-Identifier: GPL-2.0-only
#include "lib/recording.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <sstream>
#include <unordered_map>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "lib/fd.hpp"
#include "model/names.hpp"

namespace pasid {

using namespace recording;

namespace {

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
            return bad("not a pasidctl trace recording");
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
        if (renamed_)
            names_.rules[renamed_->first] = std::move(renamed_->second);
        renamed_.reset();
        const std::size_t before = out.size();
        while (!at_end_ && !renamed_ && out.size() - before < limit) {
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

    // Reads until at least @size bytes are available or the file ends.
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
        if (block.bytes > max_bytes)
            return bad("the file is damaged");
        if (block.kind == kind_events)
            return begin_events(block.bytes);
        if (auto filled = fill(block.bytes); !filled)
            return filled;
        if (waiting().size() < block.bytes)
            return ends(true);
        const std::string content(waiting().substr(0, block.bytes));
        at_ += block.bytes;
        if (block.kind == kind_end)
            return ends(false);
        return read_name_block(block.kind, content);
    }

    // Skips kinds that a later version added.
    Result<void> read_name_block(std::uint32_t kind, const std::string &content)
    {
        if (kind == kind_stack) {
            stack_ = stack_of(content);
            return {};
        }
        if (kind != kind_cgroup && kind != kind_device && kind != kind_rule &&
            kind != kind_event_type)
            return {};
        std::uint64_t id = 0;
        if (content.size() < sizeof(id))
            return bad("the file is damaged");
        std::memcpy(&id, content.data(), sizeof(id));
        const auto short_id = static_cast<std::uint32_t>(id);
        std::string name = content.substr(sizeof(id));
        if (kind == kind_event_type)
            event_types_[id] = std::move(name);
        else if (kind == kind_cgroup)
            names_.cgroups[id] = std::move(name);
        else if (kind == kind_device)
            names_.devices[short_id] = std::move(name);
        else if (!names_.rules.emplace(short_id, name).second)
            renamed_.emplace(short_id, std::move(name));
        return {};
    }

    // Translates the event type by name: its number may differ in another version, or be unknown.
    Result<void> translate(ioasid_event &event) const
    {
        const auto name = event_types_.find(event.type);
        if (name == event_types_.end())
            return bad("the file is damaged");
        const auto type = event_type(name->second);
        if (!type)
            return bad("this version of pasidctl does not support its events `" + name->second +
                       "`: use the version that recorded it");
        event.type = static_cast<__u16>(*type);
        return {};
    }

    Result<void> begin_events(std::size_t bytes)
    {
        if (bytes % sizeof(ioasid_event))
            return bad("the file is damaged");
        events_left_ = bytes / sizeof(ioasid_event);
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
        for (ioasid_event &event : std::span(out).subspan(before)) {
            if (auto known = translate(event); !known)
                return known;
            if (event.type == IOASID_EVENT_LOST)
                lost_ += event.value;
        }
        events_left_ -= count;
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
    std::size_t events_left_ = 0; // of the current block
    bool at_end_ = false, cut_off_ = false;
    std::uint64_t lost_ = 0;
    RecordedNames names_;
    std::map<std::uint64_t, std::string> event_types_;
    // New name for a rule ID that an earlier policy used; not applied to events that are already
    // read.
    std::optional<std::pair<std::uint32_t, std::string>> renamed_;
    std::optional<EventStack> stack_;
    std::vector<EventStack> stacks_;
};

} // namespace

Result<std::unique_ptr<Replay>> open_recording(const std::string &path)
{
    auto replay = std::make_unique<FileReplay>(path);
    if (auto opened = replay->open(); !opened)
        return opened.error();
    return std::unique_ptr<Replay>(std::move(replay));
}

} // namespace pasid
