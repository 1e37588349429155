// SPDX-License-Identifier: GPL-2.0-only
#include "record/recording_feed.hpp"

#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "lib/replace_file.hpp"

namespace pasid {

namespace {

constexpr std::uint32_t key_every = 60;            // frames per key frame
constexpr std::size_t max_events = 20'000;         // per frame
constexpr std::size_t max_recorded_ioasids = 8192; // a larger system's first rows

std::string size_text(std::uint64_t bytes)
{
    return bytes < 1'000'000 ? fmt::format("{:.0f} kB", static_cast<double>(bytes) / 1e3)
                             : fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

} // namespace

Result<Recording> Recording::create(const std::string &path)
{
    Fd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd) {
        Error error = system_error("cannot record to " + path, errno);
        error.exit = Exit::usage;
        return error;
    }
    Recording recording(std::move(fd), path);
    std::vector<std::uint8_t> header(record::header_size);
    std::memcpy(header.data(), record::magic, sizeof(record::magic));
    std::memcpy(header.data() + sizeof(record::magic), &record::version, sizeof(record::version));
    if (auto written = recording.write_whole(header); !written)
        return written.error();
    return recording;
}

// On a write error, truncates the file to its last complete frame.
Result<void> Recording::write_whole(std::span<const std::uint8_t> bytes)
{
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    if (const int err = write_all(fd_.get(), text); err != 0) {
        Error error = system_error("cannot record to " + path_, err);
        error.exit = Exit::usage;
        if (ftruncate(fd_.get(), static_cast<off_t>(bytes_)) != 0)
            error.why += "; the file may end with a partial frame";
        return error;
    }
    bytes_ += bytes.size();
    return {};
}

Result<void> Recording::add(const record::Frame &frame)
{
    return write_whole(encoder_.encode(frame, frames_++ % key_every == 0));
}

void RecordingFeed::set_window(const IoasidWindow &)
{
    // A replay may show other rows than the current view.
    feed_.set_window({.limit = max_recorded_ioasids});
}

Result<Snapshot> RecordingFeed::snapshot(unsigned parts)
{
    if (failure_)
        return feed_.snapshot(parts);
    auto snapshot = feed_.snapshot(part_all);
    if (!snapshot)
        return snapshot;
    record::Frame frame{std::move(*snapshot), std::move(events_)};
    events_.clear();
    if (auto added = recording_.add(frame); !added)
        failure_ = added.error();
    return std::move(frame.snapshot);
}

Result<void> RecordingFeed::events(std::vector<Event> &out, std::size_t limit)
{
    const std::size_t before = out.size();
    auto result = feed_.events(out, limit);
    for (std::size_t i = before; !failure_ && i < out.size() && events_.size() < max_events; i++)
        events_.push_back(out[i]);
    return result;
}

FeedNote RecordingFeed::note() const
{
    if (failure_)
        return {describe(*failure_), true};
    return {"REC " + size_text(recording_.bytes()), false};
}

} // namespace pasid
