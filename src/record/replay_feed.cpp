// SPDX-License-Identifier: GPL-2.0-only
#include "record/replay_feed.hpp"

#include <algorithm>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/fd.hpp"

namespace pasid {

namespace {

Error bad_file(const std::string &path, std::string why, std::string remedy = {})
{
    return {"cannot replay " + path, std::move(why), std::move(remedy), 0, Exit::usage};
}

} // namespace

Result<std::unique_ptr<ReplayFeed>> ReplayFeed::open(const std::string &path)
{
    const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!fd || fstat(fd.get(), &status) != 0)
        return bad_file(path, system_error("", errno).why);
    if (!S_ISREG(status.st_mode))
        return bad_file(path, "not a regular file");
    auto feed = std::make_unique<ReplayFeed>();
    if (status.st_size > 0) {
        auto mapped = Mapping::of_fd(fd.get(), static_cast<std::size_t>(status.st_size), PROT_READ);
        if (!mapped)
            return std::move(mapped).error();
        feed->file_ = std::move(*mapped);
    }
    if (auto indexed = feed->index(path); !indexed)
        return indexed.error();
    if (auto loaded = feed->load(); !loaded)
        return bad_file(path, loaded.error().why);
    return feed;
}

// Reads only the frame headers, so that long recordings open quickly.
Result<void> ReplayFeed::index(const std::string &path)
{
    const auto bytes = file_.as<const std::uint8_t>();
    const char *not_ours = "not a pasidctl top recording";
    if (bytes.size() < record::header_size ||
        std::memcmp(bytes.data(), record::magic, sizeof(record::magic)) != 0)
        return bad_file(path, bytes.empty() ? "the file is empty" : not_ours,
                        "create one: pasidctl top --record FILE");
    std::uint32_t version = 0;
    std::memcpy(&version, bytes.data() + sizeof(record::magic), sizeof(version));
    if (version != record::version)
        return bad_file(path, fmt::format("unsupported format version {}", version),
                        "use the pasidctl version that made it");

    std::size_t at = record::header_size;
    while (bytes.size() - at >= record::frame_header_size) {
        record::FrameHeader head;
        std::memcpy(&head, bytes.data() + at, sizeof(head));
        at += record::frame_header_size;
        if (head.bytes == 0 || head.bytes > bytes.size() - at)
            break;
        // Frames before the first key frame cannot be decoded.
        if (head.is_key || !locations_.empty())
            locations_.push_back({at, head.bytes, head.is_key != 0, head.wall_ns});
        at += head.bytes;
    }
    complete_ = at == bytes.size();
    if (locations_.empty())
        return bad_file(path, "it has no complete frame", "the recording was cut off at its start");
    return {};
}

// Continues from the last decoded frame if possible, else starts at the key frame before the wanted
// one.
Result<void> ReplayFeed::load()
{
    if (decoded_ == position_)
        return {};
    std::size_t next = position_;
    while (!locations_[next].is_key)
        next--;
    if (decoded_ < position_ && decoded_ != none && decoded_ >= next)
        next = decoded_ + 1;
    for (; next <= position_; next++) {
        const FrameLocation &location = locations_[next];
        auto frame =
            decoder_.decode(file_.as<const std::uint8_t>().subspan(location.offset, location.bytes),
                            location.is_key);
        decoded_ = frame ? next : none;
        if (!frame)
            return std::move(frame).error();
        frame_ = std::move(*frame);
    }
    return {};
}

void ReplayFeed::go_to(std::size_t frame)
{
    frame = std::min(frame, locations_.size() - 1);
    if (frame == position_)
        return;
    position_ = frame;
    events_returned_ = false;
}

Result<Snapshot> ReplayFeed::snapshot(unsigned)
{
    if (auto loaded = load(); !loaded)
        return loaded.error();
    return frame_.snapshot;
}

Result<void> ReplayFeed::events(std::vector<Event> &out, std::size_t)
{
    if (events_returned_)
        return {};
    if (auto loaded = load(); !loaded)
        return loaded;
    out.insert(out.end(), frame_.events.begin(), frame_.events.end());
    events_returned_ = true;
    return {};
}

FeedNote ReplayFeed::note() const
{
    return {fmt::format("{}/{}{}", position_ + 1, locations_.size(), complete_ ? "" : ", cut off"),
            false};
}

} // namespace pasid
